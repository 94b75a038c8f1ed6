"""Who besides the participants must hear of a change: institutions' contacts, hosts, helpers, bus firm, caterer, staff.

One statement for each kind, all asked in one question; a new kind is one more statement.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, literal, select, union_all

from app.accounts.actor import HELPER
from app.accounts.models import Account, Grant
from app.db import db
from app.errors import N_
from app.events.models import Event
from app.events.trip_models import Host
from app.people.models import Person
from app.rosters.duty_models import Duty, LunchOrder, Need
from app.rosters.duty_standing import standing
from app.rosters.hands import STANDING
from app.rosters.models import Bus
from app.signups.models import Invitation, InvitationContact

KINDS = {
    "host": N_("Host or guide"),
    "helper": N_("Helper"),
    "bus": N_("Bus"),
    "caterer": N_("Caterer"),
    "staff": N_("Staff of the day"),
}
WRITTEN, CALLED = literal(1), literal(0)
CONTACTS = (
    select(literal("institution"), InvitationContact.name, InvitationContact.email, WRITTEN)
    .join(Invitation, Invitation.id == InvitationContact.invitation_id)
    .where(
        Invitation.event_id == bindparam("event_id"),
        Invitation.revoked_at.is_(None),
        InvitationContact.revoked_at.is_(None),
    )
)
HOSTS = select(
    literal("host"), Host.name, func.coalesce(func.nullif(Host.email, ""), Host.phone),
    case((Host.email != "", 1), else_=0),
).where(Host.event_id == bindparam("event_id"), Host.removed_at.is_(None), Host.invited_at.is_not(None))  # fmt: skip
HELPERS = (
    select(
        literal("helper"), Person.surname + " " + Person.given_name, func.coalesce(Person.email, Person.phone, ""),
        case((Person.email.is_not(None), 1), else_=0),
    )
    .join(Account, Account.person_id == Person.id)
    .join(Grant, Grant.account_id == Account.id)
    .where(
        Grant.event_id == bindparam("event_id"), Grant.role == HELPER, *STANDING, Person.deactivated_at.is_(None)
    )
)  # fmt: skip
BUSES = select(literal("bus"), Bus.name, Bus.driver_phone, CALLED).where(
    Bus.event_id == bindparam("event_id"), Bus.closed_at.is_(None)
)
# Whoever knows no number yet hears the numbers, and the day, at the cut-off.
ORDERED = select(LunchOrder.total).where(LunchOrder.event_id == Event.id).order_by(LunchOrder.number.desc()).limit(1)
CATERERS = select(
    literal("caterer"), func.coalesce(Event.caterer_name, ""), Event.caterer_email,
    case((ORDERED.correlate(Event).scalar_subquery() > 0, 1), else_=0),
).where(Event.id == bindparam("event_id"), Event.lunch, Event.caterer_email.is_not(None))  # fmt: skip
STAFF = standing(
    select(
        literal("staff"), Person.surname + " " + Person.given_name, func.coalesce(Person.email, Person.phone, ""),
        case((Person.email.is_not(None), 1), else_=0),
    ).distinct()
).where(Need.event_id == bindparam("event_id"), Duty.person_id.is_not(None))  # fmt: skip
EVERYBODY = union_all(CONTACTS, HOSTS, HELPERS, BUSES, CATERERS, STAFF)


@dataclass(frozen=True)
class Outsider:
    """Somebody who has no place at the event but a part in it. `contact` is a telephone or an address, or empty.

    Whoever gets no letter from us somebody must tell.
    """

    kind: str
    name: str
    contact: str
    gets_letter: bool


def outsiders_of(event: Event) -> list[Outsider]:
    """All of them, kind by kind."""
    rows = db.session.execute(EVERYBODY, {"event_id": event.id})
    found = [Outsider(kind, name, contact, bool(written)) for kind, name, contact, written in rows]
    return sorted(found, key=lambda one: (one.kind, one.name))
