"""Putting checked rows into the tables: who is new, who changed, who is as before. Plain functions of one transaction;
with `write=False` they only count, so that a trial run reports what a real one would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app import prepared
from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import connection, db, new_id
from app.errors import N_
from app.people.checking import MISSING, Checked, Refusal
from app.people.differences import Difference, change_of, full_name, newcomer
from app.people.duplicates import propose_matches
from app.people.models import Guardianship, Institution, MedicalNote, Person
from app.people.names import child_key, search_text, sort_key
from app.people.policy import can_move_from

UNKNOWN_GUARDIAN = N_("No employee has the personnel number %(number)s.")
ANOTHER_CITY = N_("The personnel number %(number)s belongs to another city. Ask the coordinator there.")
OF_THE_PERSON = "surname given_name patronymic department birth_date email phone tshirt_size school_class".split()
BACK = {"deactivated_at": None}  # whoever is listed is here again
P = cast(Table, Person.__table__)
COMPARED = [
    *OF_THE_PERSON,
    "kind",
    "city",
    "language",
    "name_sort",
    "name_search",
    "personnel_number",
    "deactivated_at",
]
KNOWN = select(P.c.id, P.c.language_chosen_at, *(P.c[name] for name in COMPARED))
NEW_PERSON = insert(P)
# A new row has all columns: each is what it is by default, or nothing.
BLANK = {
    column.key: column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
    for column in P.columns
}
Changes = Mapping[str, tuple[object, object]]


@dataclass
class Tally:
    """What became of some rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    addresses: list[tuple[int, str]] = field(default_factory=list)  # (row, e-mail) that were not known of these people


def apply_employees(rows: Sequence[Checked], *, city: str | None, write: bool, now: datetime, actor: Actor) -> Tally:
    """Employees by their personnel number; one who had left and is listed again is back."""
    tally = Tally(refused=[refusal for row in rows for refusal in row.refusals])
    good = [row for row in rows if not row.refusals]
    known = _known_employees([row.values["personnel_number"] for row in good])
    new: list[dict[str, Any]] = []
    changed: dict[str, Changes] = {}
    for row in good:
        person = known.get(row.values["personnel_number"])
        wanted = {"kind": "employee", **_of_person(row.values, person), **({"city": city} if city else {})}
        if person is None:
            new.append(BLANK | wanted | {"id": new_id(), "created_at": now})
            tally.differences.append(newcomer(full_name(wanted), wanted["personnel_number"], row.row))
        elif person.city != city and not can_move_from(actor, person.city):
            tally.refused.append(_of_another_city(row, "personnel_number"))
        elif changes := differences(person, wanted | BACK):
            changed[person.id] = changes
            tally.differences.append(change_of(person, row.row, changes))
        else:
            tally.unchanged += 1
    tally.created, tally.updated, tally.addresses = len(new), len(changed), _new_addresses(good, known, tally)
    if write:
        _write_employees(new, changed, now=now, actor=actor)
    return tally


def _new_addresses(rows: Sequence[Checked], known: Mapping[str, Any], tally: Tally) -> list[tuple[int, str]]:
    """What the rows that are taken say of e-mail and nobody knew: an address that stood already was typed before."""
    refused = {refusal.row for refusal in tally.refused}
    pairs = [(row, known.get(row.values["personnel_number"])) for row in rows if row.row not in refused]
    said = [(row.row, row.values.get("email"), person.email if person else None) for row, person in pairs]
    return [(row, address) for row, address, before in said if address and address != before]


def _write_employees(new: list[dict[str, Any]], changed: Mapping[str, Changes], *, now: datetime, actor: Actor) -> None:
    """The new ones straight into their table; only those who changed become rows that the session watches."""
    if new:
        prepared.write(connection(), NEW_PERSON, new)
    for person in db.session.scalars(select(Person).where(Person.id.in_(list(changed)))) if changed else ():
        for name, (_, after) in changed[person.id].items():
            setattr(person, name, after)
        record(actor, "import_person", person, now=now, changes=changed[person.id])


def apply_children(
    rows: Sequence[Checked], *, institution: Institution | None, write: bool, now: datetime, actor: Actor
) -> Tally:
    """Children under their guardian, or pupils of the institution that sends them."""
    tally = Tally()
    guardians = _by_number([row.values.get("guardian_number") or "" for row in rows])
    known = _known_children(rows, guardians, institution)
    new: list[Person] = []
    for row in rows:
        guardian = guardians.get(row.values.get("guardian_number") or "")
        refusals = [*row.refusals, *_unfit_guardian(row, guardian, institution, actor)]
        if refusals:
            tally.refused += refusals
            continue
        key = (guardian.id if guardian else "", _key(row.values))
        wanted = _of_child(row.values, guardian, institution, known.get(key))
        if key in known:
            _change(tally, known[key], row, wanted | BACK, write=write, now=now, actor=actor)
        else:
            known[key] = Person(id=new_id(), kind="child", **wanted, created_at=now)
            _add(tally, known[key], row, write=write)
            new.append(known[key])
            if write and guardian:
                db.session.add(_guardianship(guardian, known[key], key[1], now))
        _note(known[key], row.values.get("medical_note"), write=write, now=now)
    if write:
        propose_matches(new, now=now)
    return tally


