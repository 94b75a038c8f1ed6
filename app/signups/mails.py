"""Letters about sign-ups: one function each. A child's letters go to all guardians; each reader gets one letter.

A key ends with the occasion: whoever gives a seat back and gets another one is told again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import DomainError
from app.events.mail_facts import calendar_facts, event_facts
from app.events.models import Event
from app.mail.outbox import Recipient, cancel_mails, mail_row, post
from app.mail.readdressing import readdress
from app.people.models import Guardianship, Institution, Person
from app.people.recipients import Guardians
from app.rows import read
from app.signups.answer_links import cant_come_path
from app.signups.models import STANDING, Place, QueueMove, SignUp
from app.signups.readers import by_reader, who

LAST_MOVE = select(func.max(QueueMove.number)).where(QueueMove.signup_id == bindparam("signup_id"))
STILL_GOING = ("confirmed", "promoted", "waiting", "moved")  # letters whose readers can say that they can't come


def mail_confirmed(
    signup: SignUp, places: Sequence[Place], *, now: datetime, guardians: Guardians | None = None
) -> None:
    """You are in, with the tickets and the entry for the calendar. `guardians` of the children spare a query."""
    event = signup.event
    readers = by_reader(event, places, guardians=guardians)
    occasion = occasion_of(signup, places, now=now)
    post(_rows(event, readers, "confirmed", now=now, method="REQUEST", expires_at=event.starts_at, occasion=occasion))


def mail_waiting(
    signup: SignUp, places: Sequence[Place], *, position: int, now: datetime, guardians: Guardians | None = None
) -> None:
    """You are in the queue, at this position."""
    event = signup.event
    readers = by_reader(event, places, guardians=guardians)
    more, occasion = {"position": position}, occasion_of(signup, places, now=now)
    post(_rows(event, readers, "waiting", now=now, more=more, expires_at=event.starts_at, occasion=occasion))


def mail_promoted(signup: SignUp, places: Sequence[Place], *, now: datetime) -> None:
    """A seat came free and it is yours."""
    post(
        _rows(
            signup.event,
            by_reader(signup.event, places),
            "promoted",
            now=now,
            method="REQUEST",
            expires_at=signup.event.starts_at,
            occasion=occasion_of(signup, places, now=now),
        )
    )


def mail_cancelled(event: Event, places: Sequence[Place], *, reason: str, now: datetime) -> None:
    """You go no longer; takes back what was queued about these places, and the entry out of the reader's calendar
    unless somebody of theirs still goes.
    """
    take_letters_back(event, places, now=now)
    post(_left(event, places, "cancelled", more={"reason": reason}, now=now))


def take_letters_back(event: Event, places: Sequence[Place], *, now: datetime) -> None:
    """What was queued about these places and has not left yet: nobody who left gets a ticket or a reminder.

    A letter that speaks of others of the party too, who stay, leaves as it is.
    """
    staying = [other for party in _parties(places) for other in party.standing_places]
    stay = {reader for reader, _ in by_reader(event, staying)}
    gone = [reader for reader, _ in by_reader(event, places) if reader not in stay]
    readers = [reader.person_id for reader in gone if reader.person_id]
    if readers:
        cancel_mails(now=now, event_id=event.id, readers=readers, about=[place.id for place in places])
        _take_back_of_those_before(event, places, readers, now=now)
        done = [reader_id for reader_id in readers if reader_id not in _still_coming(event, readers)]
        if done:
            cancel_mails(now=now, event_id=event.id, readers=done, template_prefix="reminders/")
    for address in {reader.address for reader in gone if not reader.person_id}:
        readdress(address, None, event_id=event.id, about=[place.id for place in places], now=now)
        if not _sends_others(event, address):
            readdress(address, None, event_id=event.id, only=["reminders/reminder"], now=now)


def take_swapped_letters_back(event: Event, going: Sequence[Place], coming: Sequence[Place], *, now: datetime) -> None:
    """After two parties have changed places: tickets and reminders of those who gave their seats, and what the others
    were told about waiting, don't leave any more."""
    gave = by_reader(event, going)
    stay = still_going(event, [reader for reader, _ in gave])
    done = [reader.person_id for reader, _ in gave if reader not in stay and reader.person_id]
    about = [place.id for place in going]
    for start in ("signups/confirmed", "signups/promoted", "signups/moved", "desk/seat_gained"):
        cancel_mails(now=now, event_id=event.id, about=about, template_prefix=start)
    if done:
        cancel_mails(now=now, event_id=event.id, readers=done, template_prefix="reminders/")
    about = [place.id for place in coming]
    for start in ("signups/waiting", "signups/moved", "desk/seat_given"):
        cancel_mails(now=now, event_id=event.id, about=about, template_prefix=start)


def mail_moved(event: Event, places: Sequence[Place], *, now: datetime) -> None:
    """Another day or another place: the new entry for the calendar, to those seated and those waiting."""
    seated = [place for place in places if place.is_confirmed]
    others = [place for place in places if not place.is_confirmed]
    occasion = event.calendar_sequence
    rows = _rows(
        event,
        by_reader(event, seated),
        "moved",
        now=now,
        method="REQUEST",
        occasion=occasion,
        expires_at=event.starts_at,
    )
    post(rows + _rows(event, by_reader(event, others), "moved", now=now, occasion=occasion, expires_at=event.starts_at))


def mail_not_possible(event: Event, places: Sequence[Place], *, rule: DomainError, now: datetime) -> None:
    """The event moved, and a rule keeps these people from its new day or place."""
    params = {name: value for name, value in rule.params.items() if isinstance(value, str | int)}
    post(_left(event, places, "not_possible", more={"rule": rule.message, "params": params}, now=now))


