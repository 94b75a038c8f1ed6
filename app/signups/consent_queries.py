"""Reads about consents for pages: one child's sheet for one guardian, an event's children, and the register."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased, joinedload

from app.access.signed_links import read_link
from app.accounts.actor import Actor
from app.accounts.models import Account
from app.consents.cover import kinds_for, missing, objectors, required_kinds
from app.consents.models import Consent, ConsentText
from app.consents.queries import (
    consent_states,
    deciders_among,
    said_by_child,
    standing_consents,
    standing_of,
    texts_in_force,
)
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Guardianship, Institution, Person
from app.people.queries import may_decide_for
from app.signups.consent_mails import PURPOSE
from app.signups.models import STANDING, Place
from app.web.paging import Page, page_of

CHILDREN_AT_ONCE = 200


@dataclass(frozen=True)
class Line:
    """One kind on the sheet: the text in force, what this reader said, and the id by which the text is named."""

    kind: str
    text: ConsentText
    is_required: bool
    mine: bool | None


@dataclass(frozen=True)
class Sheet:
    """What one guardian is asked about one child. State: open, begun, of-age, gone (no place any more)."""

    place: Place
    event: Event
    reader: Person
    state: str
    lines: Sequence[Line]
    others: Sequence[tuple[str, str, bool]]
    is_covered: bool

    @property
    def read(self) -> dict[str, str]:
        """{kind: id of the text shown}."""
        return {line.kind: line.text.id for line in self.lines}

    @property
    def has_answered(self) -> bool:
        """Whether this reader said anything yet."""
        return any(line.mine is not None for line in self.lines)


@dataclass(frozen=True)
class Saying:
    """What one guardian said at one moment: the same word to these kinds, by one way."""

    who: str
    is_yes: bool
    kinds: Sequence[str]
    given_at: datetime
    channel: str
    scan_of: str | None


@dataclass(frozen=True)
class ChildLine:
    """One child of an event: who decides, what was said, what is missing, and who is against it."""

    place: Place
    age: int | None
    guardians: Sequence[Guardianship]
    answers: Sequence[Consent]
    sayings: Sequence[Saying]
    missing: Sequence[str]
    against: Sequence[str]

    @property
    def is_covered(self) -> bool:
        """Whether the child may go."""
        return not self.missing


@dataclass(frozen=True)
class Entry:
    """One answer in the register, with the names behind its ids."""

    consent: Consent
    child: Person
    text: ConsentText
    who: str
    relation: str
    recorded_by: str
    revoked_by: str

    @property
    def ended_at(self) -> datetime | None:
        """When it was taken back or lapsed."""
        ends = [moment for moment in (self.consent.revoked_at, self.consent.lapsed_at) if moment]
        return min(ends, default=None)


def guardian_by_link(token: str, *, now: datetime) -> tuple[Place, Person]:
    """Whose place and which guardian a link from a letter names; NotFound once they don't decide for the child."""
    facts = read_link(PURPOSE, token, now=now)
    place, guardian = db.session.get(Place, facts["place"]), db.session.get(Person, facts["guardian"])
    if place is None or guardian is None or not may_decide_for(guardian.id, place.person_id):
        raise NotFound
    return place, guardian


def own_childs_place(actor: Actor, place_id: str) -> tuple[Place, Person]:
    """The place of a child for whom the actor decides, and the actor; raises NotFound."""
    place = db.session.get(Place, place_id)
    if place is None or actor.person_id is None or not may_decide_for(actor.person_id, place.person_id):
        raise NotFound
    return place, db.session.get_one(Person, actor.person_id)


def childs_place(actor: Actor, place_id: str) -> Place:
    """A child's place on an event that the actor coordinates; raises NotFound."""
    place = db.session.get(Place, place_id, options=[joinedload(Place.event), joinedload(Place.person)])
    if place is None or not can_manage_event(actor, place.event):
        raise NotFound
    if not place.person.is_minor_on(place.event.local_date):
        raise NotFound
    return place


def place_to_answer(actor: Actor, place_id: str) -> Place:
    """A place of the actor's own child, or on an event that the actor coordinates; raises NotFound."""
    place = db.session.get(Place, place_id)
    if place is None:
        raise NotFound
    if can_manage_event(actor, place.event) or may_decide_for(actor.person_id or "", place.person_id):
        return place
    raise NotFound


def sheet_of(place: Place, reader: Person, *, now: datetime) -> Sheet:
    """All that this guardian reads and said, and what the others said."""
    event, rows = place.event, standing_consents(place.person_id, place.event_id)
    kinds, required = kinds_for(event), required_kinds(event)
    said = said_by_child(event, rows).get(place.person_id, [])
    deciders = deciders_among([place.person])[place.person_id]
    mine = {one.kind: one.is_yes for one in said if one.who == reader.id and one.holds}
    others = [one for one in said if one.who in deciders - {reader.id} and one.holds and one.kind in kinds]
    names = names_of({one.who for one in others})
    return Sheet(
        place=place,
        event=event,
        reader=reader,
        state=_state(place, now),
        lines=[Line(kind, text, kind in required, mine.get(kind)) for kind, text in texts_in_force(kinds).items()],
        others=[(names.get(one.who, ""), one.kind, one.is_yes) for one in others],
        is_covered=not missing(said, deciders, required),
    )


