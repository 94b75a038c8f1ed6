"""Every route says what each role gets: the table in access.txt. A route that is missing there fails, and so does a
status that differs. Aigul coordinates Balkhash, where everything here happens; Zhan coordinates Zhezkazgan."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.access_world import make_world
from tests.conftest import all_rows, put_back

TABLE = Path(__file__).with_name("access.txt")
ROLES = ("stranger", "stan", "nurlan", "aigul", "zhan", "keeper", "safety", "admin")
# Everybody is asked in every full run; the quick one asks for whom most doors are closed.
QUICK = ("stan", "nurlan")
# Files, and pages of the embedded mailbox and the styleguide that only a demo serves, are open to whoever reaches them.
LEFT_OUT = {"static"}


def rows() -> Iterator[tuple[str, str, dict[str, int]]]:
    """(method, address, {role: status}) of the table."""
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            method, address, *statuses = line.split()
            yield method, address, dict(zip(ROLES, map(int, statuses), strict=True))


def all_routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in LEFT_OUT
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_stands_in_the_table_and_no_other(app: Flask):
    stated, real = {(method, address) for method, address, _ in rows()}, all_routes(app)
    assert real - stated == set(), "state what each role gets in tests/access.txt"
    assert stated - real == set(), "these are gone: remove them from tests/access.txt"


def test_every_page_carries_a_gate(app: Flask):
    ungated = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in LEFT_OUT and not rule.rule.startswith("/api/")
        if not hasattr(app.view_functions[rule.endpoint], "gate")
    ]
    assert not ungated, f"mark these with a gate of app.web.access: {ungated}"


@pytest.mark.parametrize(
    "role", [role if role in QUICK else pytest.param(role, marks=pytest.mark.slow) for role in ROLES]
)
@pytest.mark.full
def test_each_route_answers_this_role_as_stated(role: str, app: Flask, log_in):
    world, wrong = make_world(), []
    as_made = all_rows()
    for method, address, statuses in rows():
        token = world.token(role) if address.startswith("/api/") else None
        client = app.test_client() if token else world.client(role, app, log_in)
        status = ask(client, method, world.filled(address), token=token)
        if method != "GET" and status < 400:
            # It changed something: the next route starts from the same world again.
            put_back(as_made)
        if status != statuses[role]:
            wrong.append(f"{method} {address}: {status}, stated {statuses[role]}")
    assert not wrong, "\n".join(wrong)


def ask(client: FlaskClient, method: str, address: str, *, token: str | None = None) -> int:
    """The status of an empty request, as somebody who probes would send it; programs send their token and {}."""
    if token:
        headers = {"Authorization": f"Bearer {token}"}
        return client.open(address, method=method, json={} if method != "GET" else None, headers=headers).status_code
    return client.open(address, method=method, data={} if method != "GET" else None).status_code
