"""Letters are kept for a year, as their columns declare, and then go."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from app.db import transaction
from app.mail.models import Mail

KEPT_FOR = timedelta(days=365)
AT_ONCE = 500


def purge_mails(*, now: datetime) -> bool:
    """One step: removes up to 500 letters whose fate was settled a year ago. Says whether to go on."""
    settled_at = func.coalesce(Mail.sent_at, Mail.cancelled_at, Mail.due_at)
    old = select(Mail.id).where(Mail.status.not_in(("queued", "sending")), settled_at < now - KEPT_FOR).limit(AT_ONCE)
    with transaction() as session:
        ids = list(session.scalars(old))
        session.execute(delete(Mail).where(Mail.id.in_(ids)).execution_options(synchronize_session=False))
    return len(ids) == AT_ONCE
