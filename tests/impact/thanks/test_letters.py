"""Thanks by letter: to whoever came, once, with one's own share, when the day is closed and by daylight."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app.db import db, transaction
from app.events.models import Event
from app.impact.thanks import queueing, readers
from app.impact.thanks.models import GroupWaste, Thanks
from app.mail.kinds import OPTIONAL
from app.mail.models import Mail
from app.mail.previewing import rendered
from app.mail.samples import sample_of
from app.rosters.duty_models import Section
from app.rosters.models import Group
from tests import factories
from tests.impact.thanks.days import CLOSED, DUE, came, closed, mark, was_absent, work

pytestmark = pytest.mark.usefixtures("app")


def test_whoever_came_is_thanked_two_hours_after_the_day_was_closed() -> None:
    event, nurlan = factories.event(), factories.employee()
    came(event, nurlan, minutes=225)
    assert work(DUE) == [], "the day is not closed"
    closed(event)
    assert work(DUE - timedelta(minutes=1)) == []
    (letter,) = work(DUE)
    assert (letter.key, letter.person_id) == (f"thanks:{event.id}:{nurlan.id}", nurlan.id)
    assert letter.context["shares"] == [{"name": "", "hours": "3:45", "section": None, "group": "", "kilograms": None}]
    assert letter.optional is (letter.template in OPTIONAL), "its reader may do without, where the list says so"
    assert letter.kind == "thanks" and letter.context["people"] == 1
    assert work(DUE + timedelta(hours=1)) == [letter], "once"


def test_nobody_absent_is_thanked() -> None:
    event = factories.event()
    mark(factories.place(event, factories.employee()), "absent")
    mark(factories.place(event, factories.employee()), "excused")
    factories.place(event, factories.employee())
    came(event, factories.employee(), status="cancelled")
    came(event, factories.employee(deactivated_at=CLOSED))
    closed(event)
    assert work(DUE) == []
    assert db.session.get_one(Thanks, event.id).finished_at == DUE


def test_the_share_names_section_and_what_the_group_brought_in() -> None:
    event = factories.event()
    section = factories.saved(Section(event_id=event.id, position=1, name={"en": "Pier"}))
    group = factories.saved(Group(event_id=event.id, name="3"))
    old, new = (
        GroupWaste(event_id=event.id, group_id=group.id, kilograms=kilograms, method="weighed", recorded_at=CLOSED)
        for kilograms in (10, 412)
    )
    old.replaced_by_id = "x"
    factories.saved(old)
    factories.saved(new)
    came(event, factories.employee(), section_id=section.id, group_id=group.id)
    closed(event)
    (letter,) = work(DUE)
    (share,) = letter.context["shares"]
    assert (share["section"], share["group"], share["kilograms"]) == ({"en": "Pier"}, "3", 412.0)


def test_guardians_read_about_their_children_in_one_letter() -> None:
    event, nurlan = factories.event(audience="families"), factories.employee()
    ayan = factories.employee("Сейітқали", "Аян")
    dina = factories.child(nurlan, email="dina@torangy.example")
    factories.second_guardian(dina, ayan)
    came(event, nurlan)
    came(event, dina)
    closed(event)
    letters = {letter.person_id: letter.context for letter in work(DUE)}
    assert set(letters) == {nurlan.id, ayan.id}, "the child gets none"
    assert [share["name"] for share in letters[nurlan.id]["shares"]] == ["", "Дина"]
    assert (letters[ayan.id]["came_too"], len(letters[ayan.id]["shares"])) == (False, 1)


def test_an_institution_is_thanked_for_its_pupils_without_their_names() -> None:
    school = factories.institution(contact_name="Гүлнар", contact_email="school@torangy.example")
    event, pupil = factories.event(), {"kind": "child", "institution_id": school.id, "birth_date": date(2018, 3, 5)}
    for name in ("Ая", "Бек"):
        came(event, factories.person("Ө", name, **pupil))
    closed(event)
    (letter,) = work(DUE)
    assert (letter.recipient, letter.context["pupils"], letter.context["url"]) == ("school@torangy.example", 2, None)
    assert letter.context["shares"] == [] and "Ая" not in str(letter.context)


def test_at_night_nobody_is_woken() -> None:
    event = factories.event()
    came(event, factories.employee())
    evening = CLOSED.replace(hour=15, minute=30)  # half past eight in the evening
    closed(event, evening)
    assert work(evening + timedelta(hours=2)) == []
    row = db.session.get_one(Thanks, event.id)
    assert row.due_at is not None and row.due_at.hour == 3, "eight in the morning"
    assert len(work(row.due_at)) == 1


def test_a_day_that_is_opened_again_waits_and_thanks_nobody_twice() -> None:
    event, nurlan, late = factories.event(), factories.employee(), factories.employee()
    came(event, nurlan)
    closed(event)
    assert len(work(DUE)) == 1
    day = db.session.query(type(factories.closed_day(factories.event()))).filter_by(event_id=event.id).one()
    with transaction():
        day.reopened_at = DUE
    came(event, late)
    assert len(work(DUE + timedelta(hours=1))) == 1
    with transaction():
        day.closed_at, day.reopened_at = DUE + timedelta(hours=1), None
    assert len(work(DUE + timedelta(hours=4))) == 2, "only who was not thanked yet"


def test_a_letter_that_waits_is_taken_back_when_its_reader_turns_out_to_have_been_absent() -> None:
    event, nurlan = factories.event(audience="families"), factories.employee()
    aida = factories.employee()
    dina, mine = factories.child(nurlan), came(event, nurlan)
    his = came(event, aida)
    came(event, dina)
    closed(event)
    work(DUE)
    was_absent(his, at=DUE + timedelta(minutes=5))
    was_absent(mine, at=DUE + timedelta(minutes=5))
    letters = {letter.person_id: letter for letter in work(DUE + timedelta(minutes=6))}
    assert letters[aida.id].status == "cancelled"
    assert letters[nurlan.id].status == "queued"
    assert [share["name"] for share in letters[nurlan.id].context["shares"]] == ["Дина"]


def test_somebody_found_absent_while_the_letters_are_written_is_not_thanked(monkeypatch: pytest.MonkeyPatch) -> None:
    event = factories.event()
    place = came(event, factories.employee())
    closed(event)
    usual = readers.next_batch

    def slow(event: Event, cursor: str | None) -> readers.Batch:
        batch = usual(event, cursor)
        monkeypatch.setattr(queueing, "next_batch", usual)
        was_absent(place, at=DUE - timedelta(hours=1))  # before any letter: only the look under the lock sees it
        return batch

    monkeypatch.setattr(queueing, "next_batch", slow)
    assert work(DUE) == []


def test_more_readers_than_a_page_are_written_to_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "AT_ONCE", 2)
    event = factories.event()
    for _ in range(5):
        came(event, factories.employee())
    closed(event)
    assert len(work(DUE)) == 5
    assert db.session.get_one(Thanks, event.id).queued == 5


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_what_did_not_take_place_thanks_nobody(status: str) -> None:
    event = factories.event(status=status)
    came(event, factories.employee())
    closed(event)
    assert work(DUE) == []


def test_thanks_that_come_weeks_later_are_let_be() -> None:
    event = factories.event()
    came(event, factories.employee())
    closed(event)
    work(DUE - timedelta(minutes=1))
    assert work(CLOSED + timedelta(days=15)) == []
    assert db.session.get_one(Thanks, event.id).missed_reason == "too-late"


def test_days_closed_long_ago_are_never_looked_at() -> None:
    event = factories.event()
    came(event, factories.employee())
    closed(event)
    assert work(CLOSED + timedelta(days=15)) == [] and db.session.get(Thanks, event.id) is None


def test_the_letter_reads_well_in_three_languages(app: Flask) -> None:
    context = sample_of(app.jinja_env, "impact/thanks")
    for language in ("kk", "ru", "en"):
        words = rendered(app.jinja_env, "impact/thanks", language, context, base_url="https://torangy.example")
        assert "3:45" in words.text and "https://torangy.example/thanks/sample" in words.html
    bare = context | {"shares": [], "url": None, "pupils": 12, "asks": False}
    words = rendered(app.jinja_env, "impact/thanks", "en", bare, base_url="https://torangy.example")
    assert "12 people of yours were there." in words.text and "thanks/" not in words.html
    assert db.session.query(Mail).count() == 0
