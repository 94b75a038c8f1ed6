"""How mail is doing: on the coordinator's page, for Prometheus, and in red above every page when it stands still."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from app import clock
from app.db import db
from app.mail.figures import figures, standstill
from app.mail.sending_models import MailDestination, WorkerBeat
from app.people.models import Person
from app.web.banners import Lately
from tests import factories
from tests.mail.letters_sent import letter, sent
from tests.test_query_counts import statements

LogIn = Callable[[Person], FlaskClient]
ZONE = "Asia/Almaty"
MINUTE = timedelta(minutes=1)


def beat(at: datetime, *, started_at: datetime | None = None) -> WorkerBeat:
    row: WorkerBeat = factories.saved(WorkerBeat(host="a", pid=1, started_at=started_at or at, at=at))
    return row


def pause(domain: str, *, until: datetime, answer: str = "454 TLS not available") -> None:
    factories.saved(
        MailDestination(domain=domain, failures=1, since=until - MINUTE, paused_until=until, code=454, answer=answer)
    )


@pytest.fixture
def metrics_token(app: Flask) -> Iterator[str]:
    """The setting, for one test."""
    before = app.config["TORANGY"]
    app.config["TORANGY"] = replace(before, metrics_token="a-token-for-tests")
    yield "a-token-for-tests"
    app.config["TORANGY"] = before


def test_letters_are_counted_by_what_becomes_of_them(app: Flask):
    now = datetime(2030, 5, 18, 10, 0, tzinfo=clock.now().tzinfo)
    waits = letter("waits", now=now - 3 * MINUTE, priority=2)
    letter("later", now=now - 9 * MINUTE, due_at=now + MINUTE)
    letter("hand", now=now, status="sending", lease="x", lease_until=now + MINUTE, due_at=now + MINUTE)
    letter("failed", now=now, status="failed")
    letter("gone", now=now - MINUTE, status="cancelled", cancelled_at=now)
    sent("today", at=now - MINUTE, not_before=now - 2 * MINUTE)
    sent("night", at=now.replace(hour=0) - timedelta(hours=5, seconds=1))
    sent("morning", at=now.replace(hour=0) - timedelta(hours=4))
    found = figures(now, timezone=ZONE)
    assert (found.queued, found.sending, found.sent_today, found.failed) == (2, 1, 2, 1)
    assert found.oldest_at == waits.due_at
    assert found.lag is not None and (found.lag.half, found.lag.longest) == (0, 60)


def test_an_empty_outbox_has_no_oldest_and_no_lag(app: Flask):
    found = figures(clock.now(), timezone=ZONE)
    assert (found.queued, found.oldest_at, found.lag, found.paused, found.beat_at) == (0, None, None, [], None)
    assert standstill(clock.now()) is None


def test_mail_stands_still_when_the_oldest_is_due_for_over_ten_minutes(app: Flask):
    now = clock.now()
    mail = letter("m", now=now - 10 * MINUTE, priority=0)
    assert standstill(now) is None
    found = standstill(now + timedelta(seconds=1))
    assert found is not None and (found.why, found.since) == ("late", mail.due_at)


def test_much_that_is_due_is_no_standstill_while_letters_leave_or_their_sender_has_just_begun(app: Flask):
    now = clock.now()
    letter("m", now=now - timedelta(days=2))
    assert standstill(now) is not None
    beat(now, started_at=now - 9 * MINUTE)
    assert standstill(now) is None
    assert standstill(now + 2 * MINUTE) is not None
    sent("s", at=now - MINUTE)
    assert standstill(now + 2 * MINUTE) is None


def test_mail_stands_still_without_a_sign_of_life_for_three_minutes(app: Flask):
    now = clock.now()
    beat(now - 20 * MINUTE)
    beat(now - 3 * MINUTE)
    assert standstill(now) is None
    found = standstill(now + timedelta(seconds=1))
    assert found is not None and (found.why, found.since) == ("worker", now - 3 * MINUTE)


@pytest.mark.full
def test_the_words_of_a_paused_line_stand_in_red_above_a_coordinators_pages(app: Flask, log_in: LogIn):
    nurlan, aigul = factories.employee(), factories.coordinator()
    pause("gmail.com", until=clock.now() + MINUTE, answer="421 too many")
    assert "421 too many" not in log_in(aigul).get("/planning").text, "others still get theirs"
    pause("", until=clock.now() + MINUTE, answer="certificate <expired>")
    page = log_in(aigul).get("/planning").text
    assert "certificate &lt;expired&gt;" in page and "flash-stop" in page
    assert "certificate" not in log_in(nurlan).get("/my").text
    assert "certificate" not in app.test_client().get("/").text
    outbox = log_in(aigul).get("/mail").text
    assert "421 too many" in outbox and "gmail.com" in outbox


def test_the_banner_costs_employees_nothing_and_coordinators_one_question(app: Flask, log_in: LogIn):
    nurlan, aigul = log_in(factories.employee()), log_in(factories.coordinator())
    for browser, asked in ((nurlan, 0), (aigul, 1)):
        db.session.remove()
        with statements() as heard:
            assert browser.get("/help").status_code == 200
        assert len([said for said in heard if "worker_beats" in said]) == asked


def test_an_answer_is_kept_for_some_seconds_and_no_longer():
    asked: list[datetime] = []
    now = clock.now()
    lately = Lately(lambda at: asked.append(at) or len(asked), seconds=15)  # type: ignore[func-returns-value]
    answers = [lately(now + timedelta(seconds=seconds)) for seconds in (0, 14.9, 15, 20, 10)]
    assert answers == [1, 1, 2, 2, 3], "a clock that was set back asks anew"


def test_prometheus_reads_the_same_figures(app: Flask, client: FlaskClient):
    now = clock.now()
    letter("waits", now=now - 5 * MINUTE)
    letter("failed", status="failed")
    sent("sent", at=now, not_before=now - MINUTE)
    pause("gmail.com", until=now + 2 * MINUTE)
    beat(now)
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.mimetype == "text/plain"
    read = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert read["torangy_mails", "queued"] == read["torangy_mails", "failed"] == 1
    assert read["torangy_mails", "sending"] == 0
    assert 300 <= read["torangy_mail_oldest_waiting_seconds",] < 400
    assert read["torangy_mail_lag_seconds", "0.95"] == 60
    assert 60 < read["torangy_mail_paused_seconds", "gmail.com"] <= 120
    assert read["torangy_mail_worker_seen_seconds",] < 60
    openmetrics = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert openmetrics.mimetype == "application/openmetrics-text" and openmetrics.text.endswith("# EOF\n")


def test_figures_are_for_this_machine_alone_unless_there_is_a_token(app: Flask, client: FlaskClient):
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404, "a proxy speaks for all"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 404),
        ("Bearer a-token-for-tests", 200),
        ("Bearer wrong", 404),
        ("Bearer құпия", 404),
        ("Basic a-token-for-tests", 404),
        ("", 404),
    ],
)
def test_with_a_token_everybody_needs_it(client: FlaskClient, metrics_token: str, header: str | None, status: int):
    headers = {"Authorization": header} if header is not None else {}
    for place in ("127.0.0.1", "10.0.0.7"):
        answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": place})
        assert answer.status_code == status


def test_the_outbox_page_shows_the_figures(app: Flask, log_in: LogIn):
    for number in range(3):
        letter(f"q{number}")
    letter("failed", status="failed")
    page = log_in(factories.coordinator()).get("/mail").text
    shown = [part.partition("<")[0].strip() for part in page.split('<dd class="fig">')[1:]]
    assert shown == ["3", "0", "0", "1"]
