"""An institution's list: its contacts name escorts and children, change rows, replace and take off.

Every act locks the event, so that two contacts who work at once take turns; a row carries a version word, so that
nobody writes over what they have not seen. There is no queue: a seat is there or it is refused.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db, transaction
from app.errors import NotFound
from app.events.models import Event
from app.people.models import Person
from app.people.names import child_key, search_text, sort_key
from app.signups.institution_consents import let_lapse
from app.signups.institution_errors import (
    EscortNeeded,
    KnownAlready,
    NobodyOnList,
    OnListAlready,
)
from app.signups.institution_locking import opened, row_as_seen
from app.signups.institution_seating import Entry, guarded_among, seat_entries
from app.signups.invitation_mails import mail_list_changed
from app.signups.invitation_queries import (
    escorts_needed,
    known_people,
    list_of,
    progress_of,
)
from app.signups.mails import mail_cancelled
from app.signups.models import InvitationContact, Place
from app.signups.seating import free, promote

OF_THE_PERSON = ("surname", "given_name", "patronymic", "birth_date", "school_class", "phone", "tshirt_size", "diet")
OF_THE_PLACE = ("tshirt_size", "diet")


def name_person(
    contact: InvitationContact, entry: Entry, *, is_another: bool = False, now: datetime, actor: Actor
) -> Place:
    """One more escort or child, typed in. `is_another` says that it is a namesake born the same day.

    Raises OnListAlready, KnownAlready, EscortsMissing, ListFull, NamesWereDue, or the event's rule about the person.
    """
    with transaction():
        event = opened(contact, now=now)
        if not is_another:
            _refuse_known(contact, entry)
        return _seated(event, contact, [entry], now=now, actor=actor)[0]


def name_known(contact: InvitationContact, person_ids: Sequence[str], *, now: datetime, actor: Actor) -> list[Place]:
    """People whom the institution brought before, picked from its own list. Raises NotFound for anybody else."""
    with transaction():
        event = opened(contact, now=now)
        own = {person.id: person for kind in ("child", "other") for person in known_people(contact.invitation, kind)}
        if not set(person_ids) <= set(own):
            raise NotFound
        entries = [Entry.of_person(own[person_id]) for person_id in dict.fromkeys(person_ids)]
        return _seated(event, contact, entries, now=now, actor=actor)


def name_from_file(
    contact: InvitationContact, entries: Sequence[Entry], *, others: Sequence[int] = (), now: datetime, actor: Actor
) -> tuple[list[Place], int]:
    """The children of a file. Who stands on the list is passed over, whom the institution brought before is that
    person again; but for the rows in `others`, which the contact marked as namesakes. Returns (places, passed over).
    """
    with transaction():
        event = opened(contact, now=now)
        listed = {_key_of(place.person) for place in list_of(contact.invitation)}
        known = {_key_of(person): person for person in known_people(contact.invitation, "child")}
        wanted: list[Entry] = []
        for entry in entries:
            if entry.row in others:
                wanted.append(entry)
            elif entry.key not in listed:
                listed.add(entry.key)
                wanted.append(entry.as_person(known.get(entry.key)))
        if not wanted:
            return [], len(entries)
        return _seated(event, contact, wanted, now=now, actor=actor), len(entries) - len(wanted)


def change_row(
    contact: InvitationContact, place_id: str, values: Mapping[str, Any], *, version: str, now: datetime, actor: Actor
) -> Place:
    """Corrects a name, class, size or diet. Another name or birthday asks for the consent anew.

    Raises RowChanged with who was faster, RowGone, NamesWereDue.
    """
    with transaction():
        event = opened(contact, now=now)
        place = row_as_seen(contact, place_id, version=version)
        before = _key_of(place.person)
        changes = _apply(place, values)
        if _key_of(place.person) != before:
            let_lapse(event, place, contact.invitation, now=now)
        if changes:
            record(actor, "change_row", place, now=now, changes=changes | {"contact_id": (None, contact.id)})
            mail_list_changed(contact.invitation, now=now)
        return place


def replace_row(
    contact: InvitationContact,
    place_id: str,
    entry: Entry,
    *,
    version: str,
    is_another: bool = False,
    now: datetime,
    actor: Actor,
) -> Place:
    """Somebody else takes this seat; the first ticket counts no more. Raises as name_person and change_row do."""
    with transaction():
        event = opened(contact, now=now)
        place = row_as_seen(contact, place_id, version=version)
        if not is_another:
            _refuse_known(contact, entry)
        _take_off(event, contact, place, verb="replace_row", now=now, actor=actor)
        return _seated(event, contact, [entry.in_role(place.role)], vacated=1, now=now, actor=actor)[0]


def remove_row(
    contact: InvitationContact, place_id: str, *, version: str, now: datetime, actor: Actor
) -> Sequence[object]:
    """Takes somebody off, until the start; the seat goes to whoever waits. An escort only while enough are left.

    Returns the sign-ups that were promoted. Raises RowChanged, RowGone, EscortNeeded.
    """
    with transaction():
        event = opened(contact, now=now, for_names=False)
        place = row_as_seen(contact, place_id, version=version)
        if place.role == "escort":
            _refuse_too_few(contact)
        _take_off(event, contact, place, verb="remove_row", now=now, actor=actor)
        mail_list_changed(contact.invitation, now=now)
        return promote(event, now=now, actor=actor)


def _seated(
    event: Event, contact: InvitationContact, entries: Sequence[Entry], *, vacated: int = 0, now: datetime, actor: Actor
) -> list[Place]:
    if not entries:
        raise NobodyOnList
    places = seat_entries(event, contact, entries, vacated=vacated, now=now, actor=actor)
    mail_list_changed(contact.invitation, now=now)
    return places


def _refuse_known(contact: InvitationContact, entry: Entry) -> None:
    """The institution's own people alone are looked at: a namesake at home with his parents is somebody else."""
    if entry.key in {_key_of(place.person) for place in list_of(contact.invitation)}:
        raise OnListAlready(name=entry.short_name)
    if entry.key in {_key_of(person) for person in known_people(contact.invitation, entry.kind)}:
        raise KnownAlready(name=entry.short_name)


