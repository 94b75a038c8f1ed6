"""Reads for those who answer: an offer of a seat, or whether a party may go. By link, or logged in."""

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.actor import Actor
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event
from app.events.queries import managed_by
from app.signups.answer_links import APPROVAL, OFFER, named_by
from app.signups.approvers import can_answer_approval, reader_of
from app.signups.models import Approval, Offer, Place, SignUp
from app.signups.policy import can_see_place
from app.signups.queries import family_ids
from app.web.paging import Page, page_of

AT_ONCE = 50
PARTY = selectinload(SignUp.places).joinedload(Place.person)
ANONYMOUS = Actor()


def offer_by_link(token: str, *, now: datetime) -> tuple[Offer, Actor]:
    """The offer that a letter's link names, and who reads it. Raises LinkWrong, LinkExpired, NotFound.

    A link dies with its reader's say: who left the party, or is guardian in it no longer, finds nothing.
    """
    offer_id, person_id = named_by(OFFER, token, now=now)
    offer = db.session.scalar(_offers().where(Offer.id == offer_id))
    if offer is None:
        raise NotFound
    if person_id is None:
        return offer, ANONYMOUS
    reader = reader_of(person_id, now=now)
    if not is_of_party(reader, offer.signup):
        raise NotFound
    return offer, reader


def offer_of(actor: Actor, signup_id: str) -> Offer:
    """The party's latest offer, for whoever may answer it; raises NotFound."""
    query = _offers().where(Offer.signup_id == signup_id).order_by(Offer.made_at.desc(), Offer.id).limit(1)
    return _answerable(actor, db.session.scalar(query))


def offer_named(actor: Actor, offer_id: str) -> Offer:
    """The offer, for whoever may answer it; raises NotFound."""
    return _answerable(actor, db.session.scalar(_offers().where(Offer.id == offer_id)))


def approval_by_link(token: str, *, now: datetime) -> tuple[Approval, Actor]:
    """The approval that a letter's link names, and who reads it. Raises LinkWrong, LinkExpired, NotFound."""
    approval_id, person_id = named_by(APPROVAL, token, now=now)
    reader = reader_of(person_id, now=now)
    return approval_named(reader, approval_id), reader


def approval_of(actor: Actor, signup_id: str) -> Approval:
    """The party's latest approval, for whoever may answer it; raises NotFound."""
    query = _approvals().where(Approval.signup_id == signup_id).order_by(Approval.asked_at.desc(), Approval.id)
    return _to_answer(actor, db.session.scalars(query.limit(1)).first())


def approval_named(actor: Actor, approval_id: str) -> Approval:
    """The approval, for whoever may answer it; raises NotFound."""
    return _to_answer(actor, db.session.scalar(_approvals().where(Approval.id == approval_id)))


def open_approvals(actor: Actor, *, now: datetime, cursor: str | None = None, limit: int = AT_ONCE) -> Page[Approval]:
    """What this person is asked, and what waits at the events that they coordinate; the most urgent first."""
    asked = or_(Approval.asked_person_id == actor.person_id, Event.coordinator_id == actor.person_id, managed_by(actor))
    own = (Approval.asked == "manager") & (SignUp.leader_id == actor.person_id)
    query = _approvals().where(Approval.answered_at.is_(None), Approval.due_at > now, asked, ~own)
    return page_of(db.session(), query, (Approval.due_at, Approval.id), cursor=cursor, limit=limit)


def places_shown(actor: Actor, places: list[Place]) -> list[Place]:
    """Those of the party whose names this reader may read; an institution's contact, who has no name here, all."""
    if actor.person_id is None:
        return places
    family = family_ids(actor)
    return [place for place in places if can_see_place(actor, place, family=family)]


def decides(actor: Actor, signup: SignUp) -> bool:
    """Who answers for the whole party: its leader, the guardians of its children, the event's coordinators."""
    if actor.person_id == signup.leader_id or can_manage_event(actor, signup.event):
        return True
    family, day = family_ids(actor), signup.event.local_date
    return any(place.person_id in family and place.person.is_minor_on(day) for place in signup.places)


def is_of_party(actor: Actor, signup: SignUp) -> bool:
    """Whether they lead the party, go along, or have a child in it."""
    if actor.person_id == signup.leader_id:
        return True
    family = family_ids(actor)
    return any(place.person_id in family for place in signup.places)


def _answerable(actor: Actor, offer: Offer | None) -> Offer:
    if offer is None or not decides(actor, offer.signup):
        raise NotFound
    return offer


def _to_answer(actor: Actor, approval: Approval | None) -> Approval:
    if approval is None or not can_answer_approval(actor, approval):
        raise NotFound
    return approval


def _offers() -> Select[Offer]:
    party = joinedload(Offer.signup)
    return select(Offer).options(party.joinedload(SignUp.event).joinedload(Event.site), party.options(PARTY))


def _approvals() -> Select[Approval]:
    party = contains_eager(Approval.signup)
    return (
        select(Approval)
        .join(Approval.signup)
        .join(SignUp.event)
        .join(Event.site)
        .options(
            party.contains_eager(SignUp.event).contains_eager(Event.site),
            party.joinedload(SignUp.leader),
            party.options(PARTY),
        )
    )
