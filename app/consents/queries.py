"""Which texts are in force, who has answered them, and whose answers cover their children."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Row, Text, bindparam, cast, exists, func, or_, select, union_all

from app.consents.binding import bound_to
from app.consents.cover import Said, has_moved, is_covered, missing, required_kinds
from app.consents.models import KINDS, Consent, ConsentText
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.people.models import Guardianship, Person
from app.people.recipients import Guardians, guardians_by_child
from app.prepared import padded
from app.rows import read

STANDS = (Consent.revoked_at.is_(None), Consent.lapsed_at.is_(None))
# Statements of the sign-up sheet are built once: building costs more than running.
NEWEST = select(ConsentText.kind, ConsentText.version, ConsentText.id)
STANDING = select(Consent).where(
    Consent.event_id == bindparam("event_id"), Consent.child_id.in_(bindparam("children", expanding=True)), *STANDS
)
ANSWERED = select(Consent.child_id).where(
    Consent.event_id == bindparam("event_id"), Consent.child_id.in_(bindparam("children", expanding=True)), *STANDS
)
ANSWERS: Any = (
    select(
        Consent.child_id,
        Consent.kind,
        Consent.guardian_id,
        Consent.institution_id,
        Consent.is_yes,
        cast(Consent.bound_to, Text).label("bound_to"),
    )
    .where(Consent.event_id == bindparam("event_id"), *STANDS)
    .order_by(Consent.given_at, Consent.id)
)
ANSWERS_FOR = ANSWERS.where(Consent.child_id.in_(bindparam("children", expanding=True)))
# Those of whoever decides for the child today.
OF_DECIDERS = or_(
    exists().where(
        Guardianship.child_id == Consent.child_id,
        Guardianship.guardian_id == Consent.guardian_id,
        Guardianship.ended_at.is_(None),
    ),
    Consent.guardian_id.is_(None)
    & exists().where(Person.id == Consent.child_id, Person.institution_id == Consent.institution_id),
)
COVERING, COVERING_FOR = ANSWERS.where(OF_DECIDERS), ANSWERS_FOR.where(OF_DECIDERS)
CHILDREN: Any = bindparam("children", expanding=True)
DECIDERS: Any = union_all(
    select(Guardianship.child_id, Guardianship.guardian_id).where(
        Guardianship.child_id.in_(CHILDREN), Guardianship.ended_at.is_(None)
    ),
    select(Person.id, Person.institution_id).where(Person.id.in_(CHILDREN), Person.institution_id.is_not(None)),
)


def current_text(kind: str, version: int | None = None) -> ConsentText:
    """The newest version of a consent text, or the one of this number; raises NotFound where there is none."""
    query = select(ConsentText).where(ConsentText.kind == kind).order_by(ConsentText.version.desc()).limit(1)
    if version is not None:
        query = query.where(ConsentText.version == version)
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


def newest_texts() -> dict[str, str]:
    """{kind: id of the version in force}."""
    return {kind: text_id for kind, _, text_id in sorted(read(NEWEST, {}))}


def texts_in_force(kinds: Collection[str]) -> dict[str, ConsentText]:
    """{kind: the version in force}, in this order; raises NotFound where one was never published."""
    return {kind: current_text(kind) for kind in kinds}


def versions_of(kind: str) -> list[ConsentText]:
    """Every version of a text, the newest first."""
    query = select(ConsentText).where(ConsentText.kind == kind).order_by(ConsentText.version.desc())
    return list(db.session.scalars(query))


def newest_versions() -> list[ConsentText]:
    """The text in force of each kind."""
    newest = select(func.max(ConsentText.version)).where(ConsentText.kind == bindparam("kind"))
    found = [(kind, db.session.scalar(newest, {"kind": kind})) for kind in KINDS]
    return [current_text(kind, version) for kind, version in found if version]


def standing_consents(child_id: str, event_id: str) -> list[Consent]:
    """Every answer that stands for this child and event, yes or no."""
    return standing_of(event_id, [child_id])


def standing_of(event_id: str, child_ids: Collection[str]) -> list[Consent]:
    """The same for several children."""
    values = {"event_id": event_id, "children": list(child_ids)}
    # On most sheets the children are new here, and this is all.
    return list(db.session.scalars(STANDING, values)) if read(ANSWERED, values) else []


def consent_states(event: Event) -> dict[str, bool]:
    """{child's id: True} for every child of the event who is covered; ask with `.get(child_id, False)`."""
    rows = read(COVERING, {"event_id": event.id})
    return dict.fromkeys(_covered(event, rows), True)


def covered_children(event: Event, child_ids: Collection[str]) -> set[str]:
    """Those of these children for whom all that the event asks is agreed to, and nobody is against it."""
    return _covered(event, read(COVERING_FOR, {"event_id": event.id, "children": padded(child_ids)}))


def missing_for(event: Event, child_id: str) -> tuple[str, ...]:
    """The kinds that are not agreed to for this child; empty when it may go."""
    rows = db.session.execute(ANSWERS_FOR, {"event_id": event.id, "children": [child_id]}).all()
    said = said_by_child(event, rows).get(child_id, [])
    return missing(said, deciders_of([child_id]).get(child_id, ()), required_kinds(event))


def deciders_of(child_ids: Collection[str]) -> Mapping[str, set[str]]:
    """{child's id: ids of those who decide for it today}: its guardians, and the institution that sends it."""
    deciders: defaultdict[str, set[str]] = defaultdict(set)
    values = {"children": list(child_ids)}
    for child_id, who in db.session.execute(DECIDERS, values):
        deciders[child_id].add(who)
    return deciders


def deciders_among(children: Iterable[Person], guardians: Guardians | None = None) -> Mapping[str, set[str]]:
    """The same for people at hand; their `guardians` spare the query. A child of nobody has an empty set."""
    deciders = {child.id: {child.institution_id} if child.institution_id else set() for child in children}
    known = guardians_by_child(deciders) if guardians is None else guardians
    for child_id in deciders:
        deciders[child_id] |= {one.person_id for one in known.get(child_id, ())}
    return deciders


def said_by_child(
    event: Event, rows: Iterable[Row[Any] | Consent], planned: Mapping[str, Any] | None = None
) -> dict[str, list[Said]]:
    """Standing rows as plain answers; one that was given for another plan holds no more, even before it is lapsed.

    `planned` is the plan of today, where it is known.
    """
    planned = planned or bound_to(event)
    said: defaultdict[str, list[Said]] = defaultdict(list)
    moved: dict[str, bool] = {}  # hundreds of answers were given for the same plan
    for row in rows:
        given = row.bound_to
        if isinstance(given, str):
            if given not in moved:
                moved[given] = has_moved(json.loads(given), planned)
            holds = not (row.is_yes and moved[given])
        else:
            holds = not (row.is_yes and has_moved(given, planned))
        said[row.child_id].append(Said(row.kind, row.guardian_id or row.institution_id or "", row.is_yes, holds))
    return said


def _covered(event: Event, rows: Iterable[Row[Any]]) -> set[str]:
    """`rows` are answers of those who decide today alone."""
    kinds = required_kinds(event)
    said = said_by_child(event, rows)
    return {child_id for child_id, own in said.items() if is_covered(own, {one.who for one in own}, kinds)}
