"""Saved views of rosters: filters, order and columns under a name; one's own, or shared with a city's coordinators."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app.accounts.actor import COORDINATOR, Actor
from app.audit.operations import record
from app.db import db, new_id, transaction
from app.desk.roster.asking import Asked, asked
from app.desk.roster.models import LONGEST_NAME, RosterView
from app.errors import N_, Invalid, NotFound, require
from app.events.models import Event
from app.events.policy import can_manage_event, can_see_roster

MOST = 50


def save_view(
    event: Event, said: Asked, *, name: str, is_shared: bool, here_only: bool, now: datetime, actor: Actor
) -> RosterView:
    """Keeps what is asked for under a name; the same name again replaces it. Sharing is the coordinators'.

    A view for all events leaves out what only this one has: its groups, buses and shifts. Raises Invalid, NotAllowed.
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Invalid({"name": N_("Give the view a name.")})
    with transaction() as session:
        require(can_manage_event(actor, event) if is_shared else can_see_roster(actor, event))
        own = select(RosterView).where(RosterView.account_id == actor.account_id)
        view = session.scalar(own.where(RosterView.name == name).with_for_update())
        if view is None:
            if len(session.scalars(own.with_only_columns(RosterView.id)).all()) >= MOST:
                raise Invalid({"name": N_("You have 50 views. Remove one first.")})
            view = RosterView(id=new_id(), account_id=str(actor.account_id), name=name, created_at=now)
            session.add(view)
        view.event_id = event.id if here_only else None
        view.city = event.site.city if is_shared else None
        view.query = _kept(said.words(), here_only=here_only)
        record(actor, "save_view", view, now=now)
    return view


def remove_view(view_id: str, *, now: datetime, actor: Actor) -> None:
    """One's own view goes; raises NotFound for another's."""
    with transaction() as session:
        view = session.get(RosterView, view_id)
        if view is None or view.account_id != actor.account_id:
            raise NotFound
        record(actor, "remove_view", view, now=now)
        session.delete(view)


def view_for(view_id: str, event: Event, actor: Actor) -> Asked:
    """What a view asks for; raises NotFound where it is not the actor's, nor shared with them, nor for this event."""
    view = db.session.get(RosterView, view_id)
    if view is None or view.event_id not in (None, event.id):
        raise NotFound
    shared = view.city is not None and view.city == event.site.city
    if view.account_id != actor.account_id and not (
        shared and actor.holds(COORDINATOR, city=view.city, event_id=event.id)
    ):
        raise NotFound
    return asked(view.query)


def views_for(event: Event, actor: Actor) -> Sequence[RosterView]:
    """The actor's own views that fit this event, and those shared in its city where they coordinate it; by name."""
    mine = RosterView.account_id == actor.account_id
    if actor.holds(COORDINATOR, city=event.site.city, event_id=event.id):
        mine = or_(mine, RosterView.city == event.site.city)
    query = select(RosterView).where(mine, or_(RosterView.event_id.is_(None), RosterView.event_id == event.id))
    return db.session.scalars(query.order_by(RosterView.name, RosterView.id)).all()


def _kept(words: Mapping[str, str], *, here_only: bool) -> dict[str, str]:
    of_this_event = () if here_only else ("group", "bus", "shift")
    return {name: word for name, word in words.items() if name not in of_this_event or word == "none"}
