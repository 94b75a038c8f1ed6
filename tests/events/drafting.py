"""A draft that holds, for tests to bend."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.actor import Actor, Scope
from app.events.drafts import EventDraft
from app.events.models import Programme, Site
from app.people.models import Person
from tests import factories

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=UTC)


def draft(site: Site, programme: Programme, **changes: Any) -> EventDraft:
    """A cleanup on a Saturday in May 2030."""
    whole = EventDraft(
        programme_id=programme.id,
        site_id=site.id,
        kind="cleanup",
        title={"kk": "Таза жағалау"},
        starts_at=factories.SATURDAY,
        ends_at=factories.SATURDAY + timedelta(hours=4),
        capacity=40,
    )
    return replace(whole, **changes)


def coordinating(person: Person, city: str | None = "balkhash", **scope: Any) -> Actor:
    """Aigul as an actor: coordinator of this city."""
    account = factories.account(person)
    return Actor(account_id=account.id, person_id=person.id, scopes=(Scope("coordinator", city=city, **scope),))
