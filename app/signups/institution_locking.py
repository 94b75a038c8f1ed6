"""How every act of an institution's contact begins: the event locked, the link still good, the row as it was seen."""

from datetime import datetime

from app.db import lock
from app.errors import NotFound
from app.events.models import Event
from app.signups.institution_errors import NamesWereDue, NotOpenForLists, RowChanged, RowChangedElsewhere
from app.signups.invitation_queries import row_of, who_changed
from app.signups.models import InvitationContact, Place
from app.signups.queries import locked_event
from app.signups.row_versions import version_of

OPEN = ("published", "closed")


def opened(contact: InvitationContact, *, now: datetime, for_names: bool = True) -> Event:
    """The event, locked. Raises NotFound for a link that was closed, and the rule that keeps the list shut."""
    event = locked_event(contact.invitation.event_id)
    lock(contact.invitation)
    lock(contact)
    if contact.revoked_at or contact.invitation.revoked_at:
        raise NotFound
    if event.status not in OPEN or event.starts_at <= now:
        raise NotOpenForLists
    if for_names and contact.invitation.names_due_at <= now:
        raise NamesWereDue
    contact.last_seen_at = now
    return event


def row_as_seen(contact: InvitationContact, place_id: str, *, version: str) -> Place:
    """The row, if nobody changed it since. Raises RowChanged with who did, RowGone, NotFound."""
    place = row_of(contact.invitation, place_id)
    if version_of(place) != version:
        who = who_changed(place)
        raise RowChanged(who=who) if who else RowChangedElsewhere
    return place
