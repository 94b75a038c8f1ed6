"""What somebody may do on a roster, as one value for its pages. Pure."""

from dataclasses import dataclass

from app.accounts.actor import COORDINATOR, HELPER, SAFETY_OFFICER, Actor
from app.attendance.policy import can_mark
from app.events.models import Event
from app.events.policy import can_manage_event
from app.gifts.policy import can_hand_out


@dataclass(frozen=True, slots=True)
class Powers:
    """The buttons that this actor finds."""

    mark: bool
    give: bool
    manage: bool


def powers(actor: Actor, event: Event) -> Powers:
    """Safety officers mark and don't give, gift keepers give and don't mark, coordinators do all."""
    return Powers(can_mark(actor, event), can_hand_out(actor, event), can_manage_event(actor, event))


def desk_powers(actor: Actor, event: Event) -> frozenset[str]:
    """What this actor may record on the event's day: mark, give, lead, manage, safety."""
    here = {"city": event.site.city, "programme_id": event.programme_id, "event_id": event.id}
    may = powers(actor, event)
    held = {
        "mark": may.mark,
        "give": may.give,
        "manage": may.manage,
        "safety": actor.holds(SAFETY_OFFICER, COORDINATOR, **here),
        "lead": actor.holds(SAFETY_OFFICER, COORDINATOR, HELPER, **here),
    }
    return frozenset(power for power, is_held in held.items() if is_held)