def mail_event_cancelled(event: Event, places: Sequence[Place], *, now: datetime) -> None:
    """The event does not take place: to those seated and those waiting."""
    occasion = event.calendar_sequence
    post(_rows(event, by_reader(event, places), "event_cancelled", now=now, method="CANCEL", occasion=occasion))


def mail_postponed(event: Event, places: Sequence[Place], *, now: datetime) -> None:
    """Not on that day; the places stay until there is a new date. Takes the entry out of the calendar."""
    post(
        _rows(event, by_reader(event, places), "postponed", now=now, method="CANCEL", occasion=event.calendar_sequence)
    )


def occasion_of(signup: SignUp, places: Sequence[Place], *, now: datetime) -> int:
    """Which time it is that something is said about these places: the number of the party's last step in the queue.

    Of places that came to be just now nothing was said yet, and nothing need be asked.
    """
    if all(place.created_at == now for place in places):
        return 0
    return read(LAST_MOVE, {"signup_id": signup.id})[0][0] or 0


def still_going(event: Event, readers: Iterable[Recipient]) -> set[Recipient]:
    """Those of the readers who go to the event themselves, or have a child that does: the entry stays in theirs."""
    ids = [reader.person_id for reader in readers if reader.person_id]
    children = select(Guardianship.child_id).where(Guardianship.guardian_id.in_(ids), Guardianship.ended_at.is_(None))
    theirs = or_(Place.person_id.in_(ids), Place.person_id.in_(children))
    seated = select(Place).where(Place.event_id == event.id, Place.status == "confirmed", theirs)
    found = list(db.session.scalars(seated.options(joinedload(Place.person)))) if ids else []
    return {reader for reader, _ in by_reader(event, found)}


def _left(
    event: Event, places: Sequence[Place], letter: str, *, more: dict[str, Any], now: datetime
) -> list[dict[str, Any]]:
    """These places are nobody's any more. A place ends once, so its end is the occasion."""
    readers, moment = by_reader(event, places), int(now.timestamp())
    stay = still_going(event, [reader for reader, _ in readers])
    rows = []
    for method, some in (("CANCEL", [one for one in readers if one[0] not in stay]),
                         (None, [one for one in readers if one[0] in stay])):  # fmt: skip
        rows += _rows(event, some, letter, now=now, method=method, more=more, occasion=moment) if some else []
    return rows


def _still_coming(event: Event, reader_ids: Sequence[str]) -> set[str | None]:
    """Those of the readers who lead another party to the event: its reminder is theirs to read."""
    led = select(SignUp.id).where(SignUp.leader_id.in_(reader_ids), SignUp.event_id == event.id)
    parties = list(db.session.scalars(led.where(SignUp.cancelled_at.is_(None))))
    if not parties:
        return set()
    other = select(Place).where(Place.signup_id.in_(parties), Place.status.in_(STANDING))
    return {reader.person_id for reader, _ in by_reader(event, db.session.scalars(other))}


def _sends_others(event: Event, address: str) -> bool:
    """Whether the contact of an institution still has a pupil who comes or waits."""
    theirs = Person.institution_id.in_(select(Institution.id).where(Institution.contact_email == address))
    coming = select(Place).join(Place.person).where(Place.event_id == event.id, Place.status.in_(STANDING), theirs)
    readers = by_reader(event, db.session.scalars(coming.options(joinedload(Place.person))))
    return any(reader.address == address for reader, _ in readers)


def _take_back_of_those_before(event: Event, places: Sequence[Place], readers: list[str], *, now: datetime) -> None:
    """A party that leaves one by one: its letter is named after who left first, and stayed for those who leave now."""
    gone = [one.id for party in _parties(places) for one in party.places if not one.is_standing and one not in places]
    for letter in ("confirmed", "promoted", "waiting", "moved") if gone else ():
        cancel_mails(now=now, event_id=event.id, readers=readers, about=gone, template_prefix=f"signups/{letter}")


def _rows(
    event: Event,
    readers: Iterable[tuple[Recipient, list[Place]]],
    letter: str,
    *,
    now: datetime,
    method: str | None = None,
    more: dict[str, Any] | None = None,
    expires_at: datetime | None = None,
    occasion: int,
) -> list[dict[str, Any]]:
    """One row a reader; `occasion` tells letters of a kind apart that may come more than once."""
    calendar = calendar_facts(event, method=method, now=now) if method else None
    shared = {"event": event_facts(event), "url": "/my", **(more or {})}
    rows = []
    for reader, concerned in readers:
        own: dict[str, Any] = {
            "people": [_person(place) for place in concerned],
            "name": reader.given_name or reader.name,
        }
        if letter in STILL_GOING:
            own["cant_come_url"] = cant_come_path(event, reader, concerned)
        key = f"signup:{letter}:{concerned[0].id}:{who(reader)}:{occasion}"
        row = mail_row(key=key, template=f"signups/{letter}", to=reader, context=shared | own, now=now)
        rows.append(row | {"event_id": event.id, "expires_at": expires_at, "calendar": calendar})
    return rows


def _parties(places: Iterable[Place]) -> list[SignUp]:
    return list({place.signup_id: place.signup for place in places}.values())


def _person(place: Place) -> dict[str, str]:
    return {
        "name": place.person.given_name or place.person.surname,
        "full_name": place.person.short_name,
        "ticket": place.printed_ticket,
        "ticket_url": f"/tickets/{place.ticket}",
    }
