"""Reads about invitations. What a contact sees is looked up through the invitation, so that nothing else is visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.access.sessions import hashed
from app.accounts.actor import Actor
from app.accounts.models import Account
from app.audit.models import AuditEntry, AuditValues
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.events.queries import event_to_manage
from app.people.models import Institution, Person
from app.signups.answer_links import list_by
from app.signups.institution_errors import InvitationOver, RowFreed, RowGone
from app.signups.models import STANDING, Invitation, InvitationContact, Place, SignUp

LONGEST_SECRET = 100


@dataclass(frozen=True)
class Progress:
    """How far a list is. `ratio` is how many children one adult leads here, None where the place doesn't ask."""

    seats: int
    escorts: int = 0
    children: int = 0
    owing: int = 0
    ratio: int | None = None

    @property
    def used(self) -> int:
        """Seats of the list that are taken."""
        return self.escorts + self.children

    @property
    def left(self) -> int:
        """Seats of the list that are nobody's yet."""
        return max(0, self.seats - self.used)

    @property
    def escorts_needed(self) -> int:
        """What the children named ask for."""
        return escorts_needed(self.children, self.ratio)

    @property
    def escorts_missing(self) -> int:
        """How many adults must still be named for the children on the list, one at least before the first child."""
        return max(0, max(self.escorts_needed, 1 if self.ratio else 0) - self.escorts)

    @property
    def children_allowed(self) -> int:
        """How many more children may be named now."""
        by_ratio = self.left if self.ratio is None else max(0, self.escorts * self.ratio - self.children)
        return min(self.left, by_ratio)

    @property
    def consented(self) -> int:
        """Children who owe no answer."""
        return self.children - self.owing


