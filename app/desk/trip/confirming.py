"""Who may be the second person when a bus leaves: adults with something to do at this event, each on their own word."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from app.accounts.actor import ADMIN, COORDINATOR, HELPER, SAFETY_OFFICER
from app.accounts.models import Account, Grant
from app.db import db
from app.events.models import Event
from app.people.models import Person
from app.rosters.models import Bus, Group
from app.signups.models import Place

ROLES = (COORDINATOR, SAFETY_OFFICER, HELPER, ADMIN)


class Confirmer(NamedTuple):
    """`check` is what a phone without signal knows of the PIN: ten bits, too few to find it by; None where there is
    no PIN, and they confirm on their own phone only."""

    account_id: str
    name: str
    check: int | None
    salt: str | None


def confirmers_of(event: Event) -> list[Confirmer]:
    """By name."""
    query = (
        select(Account, Person)
        .join(Person, Person.id == Account.person_id)
        .where(_is_one(event), Account.activated_at.is_not(None), Account.deactivated_at.is_(None))
        .order_by(Person.name_sort, Person.id)
    )
    return [
        Confirmer(account.id, person.short_name, account.pin_check, account.pin_check_salt)
        for account, person in db.session.execute(query)
        if not person.is_minor_on(event.local_date)
    ]


def may_confirm(account: Account, event: Event) -> bool:
    """Whether this is one of them."""
    return account.id in {one.account_id for one in confirmers_of(event)}


def _is_one(event: Event) -> ColumnElement[bool]:
    """Who has a role that covers it, leads a group or a bus, or goes along as an escort."""
    site = event.site
    granted = select(Grant.account_id).where(
        Grant.role.in_(ROLES),
        Grant.revoked_at.is_(None),
        or_(Grant.city.is_(None), Grant.city == site.city),
        or_(Grant.programme_id.is_(None), Grant.programme_id == event.programme_id),
        or_(Grant.event_id.is_(None), Grant.event_id == event.id),
        # A helper helps at this event; the day of it was theirs, whatever today is.
        or_(Grant.role != HELPER, Grant.event_id == event.id),
        *_on_the_day(event),
    )
    leads = [select(one.leader_id).where(one.event_id == event.id, one.leader_id.is_not(None)) for one in (Group, Bus)]
    escorts = select(Place.person_id).where(
        Place.event_id == event.id, Place.role == "escort", Place.status == "confirmed"
    )
    return or_(Account.id.in_(granted), *(Account.person_id.in_(one) for one in leads), Account.person_id.in_(escorts))


def _on_the_day(event: Event) -> list[ColumnElement[bool]]:
    day = event.local_date
    return [
        or_(Grant.valid_from.is_(None), Grant.valid_from <= day),
        or_(Grant.valid_until.is_(None), Grant.valid_until >= day),
        or_(Grant.valid_on.is_(None), Grant.valid_on == day),
    ]
