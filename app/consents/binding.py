"""What an answer is given for: the plan as it stood, kept with the answer as evidence."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from app.events.models import Event


def bound_to(event: Event) -> dict[str, object]:
    """What an answer is given for: destination, time, transport and hazard class. A change of any asks again."""
    zone = ZoneInfo(event.timezone)
    # What ends at midnight ends on the day before.
    last = event.ends_at - timedelta(microseconds=1)
    return {
        "site_id": event.site_id,
        "site": event.site.name,
        "site_kind": event.site.kind,
        "hazard_class": event.site.hazard_class,
        "transport": event.transport,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "starts_on": event.starts_at.astimezone(zone).date().isoformat(),
        "ends_on": last.astimezone(zone).date().isoformat(),
        "timezone": event.timezone,
    }