def children_of_event(
    event: Event, *, only_open: bool = False, cursor: str | None = None, limit: int = CHILDREN_AT_ONCE
) -> Page[ChildLine]:
    """The children who go or wait, in the order of the alphabet; `only_open`: those who are not covered."""
    query = (
        select(Place)
        .join(Place.person)
        .where(Place.event_id == event.id, Place.status.in_(STANDING), Person.minors_on(event.local_date))
        .options(joinedload(Place.person))
    )
    if only_open:
        query = query.where(Place.person_id.not_in(list(consent_states(event))))
    page = page_of(db.session(), query, (Person.name_sort, Place.id), cursor=cursor, limit=limit)
    return Page(_child_lines(event, page.items), page.next)


def child_line(place: Place) -> ChildLine:
    """The same of one child."""
    return _child_lines(place.event, [place])[0]


def register_of(event: Event) -> list[Entry]:
    """Every answer that was ever given for this event, by child, kind and time: the evidence."""
    guardian, recorder, revoker = aliased(Person), aliased(Person), aliased(Person)
    by, relation = aliased(Account), Guardianship
    query = (
        select(Consent, Person, ConsentText, guardian, relation.relation, recorder, revoker, Institution)
        .join(Person, Person.id == Consent.child_id)
        .join(ConsentText, ConsentText.id == Consent.text_id)
        .outerjoin(guardian, guardian.id == Consent.guardian_id)
        .outerjoin(relation, and_(relation.guardian_id == Consent.guardian_id, relation.child_id == Consent.child_id))
        .outerjoin(by, by.id == Consent.recorded_by_id)
        .outerjoin(recorder, recorder.id == by.person_id)
        .outerjoin(revoker, revoker.id == Consent.revoked_by_person_id)
        .outerjoin(Institution, Institution.id == Consent.institution_id)
        .where(Consent.event_id == event.id)
        .order_by(Person.name_sort, Person.id, Consent.kind, Consent.given_at, Consent.id)
    )
    return [_entry(*row) for row in db.session.execute(query)]


def consent_with_scan(actor: Actor, consent_id: str) -> Consent:
    """A scanned answer on an event that the actor coordinates; raises NotFound."""
    consent = db.session.get(Consent, consent_id)
    event = db.session.get(Event, consent.event_id) if consent else None
    if consent is None or event is None or not consent.scan_key or not can_manage_event(actor, event):
        raise NotFound
    return consent


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """{id: name} of people and institutions' contacts."""
    wanted = list(ids)
    if not wanted:
        return {}
    people = db.session.scalars(select(Person).where(Person.id.in_(wanted)))
    senders = db.session.scalars(select(Institution).where(Institution.id.in_(wanted)))
    return {one.id: one.short_name for one in people} | {one.id: one.contact_name for one in senders}


def _state(place: Place, now: datetime) -> str:
    if not place.is_standing:
        return "gone"
    if not place.person.is_minor_on(place.event.local_date):
        return "of-age"
    return "begun" if place.event.starts_at <= now else "open"


def _child_lines(event: Event, places: Sequence[Place]) -> list[ChildLine]:
    children = {place.person_id: place.person for place in places}
    rows = standing_of(event.id, children)
    said, deciders = said_by_child(event, rows), deciders_among(children.values())
    guardians, kinds = _guardianships(children), required_kinds(event)
    against = {id_: objectors(said.get(id_, ()), deciders[id_], kinds) for id_ in children}
    names = names_of({row.guardian_id or row.institution_id or "" for row in rows})
    answers: defaultdict[str, list[Consent]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.given_at):
        answers[row.child_id].append(row)
    return [
        ChildLine(
            place=place,
            age=place.person.age_on(event.local_date),
            guardians=guardians.get(place.person_id, ()),
            answers=answers[place.person_id],
            sayings=_sayings(answers[place.person_id], names),
            missing=missing(said.get(place.person_id, ()), deciders[place.person_id], kinds),
            against=[names[who] for who in against[place.person_id]],
        )
        for place in places
    ]


def _sayings(rows: Iterable[Consent], names: Mapping[str, str]) -> list[Saying]:
    said: defaultdict[tuple[str, bool, datetime, str], list[Consent]] = defaultdict(list)
    for row in rows:
        who = row.given_by_name or names.get(row.guardian_id or "", "")
        said[who, row.is_yes, row.given_at, row.channel].append(row)
    return [
        Saying(who, is_yes, [row.kind for row in own], at, channel, own[0].id if own[0].scan_key else None)
        for (who, is_yes, at, channel), own in said.items()
    ]


def _guardianships(child_ids: Iterable[str]) -> Mapping[str, list[Guardianship]]:
    query = (
        select(Guardianship)
        .where(Guardianship.child_id.in_(list(child_ids)), Guardianship.ended_at.is_(None))
        .options(joinedload(Guardianship.guardian))
    )
    found: defaultdict[str, list[Guardianship]] = defaultdict(list)
    for row in db.session.scalars(query):
        found[row.child_id].append(row)
    return {child: sorted(own, key=lambda row: row.guardian.name_sort) for child, own in found.items()}


def _entry(
    consent: Consent,
    child: Person,
    text: ConsentText,
    guardian: Person | None,
    relation: str | None,
    recorder: Person | None,
    revoker: Person | None,
    institution: Institution | None,
) -> Entry:
    return Entry(
        consent=consent,
        child=child,
        text=text,
        who=guardian.full_name if guardian else consent.given_by_name,
        relation="institution" if institution else relation or "",
        recorded_by=recorder.short_name if recorder else "",
        revoked_by=revoker.short_name if revoker else "",
    )
