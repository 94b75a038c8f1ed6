"""Writing down a guardian's yes. Plain functions: they join the transaction of whoever calls."""

from datetime import datetime

from app.consents.models import Consent
from app.consents.queries import current_text, standing_consents
from app.db import db
from app.events.models import Event
from app.people.models import Person


def write_consent(event: Event, child: Person, guardian_id: str, *, kind: str, language: str, now: datetime) -> None:
    """One yes in force, bound to the event as it is planned now; a second of the same guardian changes nothing."""
    standing = standing_consents(child.id, event.id)
    if any(c.kind == kind and c.guardian_id == guardian_id for c in standing):
        return
    db.session.add(
        Consent(
            kind=kind,
            event_id=event.id,
            child_id=child.id,
            guardian_id=guardian_id,
            text_id=current_text(kind).id,
            language=language,
            bound_to=bound_to(event),
            given_at=now,
        )
    )


def bound_to(event: Event) -> dict[str, object]:
    """What a yes is given for: destination, time and hazard class. A change of any asks again."""
    return {
        "site_id": event.site_id,
        "site_kind": event.site.kind,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
    }
