"""The pages of one event's desk, in the order of the work: those that this person may open. Pure, without a query."""

from dataclasses import dataclass, field

from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, Actor
from app.desk.departure.policy import can_see_board
from app.errors import N_
from app.events.models import Event
from app.events.policy import can_manage_event, can_see_roster
from app.rosters.group_policy import can_see_groups


@dataclass(frozen=True)
class DeskPage:
    """One page: where it is and what its tab says."""

    endpoint: str
    words: str
    values: dict[str, str] = field(default_factory=dict)


GROUPS = DeskPage("groups.board", N_("Groups"), {"what": "groups"})
BUSES = DeskPage("groups.board", N_("Buses"), {"what": "buses"})
PICTURES = DeskPage("pictures.index", N_("Pictures"))
AFTERWARDS = (DeskPage("desk.safety.show", N_("Safety")), DeskPage("desk.day.show", N_("The day")))


def desk_pages(actor: Actor, event: Event) -> list[DeskPage]:
    """The tabs of this event for this person; none for whoever has nothing to do at its desk."""
    manages, on_roster = can_manage_event(actor, event), can_see_roster(actor, event)
    on_groups = can_see_groups(actor, event)
    runs_day = on_roster and actor.has_role(COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER)
    pages = [
        (on_roster, DeskPage("events.show", N_("The event"))),
        (on_roster, DeskPage("desk.roster", N_("Attendees"))),
        (runs_day, DeskPage("events.trip.show", N_("Trip"))),
        (manages, DeskPage("duties.index", N_("Duties"))),
        (on_groups, GROUPS),
        (on_groups, BUSES),
        (can_see_board(actor, event), DeskPage("departures.show", N_("Departure"))),
        (runs_day, DeskPage("desk.prints.index", N_("Print"))),
        (can_see_board(actor, event), DeskPage("desk.legs.index", N_("The way home"))),
        (can_see_board(actor, event), DeskPage("desk.conflicts.index", N_("Conflicts"))),
        (on_roster, DeskPage("desk.shell.desk", N_("Desk"))),
        (on_roster, DeskPage("desk.devices.index", N_("Phones"))),
        *((can_see_board(actor, event), page) for page in AFTERWARDS),
        (on_roster, PICTURES),
        (manages, DeskPage("reminders.show", N_("Reminders"))),
        (manages, DeskPage("proof.of_event", N_("Mail"))),
        (manages, DeskPage("history.of_event", N_("History"))),
    ]
    return [page for allowed, page in pages if allowed]
