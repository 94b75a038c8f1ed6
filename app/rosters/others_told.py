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
from app.mail.models import Suppression
from app.people.models import Person
from app.rosters.duty_models import Duty, LunchOrder, Need
from app.rosters.duty_standing import standing
from app.rosters.hands import STANDING
from app.rosters.models import Bus
from app.signups.models import Invitation, InvitationContact

KINDS = {
    "institution": N_("Institution"),
    "host": N_("Host or guide"),
    "helper": N_("Helper"),
    "bus": N_("Bus"),
    "caterer": N_("Caterer"),
    "staff": N_("Staff of the day"),
}
NOTHING = literal("")
EMAIL, PHONE = func.coalesce(Person.email, ""), func.coalesce(Person.phone, "")
CONTACTS = (
    select(literal("institution"), InvitationContact.name, InvitationContact.email, NOTHING)
    .join(Invitation, Invitation.id == InvitationContact.invitation_id)
    .where(
        Invitation.event_id == bindparam("event_id"),
        Invitation.revoked_at.is_(None),
        InvitationContact.revoked_at.is_(None),
    )
)
HOSTS = select(
    literal("host"), Host.name, Host.email, Host.phone,
).where(Host.event_id == bindparam("event_id"), Host.removed_at.is_(None), Host.invited_at.is_not(None))  # fmt: skip
HELPERS = (
    select(
        literal("helper"), Person.surname + " " + Person.given_name, EMAIL, PHONE
    )
    .join(Account, Account.person_id == Person.id)
    .join(Grant, Grant.account_id == Account.id)
    .where(
        Grant.event_id == bindparam("event_id"), Grant.role == HELPER, *STANDING, Person.deactivated_at.is_(None)
    )
)  # fmt: skip
BUSES = select(
    literal("bus"), case((Bus.firm == "", Bus.name), else_=Bus.name + ", " + Bus.firm),
    Bus.firm_email, Bus.driver_phone,
).where(Bus.event_id == bindparam("event_id"), Bus.closed_at.is_(None))  # fmt: skip
# A caterer that was not asked yet gets no letter.
UNTOLD, KNOWN_AS = "caterer-to-be", {"caterer-to-be": "caterer"}
# Whoever knows no number yet hears the numbers, and the day, at the cut-off.
ORDERED = select(LunchOrder.total).where(LunchOrder.event_id == Event.id).order_by(LunchOrder.number.desc()).limit(1)
CATERERS = select(
    case((ORDERED.correlate(Event).scalar_subquery() > 0, "caterer"), else_="caterer-to-be"),
    func.coalesce(Event.caterer_name, ""), Event.caterer_email, NOTHING,
).where(Event.id == bindparam("event_id"), Event.lunch, Event.caterer_email.is_not(None))  # fmt: skip
STAFF = standing(
    select(
        literal("staff"), Person.surname + " " + Person.given_name, EMAIL, PHONE
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
    """All of them, kind by kind. An address from which letters come back is none."""
    rows = db.session.execute(EVERYBODY, {"event_id": event.id}).all()
    bad = _bouncing({address.lower() for _kind, _name, address, _phone in rows if address})
    found = []
    for kind, name, address, phone in rows:
        writes = bool(address) and address.lower() not in bad and kind != UNTOLD
        found.append(Outsider(KNOWN_AS.get(kind, kind), name, address if writes else phone or address, writes))
    return sorted(found, key=lambda one: (one.kind, one.name))


def _bouncing(addresses: set[str]) -> set[str]:
    query = select(Suppression.address).where(Suppression.reason == "bounced", Suppression.address.in_(addresses))
    return set(db.session.scalars(query)) if addresses else set()
