"""Taking what phones sealed, whoever hands it over: the phone itself, locked or not, or a coordinator from a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.accounts.actor import Actor
from app.audit.operations import Act, record_many
from app.db import db, transaction
from app.desk.log.giving import EventFacts, Giver
from app.desk.log.reading import Refused, ahead_by, moment_of
from app.desk.log.taking import Answer, take
from app.desk.phone.envelopes import Opened, open_envelopes
from app.desk.phone.models import DeskDevice
from app.desk.phone.phones import account_of, powers_of
from app.events.models import Event


def take_sealed(event: EventFacts, envelopes: Sequence[Any], *, sent_at: object, now: datetime) -> Answer:
    """Opens and takes them, each for whom it was recorded. What a phone says that it recorded after its access was
    ended is refused: a coordinator may take that from a file."""
    opened, refused = open_envelopes(envelopes, event_id=event.id)
    ahead, ended = ahead_by(sent_at, event, now=now), _ended({device.id for device, _ in opened})
    counts = []
    for device, one in opened:
        if device.id in ended and _was_after(one, ended[device.id], ahead, event):
            refused.append(Refused(one.get("id"), "after-revocation"))
        else:
            counts.append((device, one))
    answer = _take(event, counts, sent_at=sent_at, now=now)
    answer.refused += refused
    return answer


def import_sealed(event: EventFacts, envelopes: Sequence[Any], *, now: datetime, actor: Actor) -> Answer:
    """The same from a file, by somebody who has looked at what is in it; written down who did so."""
    opened, refused = open_envelopes(envelopes, event_id=event.id)
    answer = _take(event, opened, sent_at=None, now=now)
    answer.refused += refused
    with transaction():
        changes = {"count": (None, len(answer.applied))}
        record_many(actor, [Act("import_operations", "events", event.id, event.id, changes=changes)], now=now)
    return answer


def _take(event: EventFacts, opened: Sequence[Opened], *, sent_at: object, now: datetime) -> Answer:
    answer = Answer()
    by_device: dict[str, tuple[DeskDevice, list[Mapping[str, Any]]]] = {}
    for device, one in opened:
        by_device.setdefault(device.id, (device, []))[1].append(one)
    givers = {id_: _giver(device, event, now=now) for id_, (device, _) in by_device.items()}
    for id_, (_, operations) in by_device.items():
        answer += take(event, operations, sent_at=sent_at, giver=givers[id_], now=now)
    return answer


def _giver(device: DeskDevice, event: EventFacts, *, now: datetime) -> Giver:
    """For whom the phone recorded. What it was given along lasts as long as it does: a fact isn't lost because
    somebody helps no more when the signal comes back."""
    actor = account_of(device, now=now)
    powers = powers_of(device, actor, db.session.get_one(Event, event.id)) | frozenset(device.powers)
    return Giver(actor, powers, device=device.name, device_id=device.id)


def _ended(ids: set[str]) -> dict[str, datetime]:
    """{device: when a person ended its access}; one that was only opened anew by its own account isn't meant."""
    newer = aliased(DeskDevice)
    goes_on = exists().where(
        newer.install_id == DeskDevice.install_id,
        newer.account_id == DeskDevice.account_id,
        newer.event_id == DeskDevice.event_id,
        newer.revoked_at.is_(None),
    )
    query = select(DeskDevice.id, DeskDevice.revoked_at).where(
        DeskDevice.id.in_(ids), DeskDevice.revoked_at.is_not(None), ~goes_on
    )
    return {row.id: row.revoked_at for row in db.session.execute(query)} if ids else {}


def _was_after(one: Mapping[str, Any], ended_at: datetime, ahead: timedelta, event: EventFacts) -> bool:
    at = moment_of(one.get("at"), event)
    return at is not None and at - ahead > ended_at