def _refuse_too_few(contact: InvitationContact) -> None:
    progress = progress_of([contact.invitation])[contact.invitation.id]
    needed = escorts_needed(progress.children, progress.ratio)
    if progress.escorts - 1 < needed:
        raise EscortNeeded(children=progress.children, needed=needed)


def _take_off(
    event: Event, contact: InvitationContact, place: Place, *, verb: str, now: datetime, actor: Actor
) -> None:
    signup = place.signup
    free(event, [place], reason="institution", now=now, actor=actor)
    if guarded := guarded_among([place]):
        mail_cancelled(event, guarded, reason="institution", now=now)
    if signup.leader_id == place.person_id and signup.standing_places:
        signup.leader_id = signup.standing_places[0].person_id
    record(actor, verb, place, now=now, changes={"contact_id": (None, contact.id)})
    db.session.flush()


def _apply(place: Place, values: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
    person = place.person
    of_person = {name: values[name] for name in OF_THE_PERSON if name in values}
    of_place = {name: values[name] for name in OF_THE_PLACE if name in values}
    changes = differences(place, of_place) | differences(person, of_person)
    for name, value in of_person.items():
        setattr(person, name, value)
    for name, value in of_place.items():
        setattr(place, name, value)
    if "medical_note" in values and (values["medical_note"] or None) != place.medical_note:
        # What it says stays out of the log.
        changes["medical_note"] = (bool(place.medical_note), bool(values["medical_note"]))
        place.medical_note = values["medical_note"] or None
    names = (person.surname, person.given_name, person.patronymic)
    person.name_sort, person.name_search = sort_key(*names), search_text(*names, person.personnel_number)
    db.session.flush()
    return changes


def _key_of(person: Person) -> str:
    return child_key(person.surname, person.given_name, person.birth_date)


__all__ = ["Entry", "change_row", "name_from_file", "name_known", "name_person", "remove_row", "replace_row"]
