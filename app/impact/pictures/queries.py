"""Reads about pictures: an album for those who run the event, what anybody may see, and who must not be shown."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import joinedload

from app.accounts.actor import Actor
from app.consents.cover import missing, objectors
from app.consents.queries import deciders_among, said_by_child, standing_of
from app.db import Texts, db
from app.errors import NotFound
from app.events.models import OPEN_TO_SEE, Event
from app.events.policy import can_see_event, can_see_roster
from app.impact.pictures.drawing import SIDES
from app.impact.pictures.models import PhotoRefusal, Picture
from app.people.models import Person
from app.people.names import fold
from app.rosters.models import Group
from app.signups.models import SEATED, Place
from app.web.paging import Page, page_of

AT_ONCE = 48
ON_A_PAGE = 12
PHOTO = ("photo",)


@dataclass(frozen=True)
class Shown:
    """A published picture as a page draws it: `widths` is {size: pixels}, width and height are those of the large."""

    id: str
    event_id: str
    caption: Texts
    alt: Texts
    width: int
    height: int
    widths: Mapping[str, int]


@dataclass(frozen=True)
class Album:
    """The published pictures of one event: the first of them, and how many there are."""

    event_id: str
    pictures: Sequence[Shown]
    total: int


@dataclass(frozen=True)
class Hidden:
    """Somebody of the event who must be on no published picture. Why: "refused", or "silent" (a child for whom nobody
    agreed)."""

    person_id: str
    name: str
    age: int | None
    group: str
    why: str


def published_albums(event_ids: Collection[str], *, most: int = ON_A_PAGE) -> dict[str, Album]:
    """{event's id: its album} of those of these events that have one and that anybody may see: one query.

    The newest look comes first.
    """
    number = func.row_number().over(partition_by=Picture.event_id, order_by=(Picture.published_at.desc(), Picture.id))
    total = func.count().over(partition_by=Picture.event_id)
    ranked = _published(Picture.id, number.label("number"), total.label("total")).where(
        Picture.event_id.in_(list(event_ids))
    )
    first = ranked.subquery()
    query = select(Picture, first.c.total).join(first, first.c.id == Picture.id).where(first.c.number <= most)
    pictures: defaultdict[str, list[Shown]] = defaultdict(list)
    totals: dict[str, int] = {}
    for picture, count in db.session.execute(query.order_by(Picture.event_id, first.c.number)):
        pictures[picture.event_id].append(_shown(picture))
        totals[picture.event_id] = count
    return {event_id: Album(event_id, found, totals[event_id]) for event_id, found in pictures.items()}


def album_page(event: Event, *, cursor: str | None) -> Page[Shown]:
    """What is published of an event at hand, a page of it: whoever may see the event may see these."""
    query = select(Picture).where(Picture.event_id == event.id, Picture.published_at.is_not(None))
    page = page_of(db.session(), query, (Picture.uploaded_at, Picture.id), cursor=cursor, limit=AT_ONCE)
    return Page([_shown(picture) for picture in page.items], page.next)


def pictures_of(event: Event, *, cursor: str | None) -> Page[Picture]:
    """Every picture of the event for those who run it: what waits for somebody first."""
    query = select(Picture).where(Picture.event_id == event.id, *KEPT)
    return page_of(db.session(), query, (_waits(), Picture.uploaded_at, Picture.id), cursor=cursor, limit=AT_ONCE)


def picture_of(actor: Actor, picture_id: str) -> Picture:
    """A picture of an event that this actor helps to run; raises NotFound."""
    query = select(Picture).where(Picture.id == picture_id, *KEPT)
    picture = db.session.scalar(query.options(joinedload(Picture.event).joinedload(Event.site)))
    if picture is None or not can_see_roster(actor, picture.event):
        raise NotFound
    return picture


def chosen_pictures(event: Event, ids: Collection[str]) -> list[Picture]:
    """Those of these that are pictures of this event."""
    query = select(Picture).where(Picture.event_id == event.id, Picture.id.in_(list(ids)), *KEPT)
    return list(db.session.scalars(query.order_by(Picture.uploaded_at, Picture.id)))


def file_of(actor: Actor, picture_id: str, size: str) -> tuple[str, bool]:
    """(key in the store, whether anybody may see it); raises NotFound for whoever may not know of it."""
    if size not in SIDES:
        raise NotFound
    query = select(Picture, Event).join(Event, Event.id == Picture.event_id).where(Picture.id == picture_id, *KEPT)
    found = db.session.execute(query).first()
    if found is None:
        raise NotFound
    picture, event = found
    is_public = picture.is_published and event.is_public
    may_see = is_public or (picture.is_published and can_see_event(actor, event)) or can_see_roster(actor, event)
    if not may_see:
        raise NotFound
    return picture.keys[size], is_public


def must_not_be_shown(event: Event) -> list[Hidden]:
    """Those with a seat who refused, and children for whom nobody agreed to photographs; in the order of the alphabet.

    It names people: for those who may read the roster.
    """
    rows = db.session.execute(
        select(Place, Group.name, PhotoRefusal.id)
        .join(Place.person)
        .outerjoin(Group, Group.id == Place.group_id)
        .outerjoin(PhotoRefusal, and_(PhotoRefusal.person_id == Place.person_id, PhotoRefusal.withdrawn_at.is_(None)))
        .where(Place.event_id == event.id, Place.status.in_(SEATED))
        .options(joinedload(Place.person))
        .order_by(Person.name_sort, Person.id)
    ).all()
    people = [place.person for place, _, _ in rows]
    said = _why_not_children(event, [one for one in people if one.is_minor_on(event.local_date)])
    return [
        Hidden(
            person_id=place.person_id,
            name=place.person.full_name,
            age=place.person.age_on(event.local_date) if place.person.is_minor_on(event.local_date) else None,
            group=group or "",
            why="refused" if refusal else said[place.person_id],
        )
        for place, group, refusal in rows
        if refusal or place.person_id in said
    ]


def refusals_of(people: Collection[Person]) -> set[str]:
    """The ids of those of them who want to be on no picture."""
    ids = [one.id for one in people]
    query = select(PhotoRefusal.person_id).where(PhotoRefusal.person_id.in_(ids), PhotoRefusal.withdrawn_at.is_(None))
    return set(db.session.scalars(query))


def events_with_albums_of(person_ids: Collection[str]) -> list[Event]:
    """Events of these people of which pictures are published, the latest first."""
    went = select(Place.event_id).where(Place.person_id.in_(list(person_ids)), Place.status.in_(SEATED))
    published = select(Picture.event_id).where(Picture.published_at.is_not(None))
    query = select(Event).where(Event.id.in_(went), Event.id.in_(published), Event.status.in_(OPEN_TO_SEE))
    return list(db.session.scalars(query.order_by(Event.starts_at.desc(), Event.id).limit(AT_ONCE)))


def seated_people(event: Event, q: str) -> list[Person]:
    """Those with a seat whose name holds each of these words, the first 20 by name."""
    seated = select(Place.person_id).where(Place.event_id == event.id, Place.status.in_(SEATED))
    query = select(Person).where(Person.id.in_(seated))
    for word in fold(q).split():
        query = query.where(Person.name_search.contains(word, autoescape=True))
    return list(db.session.scalars(query.order_by(Person.name_sort, Person.id).limit(20)))


KEPT = (Picture.kept_at.is_not(None), Picture.removed_at.is_(None))


def _published(*what: Any) -> Select[Any]:
    """Pictures that anybody may see: not those of drafts, nor of events that are kept from the public."""
    anybody = (Event.status.in_(OPEN_TO_SEE), Event.is_hidden.is_(False))
    return select(*what).join(Event, Event.id == Picture.event_id).where(Picture.published_at.is_not(None), *anybody)


def _shown(picture: Picture) -> Shown:
    said = (picture.caption, picture.alt, picture.width, picture.height)
    return Shown(picture.id, picture.event_id, *said, picture.widths)


def _waits() -> ColumnElement[int]:
    """0 for what came down and must be looked at, 1 for what isn't published, 2 for the rest."""
    return case((Picture.withdrawn_why == "consent", literal(0)), (Picture.published_at.is_(None), literal(1)), else_=2)


def _why_not_children(event: Event, children: Sequence[Person]) -> dict[str, str]:
    """{child's id: why} of those whose guardians did not agree."""
    if not children:
        return {}
    said = said_by_child(event, standing_of(event.id, [child.id for child in children]))
    deciders, found = deciders_among(children), {}
    for child in children:
        own = said.get(child.id, ())
        if objectors(own, deciders[child.id], PHOTO):
            found[child.id] = "refused"
        elif missing(own, deciders[child.id], PHOTO):
            found[child.id] = "silent"
    return found
