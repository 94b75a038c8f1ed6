"""Who besides the participants must hear of a change: institutions' contacts, hosts, bus firm, caterer.

One statement for each kind, all asked in one question; a new kind is one more statement.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, literal, select, union_all

from app.db import db
from app.errors import N_
from app.events.models import Event
from app.events.trip_models import Host
from app.rosters.models import Bus
from app.signups.models import Invitation, InvitationContact

KINDS = {"host": N_("Host or guide"), "bus": N_("Bus"), "caterer": N_("Caterer")}
CONTACTS = (
    select(literal("institution"), InvitationContact.name, InvitationContact.email)
    .join(Invitation, Invitation.id == InvitationContact.invitation_id)
    .where(
        Invitation.event_id == bindparam("event_id"),
        Invitation.revoked_at.is_(None),
        InvitationContact.revoked_at.is_(None),
    )
)
HOSTS = select(literal("host"), Host.name, func.coalesce(func.nullif(Host.email, ""), Host.phone)).where(
    Host.event_id == bindparam("event_id"), Host.removed_at.is_(None), Host.invited_at.is_not(None)
)
BUSES = select(literal("bus"), Bus.name, Bus.driver_phone).where(
    Bus.event_id == bindparam("event_id"), Bus.closed_at.is_(None)
)
CATERERS = select(literal("caterer"), func.coalesce(Event.caterer_name, ""), Event.caterer_email).where(
    Event.id == bindparam("event_id"), Event.lunch, Event.caterer_email.is_not(None)
)
EVERYBODY = union_all(CONTACTS, HOSTS, BUSES, CATERERS)


@dataclass(frozen=True)
class Outsider:
    """Somebody who has no place at the event but a part in it. `contact` is a telephone or an address, or empty."""

    kind: str
    name: str
    contact: str

    @property
    def gets_letter(self) -> bool:
        """Hosts with an address are asked anew or called off by the worker; the others somebody must tell."""
        return self.kind == "host" and "@" in self.contact


def outsiders_of(event: Event) -> list[Outsider]:
    """All of them, kind by kind."""
    found = [Outsider(*row) for row in db.session.execute(EVERYBODY, {"event_id": event.id})]
    return sorted(found, key=lambda one: (one.kind, one.name))