def _by_number(numbers: Sequence[str]) -> dict[str, Person]:
    query = select(Person).where(Person.personnel_number.in_([number for number in numbers if number]))
    return {person.personnel_number or "": person for person in db.session.scalars(query)}


def _known_employees(numbers: Sequence[str]) -> dict[str, Any]:
    """Who has these numbers: columns alone, since of nearly all nothing changes."""
    rows = db.session.execute(KNOWN.where(P.c.personnel_number.in_(numbers)))
    return {row.personnel_number: row for row in rows}


def _known_children(
    rows: Sequence[Checked], guardians: Mapping[str, Person], institution: Institution | None
) -> dict[tuple[str, str], Person]:
    ids = [guardian.id for guardian in guardians.values()]
    query = select(Guardianship, Person).join(Person, Person.id == Guardianship.child_id)
    rows_of = db.session.execute(query.where(Guardianship.guardian_id.in_(ids)))
    known = {(guardianship.guardian_id, guardianship.child_key): person for guardianship, person in rows_of}
    if institution:
        births = {row.values.get("birth_date") for row in rows}
        pupils = select(Person).where(Person.institution_id == institution.id, Person.birth_date.in_(births))
        for pupil in db.session.scalars(pupils):
            known["", child_key(pupil.surname, pupil.given_name, pupil.birth_date)] = pupil
    return known


def _unfit_guardian(
    row: Checked, guardian: Person | None, institution: Institution | None, actor: Actor
) -> list[Refusal]:
    number = row.values.get("guardian_number")
    if number and (guardian is None or guardian.deactivated_at is not None):
        return [Refusal(row.row, "guardian_number", UNKNOWN_GUARDIAN, {"number": number})]
    if not number and institution is None:
        return [Refusal(row.row, "guardian_number", MISSING["guardian_number"])]
    if guardian and not can_move_from(actor, guardian.city):
        return [_of_another_city(row, "guardian_number")]
    return []


def _of_another_city(row: Checked, field: str) -> Refusal:
    return Refusal(row.row, field, ANOTHER_CITY, {"number": row.values[field]})


def _of_person(values: Mapping[str, Any], person: Any) -> dict[str, Any]:
    """What the file says of a person; an empty cell leaves what is known, and a language that they chose stands."""
    wanted = {name: values[name] for name in OF_THE_PERSON if values.get(name)}
    if values.get("personnel_number"):
        wanted["personnel_number"] = values["personnel_number"]
    if values.get("language") and (person is None or person.language_chosen_at is None):
        wanted["language"] = values["language"]
    names = [
        wanted.get(part) or (getattr(person, part) if person else "") or ""
        for part in ("surname", "given_name", "patronymic")
    ]
    wanted["name_sort"] = sort_key(names[0], names[1], names[2])
    wanted["name_search"] = search_text(names[0], names[1], names[2], values.get("personnel_number"))
    return wanted


def _of_child(
    values: Mapping[str, Any], guardian: Person | None, institution: Institution | None, child: Person | None
) -> dict[str, Any]:
    wanted = _of_person(values, child)
    if institution:
        wanted |= {"institution_id": institution.id, "city": institution.city}
    if guardian:
        wanted |= {"city": guardian.city, "language": guardian.language}
    return wanted


def _add(tally: Tally, person: Person, row: Checked, *, write: bool) -> None:
    tally.created += 1
    tally.differences.append(newcomer(person.full_name, person.personnel_number, row.row))
    if write:
        db.session.add(person)


def _change(
    tally: Tally, person: Person, row: Checked, wanted: Mapping[str, Any], *, write: bool, now: datetime, actor: Actor
) -> None:
    changes = differences(person, wanted)
    if not changes:
        tally.unchanged += 1
        return
    tally.updated += 1
    tally.differences.append(change_of(person, row.row, changes))
    if write:
        for name, (_, after) in changes.items():
            setattr(person, name, after)
        record(actor, "import_person", person, now=now, changes=changes)


def _key(values: Mapping[str, Any]) -> str:
    return child_key(values["surname"], values["given_name"], values["birth_date"])


def _guardianship(guardian: Person, child: Person, key: str, now: datetime) -> Guardianship:
    return Guardianship(id=new_id(), guardian_id=guardian.id, child_id=child.id, child_key=key, created_at=now)


def _note(child: Person, text: str | None, *, write: bool, now: datetime) -> None:
    """What the file says of health; an empty cell leaves what the guardian wrote."""
    if not write or not text:
        return
    db.session.flush()
    note = db.session.get(MedicalNote, child.id)
    if note is None:
        db.session.add(MedicalNote(person_id=child.id, text=text, updated_at=now))
    elif note.text != text:
        note.text, note.updated_at = text, now
