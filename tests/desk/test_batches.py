"""One action for many: tried without a trace, done with a report; seats by the rule of the queue; swaps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.actor import SYSTEM, Actor, Scope
from app.attendance.operations import mark_present
from app.attendance.queries import attendance_of
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.desk.roster.batch_errors import CantSwap, IsHereAlready, NobodyPicked, OthersFirst, OutOfReach, TargetFull
from app.desk.roster.batches import Order, Report, do_for_many
from app.desk.roster.models import PlaceLabel
from app.desk.roster.swapping import swap_parties, waiting_parties
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.mail.models import Mail
from app.mail.rendering import Claimed, written
from app.people.models import Person
from app.rosters.models import Bus, Group
from app.signups.models import Place
from tests import factories

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=UTC)
AIGUL = Actor(account_id=None, name="Aigul", scopes=(Scope("coordinator", city="balkhash"),))
SAFETY = Actor(account_id=None, name="Saken", scopes=(Scope("safety_officer", city="balkhash"),))
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(app: Flask) -> Event:
    return factories.event()


def come(event: Event, surname: str, **fields: object) -> Place:
    person = {name: fields.pop(name) for name in ("email",) if name in fields}
    return factories.place(event, factories.employee(surname, "Тимур", **person), **fields)


def done(event: Event, places: list[Place], action: str, *, is_trial: bool = False, **said: object) -> Report:
    order = Order(action, str(said.pop("batch", uuid4())), **said)  # type: ignore[arg-type]
    ids = [place.id for place in places]
    return do_for_many(event, ids, order=order, is_trial=is_trial, now=NOW, actor=AIGUL)


def fresh(place: Place) -> Place:
    db.session.expire_all()
    return db.session.get_one(Place, place.id)


def test_what_is_tried_changes_nothing_and_names_the_same_people(event: Event) -> None:
    places = [come(event, "Ибраев"), come(event, "Әли")]
    said = {"subject": {"kk": "Жаңа жер"}, "text": {"kk": "Келіңіз"}, "batch": uuid4()}
    tried = done(event, places, "message", is_trial=True, **said)
    assert (tried.letters, db.session.scalars(select(Mail)).all()) == (2, [])
    report = done(event, places, "message", **said)
    assert report.done == tried.done == ["Әли Тимур", "Ибраев Тимур"]
    assert {mail.template for mail in db.session.scalars(select(Mail))} == {"desk/message"}
    assert done(event, places, "message", **said).letters == 0, "the same form again writes nobody twice"


def test_a_letter_needs_a_subject_that_fits_and_a_text(event: Event) -> None:
    place = come(event, "Абай")
    for subject, text in (({}, {"kk": "x"}), ({"kk": "x"}, {}), ({"kk": "x" * 151}, {"kk": "x"})):
        with pytest.raises(Invalid):
            done(event, [place], "message", subject=subject, text=text)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.full
def test_the_letters_read_well_in_each_language(event: Event, language: str) -> None:
    seated, waiting = come(event, "Абай"), come(event, "Болат", status="waiting")
    done(
        event,
        [seated],
        "message",
        subject={"kk": "Жаңа жер"},
        text={"kk": "Бірінші <b>жол"},
        footer={"ru": "До встречи"},
    )
    swap_parties(event, seated.signup_id, waiting.signup_id, now=NOW, actor=AIGUL)
    for mail in db.session.scalars(select(Mail)):
        names = (
            "id",
            "template",
            "recipient",
            "recipient_name",
            "context",
            "calendar",
            "optional",
            "attempts",
            "created_at",
        )
        claimed = Claimed(language=language, **{name: getattr(mail, name) for name in names})
        message = message_from_bytes(written(claimed, now=NOW)[2], policy=policy.default)
        html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert message["Subject"] and "Тимур" in html and "List-Unsubscribe" not in message
        if mail.template == "desk/message":
            assert message["Subject"] == "Жаңа жер" and "&lt;b&gt;жол" in html and "До встречи" in html


def test_who_has_no_address_is_left_out_by_name(event: Event) -> None:
    report = done(event, [come(event, "Ибраев", email=None)], "message", subject={"ru": "а"}, text={"ru": "б"})
    assert [(one.name, type(one.why)) for one in report.left_out] == [("Ибраев Тимур", OutOfReach)]


def test_a_bus_takes_as_many_as_it_has_seats(event: Event) -> None:
    bus = factories.saved(Bus(event_id=event.id, name="1", seats=2))
    places = [come(event, surname) for surname in ("Абай", "Болат", "Дәурен")]
    report = done(event, places, "bus", target=bus.id)
    assert report.done == ["Абай Тимур", "Болат Тимур"]
    assert [(one.name, type(one.why)) for one in report.left_out] == [("Дәурен Тимур", TargetFull)]
    assert done(event, places, "bus", target="none").done == ["Абай Тимур", "Болат Тимур"]
    assert fresh(places[0]).bus_id is None


def test_a_group_of_another_event_takes_nobody(event: Event) -> None:
    elsewhere = factories.saved(Group(event_id=factories.event().id, name="1"))
    with pytest.raises(Invalid):
        done(event, [come(event, "Абай")], "group", target=elsewhere.id)


def test_labels_come_and_go(event: Event) -> None:
    place = come(event, "Абай")
    assert done(event, [place], "label", label="  speaks  first ").done
    assert [row.label for row in db.session.scalars(select(PlaceLabel))] == ["speaks first"]
    assert done(event, [place], "label", label="speaks first").left_out
    assert done(event, [place], "unlabel", label="speaks first").done
    assert not db.session.scalars(select(PlaceLabel)).all()


def test_marks_follow_the_rules_of_the_door(event: Event) -> None:
    here, waits = come(event, "Абай"), come(event, "Болат", status="waiting")
    report = done(event, [here, waits], "present")
    assert report.done == ["Абай Тимур"] and [one.name for one in report.left_out] == ["Болат Тимур"]
    assert attendance_of(here.id).state == "present"
    assert done(event, [here], "absent").left_out


def test_a_seat_is_given_only_to_those_whose_turn_it_is(event: Event) -> None:
    first, second = come(event, "Бірінші", status="waiting"), come(event, "Екінші", status="waiting")
    with transaction():
        event.capacity = 1
    report = done(event, [second], "confirm")
    assert [type(one.why) for one in report.left_out] == [OthersFirst] and fresh(second).is_waiting
    assert done(event, [first, second], "confirm").done == ["Бірінші Тимур"]
    assert fresh(first).is_confirmed and fresh(second).is_waiting
    assert db.session.get_one(Event, event.id).seats_taken == 1


def test_nobody_picked_and_a_stranger_are_refused(event: Event) -> None:
    with pytest.raises(NobodyPicked):
        done(event, [], "label", label="x")
    place, elsewhere = come(event, "Абай"), come(factories.event(), "Болат")
    with pytest.raises(NobodyPicked):
        done(event, [elsewhere], "label", label="x")
    order = Order("label", str(uuid4()), label="x")
    for actor in (SAFETY, Actor(scopes=(Scope("coordinator", city="zhezkazgan"),)), Actor()):
        with pytest.raises(NotAllowed):
            do_for_many(event, [place.id], order=order, is_trial=False, now=NOW, actor=actor)
    marks = Order("present", str(uuid4()))
    assert do_for_many(event, [place.id], order=marks, is_trial=False, now=NOW, actor=SAFETY).done


def test_two_parties_change_places_and_both_are_told(event: Event) -> None:
    group = factories.saved(Group(event_id=event.id, name="1"))
    seated, waiting = come(event, "Абай", group_id=group.id), come(event, "Болат", status="waiting")
    before = db.session.get_one(Event, event.id).seats_taken
    assert [party.id for party in waiting_parties(event, 1)] == [waiting.signup_id]
    swap_parties(event, seated.signup_id, waiting.signup_id, now=NOW, actor=AIGUL)
    assert (fresh(waiting).status, fresh(waiting).group_id, fresh(waiting).signup.queue_number) == (
        "confirmed",
        group.id,
        1,
    )
    assert (fresh(seated).status, fresh(seated).group_id, fresh(seated).signup.queue_number) == ("waiting", None, 2)
    assert fresh(seated).signup.waiting == 1 and fresh(waiting).signup.waiting == 0
    row = db.session.get_one(Event, event.id)
    assert (row.seats_taken, row.people_waiting) == (before, 1)
    letters = {mail.template: mail for mail in db.session.scalars(select(Mail))}
    assert letters.keys() == {"desk/seat_gained", "desk/seat_given"}
    assert letters["desk/seat_given"].context["position"] == 1


def test_only_parties_of_one_size_change_places_and_who_is_here_stays(event: Event) -> None:
    seated, other = come(event, "Абай"), come(event, "Болат")
    waiting = come(event, "Дәурен", status="waiting")
    with pytest.raises(CantSwap):
        swap_parties(event, seated.signup_id, other.signup_id, now=NOW, actor=AIGUL)
    mark_present(seated, entry_id=str(uuid4()), at=NOW, now=NOW, actor=SYSTEM)
    with pytest.raises(IsHereAlready):
        swap_parties(event, seated.signup_id, waiting.signup_id, now=NOW, actor=AIGUL)
    with pytest.raises(NotAllowed):
        swap_parties(event, other.signup_id, waiting.signup_id, now=NOW, actor=SAFETY)
    assert fresh(seated).is_confirmed and fresh(waiting).is_waiting


@pytest.mark.full
def test_the_pages_ask_then_show_then_do(event: Event, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    places = [come(event, surname) for surname in ("Абай", "Болат")]
    roster = f"/events/{event.id}/roster"
    chosen = {"action": "label", "place": [place.id for place in places]}
    assert 'name="label"' in aigul.post(f"{roster}/preview", data=chosen).text
    said = chosen | {"label": "speaks", "filled": "1", "batch": str(uuid4())}
    page = aigul.post(f"{roster}/preview", data=said).text
    assert "Абай Тимур, Болат Тимур" in page and not db.session.scalars(select(PlaceLabel)).all()
    assert aigul.post(f"{roster}/batch", data=said).status_code == 200
    assert len(db.session.scalars(select(PlaceLabel)).all()) == 2
    all_of_them = {"action": "unlabel", "label": "speaks", "all": "1", "q": "абай", "batch": str(uuid4())}
    assert aigul.post(f"{roster}/batch", data=all_of_them).status_code == 200
    assert [row.place_id for row in db.session.scalars(select(PlaceLabel))] == [places[1].id]
    verbs = set(db.session.scalars(select(AuditEntry.verb)))
    assert {"label", "unlabel"} <= verbs


def test_the_swap_page_offers_parties_of_that_size(event: Event, log_in: LogIn) -> None:
    aigul = log_in(factories.coordinator())
    with transaction():
        event.starts_at, event.ends_at = NOW + timedelta(days=9000), NOW + timedelta(days=9001)
    seated, waiting = come(event, "Абай"), come(event, "Болат", status="waiting")
    page = f"/events/{event.id}/roster/{seated.id}/swap"
    assert "Болат Тимур" in aigul.get(page).text
    assert aigul.post(page, data={"with": waiting.signup_id}).status_code == 303
    assert fresh(waiting).is_confirmed
