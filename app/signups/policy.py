"""Who may sign whom up, and who may cancel. Pure: `family` is the actor and the children whom they decide for."""

from collections.abc import Collection

from app.accounts.actor import Actor
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Person
from app.signups.models import SignUp


def can_sign_up(actor: Actor, person: Person, event: Event, *, family: Collection[str]) -> bool:
    """Oneself, one's own children while they are minors, and, for coordinators of the event, anybody."""
    if actor.person_id == person.id or can_manage_event(actor, event):
        return actor.is_signed_in
    return person.id in family and person.is_minor_on(event.local_date)


def can_cancel(actor: Actor, signup: SignUp, *, family: Collection[str]) -> bool:
    """The one who leads the party, whose family all of it is, and the event's coordinators."""
    if not actor.is_signed_in:
        return False
    if actor.person_id == signup.leader_id or can_manage_event(actor, signup.event):
        return True
    places = signup.standing_places
    return bool(places) and all(place.person_id in family for place in places)
