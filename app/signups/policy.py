"""Who may sign whom up, and who may cancel. Pure: `family` is the actor and the children whom they decide for,
`brigade` the colleagues of the brigades that they lead."""

from collections.abc import Collection, Iterable

from app.accounts.actor import Actor
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Person
from app.signups.models import Place, SignUp


def can_sign_up(
    actor: Actor, person: Person, event: Event, *, family: Collection[str], brigade: Collection[str] = ()
) -> bool:
    """Oneself, one's own children while they are minors, one's brigade, and, for coordinators of the event, anybody."""
    if actor.person_id == person.id or can_manage_event(actor, event):
        return actor.is_signed_in
    return person.id in (family if person.is_minor_on(event.local_date) else brigade)


def can_cancel(actor: Actor, signup: SignUp, *, family: Collection[str], places: Iterable[Place] | None = None) -> bool:
    """Takes these places out (all that stand, if none are named): the one who leads the party, whoever they belong
    to or is guardian of them, the event's coordinators. A child goes or stays as its guardians of today say."""
    if not actor.is_signed_in:
        return False
    if can_manage_event(actor, signup.event):
        return True
    chosen = list(signup.standing_places if places is None else places)
    return bool(chosen) and all(_is_theirs(actor, place, signup, family) for place in chosen)


def can_change_party(actor: Actor, signup: SignUp) -> bool:
    """Adds, replaces and reorders people: the one who leads the party, and the event's coordinators."""
    return actor.is_signed_in and (actor.person_id == signup.leader_id or can_manage_event(actor, signup.event))


def can_see_place(actor: Actor, place: Place, *, family: Collection[str]) -> bool:
    """Whose name is read: grown-ups of one's party, and children only by those who decide for them today."""
    return can_manage_event(actor, place.event) or _is_theirs(actor, place, place.signup, {*family})


def _is_theirs(actor: Actor, place: Place, signup: SignUp, family: Collection[str]) -> bool:
    if place.person_id == actor.person_id:
        return True
    if place.person.is_minor_on(signup.event.local_date):
        return place.person_id in family
    return actor.person_id == signup.leader_id
