"""A move, a postponement or a cancellation is done at once and taken back within its minute, letters and all."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.errors import Invalid, NotAllowed
from app.events.errors import IsCancelled, StaleForm
from app.events.models import Event, Stop
from app.events.operations import change_event as change_plan
from app.mail.delivery import deliver_batch
from app.mail.models import Mail
from app.mail.outbox import Recipient, queue_mail
from app.mail.smtp import Post
from app.people.models import Person
from app.reminders.operations import queue_due_reminders
from app.rosters.change_errors import AlreadyUndone, ChangedSince, NothingMoves, SeatsTakenSince, TooLateToUndo
from app.rosters.change_models import EventChange
from app.rosters.changing import UNDO_FOR, Wanted, make_change
from app.rosters.undoing import undo_change
from app.signups.cancelling import cancel_place
from app.signups.models import Place
from app.signups.signing_up import sign_up
from tests import factories
from tests.signups.recount import recount

NOW = factories.SATURDAY - timedelta(days=30)
AIGUL = Actor(name="Aigul", scopes=(Scope("coordinator", city="balkhash"),))
ZHAN = Actor(name="Zhan", scopes=(Scope("coordinator", city="zhezkazgan"),))
A_WEEK = timedelta(days=7)


def moved(event: Event, by: timedelta = A_WEEK, **fields: object) -> EventChange:
    wanted = Wanted("move", event.starts_at + by, event.ends_at + by, **fields)  # type: ignore[arg-type]
    return make_change(event, wanted, now=NOW, actor=AIGUL)


def letters(event: Event, template: str = "") -> list[Mail]:
    found = db.session.scalars(select(Mail).where(Mail.event_id == event.id).order_by(Mail.created_at, Mail.id))
    return [mail for mail in found if mail.status == "queued" and template in mail.template]


def facts(event: Event) -> dict[str, object]:
    """Every row that the event has, but for letters that never left."""
    db.session.expire_all()
    places = {place.id: (place.status, place.consent_due_at, place.confirmed_at, place.cancelled_at)
              for place in db.session.scalars(select(Place).where(Place.event_id == event.id))}  # fmt: skip
    columns = {column.name: getattr(event, column.name) for column in Event.__table__.columns}
    waiting = sorted((mail.key, mail.due_at) for mail in letters(event))
    return {"event": columns, "places": places, "letters": waiting}


def letter(event: Event, person: Person, key: str, template: str) -> None:
    to = Recipient(person.email or "", person.short_name, "kk", person.id)
    queue_mail(key=key, template=template, to=to, context={}, now=NOW, event_id=event.id)


def test_nothing_leaves_within_the_minute_and_everything_after_it(app, sink):
    event, nurlan = factories.event(), factories.employee()
    factories.place(event, nurlan)
    moved(event)
    with Post(app.config) as post:
        deliver_batch(post, now=NOW + UNDO_FOR - timedelta(seconds=1))
    assert not letters(event, "moved")[0].sent_at and letters(event, "moved")[0].due_at == NOW + UNDO_FOR
    with Post(app.config) as post:
        deliver_batch(post, now=NOW + UNDO_FOR)
    assert db.session.scalar(select(func.count()).where(Mail.status == "sent")) == 1


@pytest.mark.parametrize("kind", ["move", "postpone", "cancel"])
def test_undone_all_is_as_it_was_and_no_letter_ever_leaves(app, sink, kind):
    closes = factories.SATURDAY - timedelta(days=2)
    event, nurlan = factories.event(signup_closes_at=closes, capacity=1), factories.employee()
    factories.place(event, nurlan)
    factories.place(event, factories.employee("Стан", "Стэн"), status="waiting")
    letter(event, nurlan, "reminder:1", "reminders/reminder")
    stop = factories.saved(
        Stop(event_id=event.id, position=1, title={"en": "Coast"}, arrives_at=event.starts_at + timedelta(hours=1))
    )
    before, arrives_at = facts(event), stop.arrives_at
    wanted = Wanted(kind, event.starts_at + A_WEEK, event.ends_at + A_WEEK, reason={"en": "Storm"})
    change = make_change(event, wanted, now=NOW, actor=AIGUL)
    assert facts(event) != before and change.letters
    undo_change(change, now=NOW + timedelta(seconds=59), actor=AIGUL)
    assert facts(event) == before and db.session.get_one(Stop, stop.id).arrives_at == arrives_at
    with transaction():
        db.session.query(Mail).filter_by(key="reminder:1").delete()
    with Post(app.config) as post:
        assert not deliver_batch(post, now=NOW + timedelta(minutes=2))
    assert not db.session.scalar(select(func.count()).where(Mail.status == "sent"))


def test_a_move_takes_stops_deadlines_and_the_calendar_along(app):
    closes = factories.SATURDAY - timedelta(days=2)
    event = factories.event(signup_closes_at=closes)
    stop = factories.saved(Stop(event_id=event.id, position=1, title={"en": "Coast"}, arrives_at=event.starts_at))
    elsewhere = factories.site()
    change = moved(event, site_id=elsewhere.id)
    assert (event.site_id, event.starts_at) == (elsewhere.id, factories.SATURDAY + A_WEEK)
    assert event.signup_closes_at == closes + A_WEEK and event.calendar_sequence == 1
    assert db.session.get_one(Stop, stop.id).arrives_at == event.starts_at
    undo_change(change, now=NOW, actor=AIGUL)
    assert (event.calendar_sequence, event.site_id == elsewhere.id) == (0, False)


def test_a_consent_that_lapsed_holds_again(app):
    event, nurlan = factories.event(audience="families"), factories.employee()
    dina = factories.child(nurlan)
    place = factories.place(event, dina)
    consent = factories.consent(event, dina, nurlan)[0]
    change = moved(event)
    db.session.expire_all()
    assert consent.lapsed_at and place.consent_due_at and letters(event, "consent_asked")
    undo_change(change, now=NOW + timedelta(seconds=5), actor=AIGUL)
    db.session.expire_all()
    assert not consent.lapsed_at and not place.consent_due_at and not letters(event)


def test_whom_a_rule_freed_has_the_seat_again_and_who_was_promoted_waits_again(app):
    event = factories.event(audience="families", capacity=1, max_age=13, promotion="at-once")
    nurlan, stan = factories.employee(), factories.child(factories.employee("Стан", "Стэн"), age=10)
    dina = factories.child(nurlan, birth_date=event.local_date.replace(year=event.local_date.year - 14, day=20))
    first, second = factories.place(event, dina), factories.place(event, stan, status="waiting")
    change = moved(event)
    db.session.expire_all()
    assert (first.status, second.status) == ("cancelled", "confirmed")
    assert letters(event, "not_possible") and letters(event, "promoted")
    undo_change(change, now=NOW + timedelta(seconds=5), actor=AIGUL)
    db.session.expire_all()
    assert (first.status, second.status, event.seats_taken, event.people_waiting) == ("confirmed", "waiting", 1, 1)
    cancel_place(first, now=NOW + timedelta(seconds=9), actor=actor_of(nurlan))
    assert len(letters(event, "promoted")) == 1, "the key of the letter that never left is free again"
    recount(event, letters=False)


def test_whoever_signed_up_in_between_stays_and_reads_the_day_that_holds(app):
    event = factories.event()
    factories.place(event, factories.employee("Стан", "Стэн"))
    nurlan = factories.employee()
    change = moved(event)
    sign_up(event.id, [nurlan.id], leader_id=nurlan.id, now=NOW + timedelta(seconds=5), actor=actor_of(nurlan))
    undo_change(change, now=NOW + timedelta(seconds=9), actor=AIGUL)
    told = letters(event)
    assert [mail.template for mail in told] == ["signups/confirmed"] and event.seats_taken == 2
    entry = told[0].calendar or {}
    assert told[0].context["event"]["starts_at"] == event.starts_at.isoformat() == entry["starts_at"]
    recount(event, letters=False)


def test_whom_a_letter_has_told_the_other_day_is_told_again_with_a_newer_calendar(app, sink):
    event, nurlan = factories.event(), factories.employee()
    change = moved(event)
    sign_up(event.id, [nurlan.id], leader_id=nurlan.id, now=NOW + timedelta(seconds=5), actor=actor_of(nurlan))
    with Post(app.config) as post:
        deliver_batch(post, now=NOW + timedelta(seconds=6))
    undo_change(change, now=NOW + timedelta(seconds=9), actor=AIGUL)
    told = letters(event, "moved")
    entry = told[0].calendar or {}
    assert len(told) == 1 and entry["starts_at"] == factories.SATURDAY.isoformat()
    before = db.session.query(Mail).filter_by(template="signups/confirmed").one().calendar or {}
    assert event.calendar_sequence == 2 and entry["sequence"] > before["sequence"]


def test_whoever_cancelled_in_between_stays_away(app):
    event, nurlan = factories.event(), factories.employee()
    place = factories.place(event, nurlan)
    letter(event, nurlan, f"reminder:{place.id}:", "reminders/reminder")
    change = moved(event)
    cancel_place(place, now=NOW + timedelta(seconds=5), actor=actor_of(nurlan))
    undo_change(change, now=NOW + timedelta(seconds=9), actor=AIGUL)
    db.session.expire_all()
    assert (place.status, event.seats_taken) == ("cancelled", 0)
    assert [mail.template for mail in letters(event)] == ["signups/cancelled"]


def test_a_seat_that_somebody_took_since_is_not_taken_from_them(app):
    event = factories.event(audience="families", capacity=1, max_age=13)
    nurlan = factories.employee()
    dina = factories.child(nurlan, birth_date=event.local_date.replace(year=event.local_date.year - 14, day=20))
    factories.place(event, dina)
    change = moved(event)
    stan = factories.employee("Стан", "Стэн", birth_date=date(2018, 1, 1))
    factories.place(event, stan)
    with pytest.raises(SeatsTakenSince):
        undo_change(change, now=NOW + timedelta(seconds=9), actor=AIGUL)
    db.session.expire_all()
    assert event.seats_taken == 1 and event.starts_at == factories.SATURDAY + A_WEEK


def test_after_a_minute_and_after_another_change_there_is_no_way_back(app):
    event, nurlan = factories.event(), factories.employee()
    factories.place(event, nurlan)
    change = moved(event)
    with pytest.raises(TooLateToUndo):
        undo_change(change, now=NOW + UNDO_FOR, actor=AIGUL)
    later = {"ends_at": event.ends_at + timedelta(hours=1)}
    change_plan(event, later, now=NOW + timedelta(seconds=5), actor=AIGUL)
    with pytest.raises(ChangedSince):
        undo_change(change, now=NOW + timedelta(seconds=9), actor=AIGUL)
    assert letters(event, "moved")


def test_it_is_undone_once_and_a_new_title_stays(app):
    event, nurlan = factories.event(), factories.employee()
    factories.place(event, nurlan)
    change = moved(event)
    change_plan(event, {"title": {"en": "New"}}, now=NOW + timedelta(seconds=5), actor=AIGUL)
    undo_change(change, now=NOW + timedelta(seconds=9), actor=AIGUL)
    assert event.title == {"en": "New"} and event.starts_at == factories.SATURDAY
    with pytest.raises(AlreadyUndone):
        undo_change(change, now=NOW + timedelta(seconds=10), actor=AIGUL)
    verbs = set(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.object_id == event.id)))
    assert {"move_at_once", "undo_change"} <= verbs


def test_what_can_not_be(app):
    event, cancelled = factories.event(), factories.event(status="cancelled")
    with pytest.raises(NothingMoves):
        moved(event, timedelta(0))
    with pytest.raises(Invalid):
        moved(event, timedelta(days=-60))
    with pytest.raises(IsCancelled):
        moved(cancelled)
    with pytest.raises(StaleForm):
        moved(event, version="another")
    for actor in (ZHAN, Actor()):
        with pytest.raises(NotAllowed):
            make_change(event, Wanted("cancel"), now=NOW, actor=actor)
    change = make_change(event, Wanted("cancel"), now=NOW, actor=AIGUL)
    with pytest.raises(NotAllowed):
        undo_change(change, now=NOW, actor=ZHAN)


def test_a_postponed_event_gets_its_new_day_and_is_public_again(app):
    event, nurlan = factories.event(), factories.employee()
    factories.place(event, nurlan)
    make_change(event, Wanted("postpone"), now=NOW - timedelta(days=1), actor=AIGUL)
    change = moved(event)
    assert event.status == "published" and letters(event, "moved")
    undo_change(change, now=NOW, actor=AIGUL)
    assert event.status == "postponed" and event.starts_at == factories.SATURDAY and not letters(event, "moved")


def actor_of(person: Person) -> Actor:
    return Actor(factories.account(person).id, person.id)


def test_nobody_is_reminded_of_a_day_that_may_still_be_taken_back(app):
    event, nurlan = factories.event(), factories.employee()
    factories.place(event, nurlan)
    noon = NOW.replace(hour=7)
    wanted = Wanted("move", noon + timedelta(hours=20), noon + timedelta(hours=24))
    make_change(event, wanted, now=noon, actor=AIGUL)
    for _ in range(5):
        queue_due_reminders(now=noon + timedelta(seconds=30))
    assert not letters(event, "reminder")
    for _ in range(5):
        queue_due_reminders(now=noon + UNDO_FOR)
    assert letters(event, "reminder")
