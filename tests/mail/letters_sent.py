"""Letters in the outbox for tests: rows as a worker leaves them."""

from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.mail.models import Mail
from tests import factories


def letter(key: str, **more: Any) -> Mail:
    """A row, queued unless told."""
    now = more.pop("now", None) or clock.now()
    values: dict[str, Any] = {
        "template": "desk/message",
        "recipient": f"{key.replace(':', '-')}@torangy.example",
        "recipient_name": key,
        "language": "kk",
    }
    values |= {"context": {}, "created_at": now, "not_before": now, "due_at": now}
    row: Mail = factories.saved(Mail(key=key, **(values | more)))
    return row


def sent(key: str, *, at: datetime | None = None, **more: Any) -> Mail:
    """One that the server took."""
    at = at or clock.now() - timedelta(minutes=1)
    values = {"status": "sent", "sent_at": at, "handed_at": at, "attempts": 1, "answer_code": 250, "answer": "OK 4711"}
    return letter(key, now=at, **(values | more))
