"""Cities: where people live and events take place. Few, and added once."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, db, transaction
from app.errors import N_, Invalid, require
from app.people.models import City

SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")


def add_city(slug: str, name: Texts, *, timezone: str, now: datetime, actor: Actor) -> City:
    """A city with its short Latin name and its time zone. For administrators. Raises Invalid, NotAllowed."""
    with transaction() as session:
        require(actor.is_admin)
        if not SHORT_NAME.fullmatch(slug):
            raise Invalid({"slug": N_("Two to forty small Latin letters, digits and hyphens.")})
        if not name:
            raise Invalid({"name": N_("Give it a name in one language at least.")})
        if not _is_zone(timezone):
            raise Invalid({"timezone": N_("There is no such time zone. Write it like Asia/Almaty.")})
        if db.session.get(City, slug):
            raise Invalid({"slug": N_("There is a city with this short name already.")})
        city = City(slug=slug, name=name, timezone=timezone)
        session.add(city)
        session.flush()
        record(actor, "create", city, now=now)
    return city


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
