"""Who may add pictures, say what is on them, publish them and take them down. Pure."""

from app.accounts.actor import COORDINATOR, Actor
from app.events.models import Event
from app.events.policy import can_manage_event, can_see_roster
from app.impact.pictures.models import Picture
from app.people.models import Person


def can_add_pictures(actor: Actor, event: Event) -> bool:
    """Those who run the day, helpers too: they took the pictures, and they know who must not be shown."""
    return actor.account_id is not None and can_see_roster(actor, event)


def can_describe(actor: Actor, event: Event) -> bool:
    """The same: whoever was there knows who is on it."""
    return can_add_pictures(actor, event)


def can_publish(actor: Actor, event: Event) -> bool:
    """Coordinators of the event; that it is not their own picture is a rule of its own, with its sentence."""
    return actor.account_id is not None and can_manage_event(actor, event)


def can_take_down(actor: Actor, picture: Picture) -> bool:
    """Coordinators, and whoever uploaded it: taking down never waits for somebody else."""
    return can_manage_event(actor, picture.event) or _is_own(actor, picture)


def can_remove(actor: Actor, picture: Picture) -> bool:
    """Coordinators; whoever uploaded it as long as it isn't published."""
    return can_manage_event(actor, picture.event) or (_is_own(actor, picture) and not picture.is_published)


def can_speak_for(actor: Actor, person: Person, *, decides: bool) -> bool:
    """About being on pictures: oneself, who `decides` for a child, and coordinators of the person's city."""
    own = actor.person_id is not None and (actor.person_id == person.id or decides)
    return own or actor.holds(COORDINATOR, city=person.city)


def _is_own(actor: Actor, picture: Picture) -> bool:
    return (
        actor.account_id is not None
        and actor.account_id == picture.uploaded_by_id
        and can_see_roster(actor, picture.event)
    )
