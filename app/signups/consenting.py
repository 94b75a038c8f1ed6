"""Giving or taking back consent for a child that has a place already."""

from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.consents.giving import write_consent
from app.consents.queries import standing_consents
from app.db import lock, transaction
from app.errors import require
from app.signups.errors import EventHasBegun, NothingToCancel
from app.signups.models import Place
from app.signups.queries import family_ids
from app.signups.signing_up import CONSENT_WITHIN


def give_consent(place: Place, *, now: datetime, actor: Actor) -> None:
    """A guardian agrees to the text in force; the place owes nothing any more."""
    with transaction():
        lock(place)
        guardian_id = _guardian_of(place, now=now, actor=actor)
        write_consent(place.event, place.person, guardian_id, kind="participation", language=actor.language, now=now)
        place.consent_due_at = None
        record(actor, "give_consent", place, now=now)


def revoke_consent(place: Place, *, now: datetime, actor: Actor) -> None:
    """Either guardian takes every yes back, and revocation wins: the place owes a consent again."""
    with transaction():
        lock(place)
        _guardian_of(place, now=now, actor=actor)
        for consent in standing_consents(place.person_id, place.event_id):
            consent.revoked_at = now
            consent.revoked_by_id = actor.account_id
        place.consent_due_at = min(now + CONSENT_WITHIN, place.event.starts_at)
        record(actor, "revoke_consent", place, now=now)


def _guardian_of(place: Place, *, now: datetime, actor: Actor) -> str:
    require(place.person_id in family_ids(actor) and place.person_id != actor.person_id)
    if not place.is_standing:
        raise NothingToCancel
    if place.event.starts_at <= now:
        raise EventHasBegun
    return str(actor.person_id)
