"""The time. Only the edge reads it and passes it on as `now`, so that rules can be tested at any moment."""

import zoneinfo
from datetime import UTC, datetime

# The system's zone files win over the pinned tzdata package unless they are taken off the path: Kazakhstan moved to
# UTC+5 in March 2024, and a machine that never heard of it would send reminders an hour off.
zoneinfo.reset_tzpath(())


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)
