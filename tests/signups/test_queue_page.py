"""The queue explains itself: position, rule, why not yet, every move; to the family and to the coordinator."""

from datetime import timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event

from app import clock
from app.db import db, transaction
from app.signups.line import log_move
from app.signups.models import SignUp
from app.signups.moves import hold_reason
from app.signups.operations import cancel_signup
from app.signups.queue_queries import line_of, picture_of
from tests import factories
from tests.signups.parties import NOON, party
from tests.signups.test_signing_up import acting


@pytest.fixture(autouse=True)
def _noon(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def crowd(count: int, prefix: str = "Кезек"):
    return [factories.employee(f"{prefix}{number}") for number in range(count)]


def test_nurlan_reads_his_position_the_rule_and_why_no_seat_is_his(log_in):
    first, second, nurlan = *crowd(2), factories.employee(language="en")
    event = factories.event(capacity=1, promotion="late-offer", pass_limit=3)
    party(event, factories.employee("Отырған"), status="confirmed")
    party(event, first, second)
    mine = party(event, nurlan)
    page = log_in(nurlan).get(f"/signups/{mine.id}/queue").text.replace("\xa0", " ")
    assert '<p class="pos">3</p>' in page
    assert "2 people are ahead of you" in page
    assert "No seat is free." in page
    assert "passed over by at most 3 others" in page
    assert "Until Friday, 17 May 2030, 09:00 the seat is yours at once" in page
    assert "The seat is kept for you for 2 hours" in page and "From 22:00 to 08:00 nobody is asked" in page
    assert "Joined the queue as number 3." in page


@pytest.mark.parametrize(
    ("promotion", "sentence"),
    [
        ("at-once", "The seat is yours at once; a letter brings the ticket."),
        ("offer", "The seat is kept for you for 2"),
    ],
)
def test_the_page_states_how_promotion_happens_here(log_in, promotion: str, sentence: str):
    nurlan = factories.employee(language="en")
    event = factories.event(promotion=promotion, approval="manager", pass_limit=0)
    mine = party(event, nurlan)
    page = log_in(nurlan).get(f"/signups/{mine.id}/queue").text
    assert sentence in page
    assert "Nobody is passed over" in page
    assert "Your manager is then asked" in page


def test_each_move_stands_there_with_time_and_reason(log_in):
    leaver, nurlan = factories.employee("Кетуші"), factories.employee(language="en")
    event = factories.event(capacity=1, promotion="at-once")
    seated = party(event, factories.employee("Отырған"), status="confirmed")
    ahead, mine = party(event, leaver), party(event, nurlan)
    cancel_signup(ahead, now=NOON + timedelta(hours=1), actor=acting(leaver))
    page = log_in(nurlan).get(f"/signups/{mine.id}/queue").text
    assert "Moved up from 2 to 1." in page and "Reason: somebody cancelled." in page and "13:00" in page
    assert "Кетуші" not in page, "who else waits is nobody's business"
    cancel_signup(seated, now=NOON + timedelta(hours=2), actor=acting(seated.leader))
    page = log_in(nurlan).get(f"/signups/{mine.id}/queue").text
    assert "1 person got a seat." in page and "14:00" in page


def test_a_party_that_never_waited_is_told_so(log_in):
    nurlan, event = factories.employee(language="en"), factories.event()
    mine = party(event, nurlan, status="confirmed")
    assert "Signed up; there was a seat." in log_in(nurlan).get(f"/signups/{mine.id}/queue").text


def test_the_list_gives_the_same_reasons_as_each_partys_own_page():
    four, two, one = crowd(4), crowd(2, "Екі"), crowd(1, "Бір")
    huge = crowd(6, "Көп")
    event = factories.event(capacity=5, pass_limit=0)
    party(event, *crowd(2, "Отырған"), status="confirmed")
    rows = [party(event, *people) for people in (huge, four, two, one)]
    found = {line.signup.id: line.held for line in line_of(event, now=NOON).items}
    assert list(found.values()) == ["too-large-for-event", "too-large", "kept-for-first", "kept-for-first"]
    for now in (NOON, event.starts_at, event.starts_at - timedelta(hours=8)):
        found = {line.signup.id: line.held for line in line_of(event, now=now).items}
        assert found == {row.id: hold_reason(event, row, now=now) for row in rows}


def test_aigul_sees_the_whole_line_with_positions_and_what_happened(log_in):
    aigul = factories.coordinator("balkhash", language="en")
    event = factories.event(capacity=1)
    party(event, factories.employee("Отырған"), status="confirmed")
    rows = [party(event, *crowd(2, f"Топ{number}")) for number in range(3)]
    with transaction():
        log_move(rows[0], "shrank", people=1, reason="coordinator", now=NOON)
    page = log_in(aigul).get(f"/events/{event.id}/queue").text
    assert "6 people waiting" in page
    assert [f'class="num">{position}</td>' in page for position in (1, 3, 5)] == [True] * 3
    assert "Топ20" in page
    assert "The party became smaller by 1 person." in page
    assert "the coordinator took somebody off the list" in page
    assert log_in(aigul).get(f"/signups/{rows[2].id}/queue").status_code == 200


@pytest.mark.full
def test_a_line_of_five_thousand_comes_in_pages_with_few_questions(log_in):
    aigul, event = factories.coordinator("balkhash", language="en"), factories.event(capacity=1)
    person = factories.employee()
    with transaction() as session:
        rows = [
            {"event_id": event.id, "leader_id": person.id, "queue_number": number, "waiting": 1, "created_at": NOON}
            for number in range(1, 5001)
        ]
        session.bulk_insert_mappings(SignUp, rows)
        event.people_waiting = event.last_queue_number = 5000
    browser, address = log_in(aigul), f"/events/{event.id}/queue"
    asked = list[str]()
    note = lambda *args: asked.append(args[2])  # noqa: E731 - removed by identity below
    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    page = browser.get(address).text
    sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) < 20
    for number in (51, 101):
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        page = browser.get(address).text
        assert page.count('role="row"') == 51
        assert f'class="num">{number}</td>' in page


def test_the_picture_shows_the_neighbours_and_counts_the_rest():
    event = factories.event(capacity=1)
    rows = [party(event, person) for person in crowd(15)]
    drawn = picture_of(rows[10])
    assert (drawn.before, len(drawn.parties), drawn.behind) == (2, 12, 1)
    assert [party.is_own for party in drawn.parties].index(True) == 8


def test_strangers_and_other_families_see_no_queue(log_in, client):
    nurlan, stan, zhan = factories.employee(), factories.employee("Стан"), factories.coordinator("zhezkazgan")
    event = factories.event()
    mine = party(event, nurlan)
    assert client.get(f"/signups/{mine.id}/queue").status_code == 303
    for who in (stan, zhan):
        assert log_in(who).get(f"/signups/{mine.id}/queue").status_code == 404
        assert log_in(who).get(f"/events/{event.id}/queue").status_code == 403