def escorts_needed(children: int, ratio: int | None) -> int:
    """Adults for so many children; none where the place doesn't ask."""
    return -(-children // ratio) if ratio else 0


def contact_of_secret(secret: str, *, now: datetime) -> InvitationContact:
    """Whose link it is, with invitation, event and institution. Raises NotFound, LinkWrong, InvitationOver.

    Later letters hold a signed address in place of the secret, which is written nowhere: a dot tells them apart.
    """
    which = InvitationContact.secret_hash == hashed(secret[:LONGEST_SECRET])
    if "." in secret:
        contact_id, link = list_by(secret, now=now)
        which = (InvitationContact.id == contact_id) & InvitationContact.secret_hash.startswith(link)
    query = (
        select(InvitationContact)
        .join(Invitation, Invitation.id == InvitationContact.invitation_id)
        .where(
            which,
            InvitationContact.revoked_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .options(
            joinedload(InvitationContact.invitation).joinedload(Invitation.event).joinedload(Event.site),
            joinedload(InvitationContact.invitation).joinedload(Invitation.institution),
        )
    )
    contact = db.session.scalar(query)
    if contact is None:
        raise NotFound
    if contact.invitation.event.is_past_at(now):
        raise InvitationOver
    return contact


def list_of(invitation: Invitation) -> list[Place]:
    """Everybody on the list: escorts first, then class by class in the order of the alphabet."""
    query = (
        select(Place)
        .join(SignUp, SignUp.id == Place.signup_id)
        .join(Person, Person.id == Place.person_id)
        .where(SignUp.invitation_id == invitation.id, Place.status.in_(STANDING))
        .options(joinedload(Place.person))
        .order_by(case((Place.role == "escort", 0), else_=1), Person.school_class, Person.name_sort, Place.id)
    )
    return list(db.session.scalars(query))


def row_of(invitation: Invitation, place_id: str) -> Place:
    """One standing row of this list. Raises RowGone with who took it off, NotFound for any other list's row."""
    query = (
        select(Place)
        .join(SignUp, SignUp.id == Place.signup_id)
        .where(Place.id == place_id, SignUp.invitation_id == invitation.id)
        .options(joinedload(Place.person))
    )
    place = db.session.scalar(query)
    if place is None:
        raise NotFound
    if not place.is_standing:
        who, name = who_changed(place), place.person.short_name
        raise RowGone(who=who, name=name) if who else RowFreed(name=name)
    return place


def who_changed(place: Place) -> str:
    """The name of who wrote to this row last, a contact's or a colleague's; empty where it was the system."""
    query = (
        select(AuditEntry.actor_account_id, AuditValues.changes)
        .outerjoin(AuditValues, AuditValues.entry_id == AuditEntry.id)
        .where(
            AuditEntry.person_id == place.person_id,
            or_(
                (AuditEntry.object_type == "places") & (AuditEntry.object_id == place.id),
                (AuditEntry.object_type == "people") & (AuditEntry.object_id == place.person_id),
            ),
        )
        .order_by(AuditEntry.at.desc())
        .limit(1)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return ""
    account_id, changes = found
    contact_id = (changes or {}).get("contact_id", [None, None])[1]
    contact = db.session.get(InvitationContact, contact_id) if contact_id else None
    if contact:
        return contact.name
    return db.session.scalar(_name_of_account(account_id)) or "" if account_id else ""


def known_people(invitation: Invitation, kind: str) -> list[Person]:
    """Whom the institution brought before, or was read from its files, and who isn't on this list; by name."""
    here = (
        select(Place.person_id)
        .join(SignUp, SignUp.id == Place.signup_id)
        .where(SignUp.event_id == invitation.event_id, Place.status.in_(STANDING))
    )
    query = (
        select(Person)
        .where(
            Person.institution_id == invitation.institution_id,
            Person.kind == kind,
            Person.deactivated_at.is_(None),
            Person.id.not_in(here),
        )
        .order_by(Person.name_sort, Person.id)
    )
    return list(db.session.scalars(query))


def invitations_of(event: Event) -> list[Invitation]:
    """The standing invitations of an event, oldest first."""
    query = (
        select(Invitation)
        .where(Invitation.event_id == event.id, Invitation.revoked_at.is_(None))
        .options(joinedload(Invitation.institution))
        .order_by(Invitation.created_at, Invitation.id)
    )
    return list(db.session.scalars(query))


def invitation_to_manage(actor: Actor, event_id: str, invitation_id: str) -> Invitation:
    """A standing invitation for whoever plans its event. Raises NotFound, NotAllowed."""
    event = event_to_manage(actor, event_id)
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.event_id != event.id or invitation.revoked_at:
        raise NotFound
    return invitation


def contact_to_manage(invitation: Invitation, contact_id: str) -> InvitationContact:
    """A standing contact of this invitation. Raises NotFound."""
    contact = db.session.get(InvitationContact, contact_id)
    if contact is None or contact.invitation_id != invitation.id or contact.revoked_at:
        raise NotFound
    return contact


def other_link_to(contact: InvitationContact) -> bool:
    """Whether the same mailbox holds another link of this event: its reminder is one letter for both."""
    query = select(InvitationContact.id).join(InvitationContact.invitation)
    others = query.where(InvitationContact.id != contact.id, InvitationContact.email == contact.email)
    standing = (InvitationContact.revoked_at.is_(None), Invitation.event_id == contact.invitation.event_id)
    return db.session.scalar(others.where(*standing).limit(1)) is not None


def contacts_of(invitation_ids: Sequence[str]) -> dict[str, list[InvitationContact]]:
    """{invitation's id: who holds a link}, by name."""
    query = select(InvitationContact).where(
        InvitationContact.invitation_id.in_(list(invitation_ids)), InvitationContact.revoked_at.is_(None)
    )
    found: dict[str, list[InvitationContact]] = {invitation_id: [] for invitation_id in invitation_ids}
    for contact in db.session.scalars(query.order_by(InvitationContact.name, InvitationContact.id)):
        found[contact.invitation_id].append(contact)
    return found


def progress_of(invitations: Sequence[Invitation]) -> dict[str, Progress]:
    """{invitation's id: how far its list is}, in one query however many there are."""
    is_escort = Place.role == "escort"
    query = (
        select(
            SignUp.invitation_id,
            func.sum(case((is_escort, 1), else_=0)),
            func.sum(case((is_escort, 0), else_=1)),
            func.sum(case((Place.consent_due_at.is_not(None), 1), else_=0)),
        )
        .join(Place, Place.signup_id == SignUp.id)
        .where(SignUp.invitation_id.in_([one.id for one in invitations]), Place.status.in_(STANDING))
        .group_by(SignUp.invitation_id)
    )
    counted = {row[0]: row for row in db.session.execute(query)}
    found = {}
    for one in invitations:
        _, escorts, children, owing = counted.get(one.id, (one.id, 0, 0, 0))
        ratio = one.event.site.adult_child_ratio
        found[one.id] = Progress(one.seats, int(escorts), int(children), int(owing), ratio)
    return found


def seats_promised(event: Event, *, but: str | None = None) -> int:
    """Seats that institutions were promised here and have not named anybody for."""
    others = [one for one in invitations_of(event) if one.id != but]
    return sum(progress.left for progress in progress_of(others).values())


def institution_named(institution_id: str) -> Institution:
    """An institution that still sends people. Raises NotFound."""
    found = db.session.get(Institution, institution_id)
    if found is None or found.deactivated_at:
        raise NotFound
    return found


def coordinator_of(invitation: Invitation) -> Person | None:
    """Who is told of changes: the event's coordinator, else whoever invited."""
    person_id = invitation.event.coordinator_id
    if person_id is None and invitation.created_by_id:
        account = db.session.get(Account, invitation.created_by_id)
        person_id = account.person_id if account else None
    return db.session.get(Person, person_id) if person_id else None


def _name_of_account(account_id: str) -> Select[str]:
    """The short name of the person behind a login."""
    return (
        select(Person.surname + " " + Person.given_name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == account_id)
    )
