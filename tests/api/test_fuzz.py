"""Whatever is sent: no 500, and every answer is of the shape that the document promises. Short and always the same."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests import factories

CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]


@pytest.mark.slow
def test_nothing_that_is_sent_breaks_us(app: Flask, program: Any, subtests: pytest.Subtests) -> None:
    admin = program(factories.admin())
    event, nurlan = factories.event(), factories.employee()
    place = factories.place(event, nurlan)
    known = {"event_id": event.id, "signup_id": place.signup_id, "programme_id": event.programme_id}
    statuses: Counter[int] = Counter()
    for operation in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        with subtests.test(operation.ok().label):
            send_much(operation.ok(), admin.headers, known, statuses)
    assert {200, 201, 404, 422} <= set(statuses), "the fuzzer should get through and be refused"


def send_much(operation: Any, headers: dict[str, str], known: dict[str, str], statuses: Counter[int]) -> None:
    """Twenty requests, right and wrong ones, half of them about rows that exist."""
    wrong = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.one_of(operation.as_strategy(), wrong),
        st.booleans(),
    )
    def sent(case: Any, ours: bool) -> None:
        if ours and case.path_parameters:
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        # schemathesis reads the body as it came over the line, so it must not be packed.
        answer = case.call(headers={**headers, "Accept-Encoding": "identity"})
        statuses[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    sent()
