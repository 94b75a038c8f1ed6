"""Briefings, signatures and incidents as rows, from what was said. Under the locks of the batch."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.attendance.entry_ids import following
from app.attendance.incident_models import INCIDENT, NEAR_MISS, Incident, IncidentPhoto
from app.attendance.log_models import DeskOperation
from app.attendance.operation import UNDO, Operation
from app.audit.operations import Act
from app.consents.briefing_models import Briefing, BriefingSignature
from app.db import db
from app.desk.log.held import Batch
from app.desk.safety.photos import PhotoTooLarge, PhotoUnfit, drawn_anew, unpacked
from app.desk.safety.rules import SIGNATURE
from app.events.models import Event
from app.rosters.models import Group

BRIEFING, REPORT = "briefing", "incident"
MISSING_STROKES = "[]"


def settle_safety(batch: Batch, *, now: datetime) -> list[Act]:
    """Makes the rows say what stands; returns what to write down about it."""
    touched = [one for one in batch.new if _about(batch, one) in (BRIEFING, SIGNATURE, REPORT)]
    if not touched:
        return []
    keys = {batch.key_of(one) for one in touched}
    for key in sorted(keys):
        if key[0] == "g":
            _settle_briefings(batch, key, now)
        elif key[0] == "i":
            _settle_incident(batch, key, now)
        elif key[0] == "p" and key[2:] in batch.places:
            _settle_signatures(batch, key, now)
    db.session.flush()
    return [act for one in touched if (act := _act(batch, one))]


def _about(batch: Batch, one: Operation) -> str:
    target = batch.target_of(one) if one.names and one.kind != REPORT else one
    return target.kind if target else ""


def _settle_briefings(batch: Batch, key: str, now: datetime) -> None:
    """A row for each that counts; one that was taken back goes, the log keeps it."""
    counts = {one.id: one for one in batch.merged.said[key].of(BRIEFING)}
    held = set(db.session.scalars(select(Briefing.operation_id).where(_of_group(batch.event.id, key))))
    if gone := held - counts.keys() - {None}:
        db.session.execute(delete(Briefing).where(Briefing.operation_id.in_(gone)))
    event = db.session.get_one(Event, batch.event.id)
    for one in counts.values():
        if one.id not in held:
            db.session.add(_briefing(event, one))


def _of_group(event_id: str, key: str) -> Any:
    group_id = None if key == "g:-" else key[2:]
    return (Briefing.event_id == event_id) & (Briefing.group_id == group_id) & Briefing.operation_id.is_not(None)


def _briefing(event: Event, one: Operation) -> Briefing:
    said = one.body
    return Briefing(
        event_id=event.id,
        site_id=event.site_id,
        hazard_class=event.site.hazard_class,
        group_id=None if one.key == "g:-" else one.key[2:],
        text=said["text"],
        version=said["version"],
        language=said.get("language", "kk"),
        instructor=said["instructor"],
        given_at=one.corrected_at,
        given_by_id=one.account_id,
        operation_id=one.id,
    )


def _settle_signatures(batch: Batch, key: str, now: datetime) -> None:
    """One for each version; the log keeps those that say the same and those that were taken back."""
    stands = set(batch.merged.of("briefing").get(key, {}).values())
    place_id, said = key[2:], batch.merged.said[key]
    held = set(db.session.scalars(select(BriefingSignature.id).where(BriefingSignature.place_id == place_id)))
    if gone := held - stands:
        db.session.execute(delete(BriefingSignature).where(BriefingSignature.id.in_(gone)))
    fresh = [said.known[id_] for id_ in sorted(stands - held)]
    secrets = _secrets(fresh)
    for one in fresh:
        db.session.add(
            BriefingSignature(
                id=one.id,
                event_id=batch.event.id,
                place_id=place_id,
                version=one.body["version"],
                language=one.body.get("language", "kk"),
                strokes=json.dumps(secrets[one.id]["strokes"]) if one.id in secrets else MISSING_STROKES,
                signed_at=one.corrected_at,
                recorded_at=now,
                recorded_by_id=one.account_id,
            )
        )


def _settle_incident(batch: Batch, key: str, now: datetime) -> None:
    """Its row; one that was taken back says so and stays."""
    said = batch.merged.said[key]
    reports = [one for one in said.known.values() if one.kind == REPORT]
    secrets = _secrets(reports)
    for one in reports:
        row = db.session.get(Incident, one.id)
        if row is None and one.id in secrets:
            row = _incident(batch.event.id, one, secrets[one.id], now)
            db.session.add(row)
        if row is not None:
            row.undone_at = (row.undone_at or now) if one.id in said.undone_by else None


def _incident(event_id: str, one: Operation, said: Mapping[str, Any], now: datetime) -> Incident:
    told = said.get("guardian_told_at")
    return Incident(
        id=one.id,
        event_id=event_id,
        kind=NEAR_MISS if said.get("near_miss") else INCIDENT,
        at=one.corrected_at,
        recorded_at=now,
        where=said.get("place", ""),
        people=said.get("people", []),
        photos=_kept_photos(event_id, one, said.get("photos", []), now),
        text=said["text"],
        action=said.get("action", ""),
        guardian_told_at=datetime.fromisoformat(told) if told else None,
        reported_by_id=one.account_id,
        corrects_id=one.names,
    )


def _kept_photos(event_id: str, one: Operation, photos: Iterable[str], now: datetime) -> list[str]:
    """What can't be read as a picture is left out: the report is worth more."""
    kept = []
    for number, packed in enumerate(photos):
        try:
            image = drawn_anew(unpacked(packed))
        except (PhotoUnfit, PhotoTooLarge):
            continue
        id_ = following(one.id, f"photo {number}")
        row = IncidentPhoto(id=id_, event_id=event_id, image=image, recorded_at=now, recorded_by_id=one.account_id)
        db.session.add(row)
        kept.append(id_)
    return kept


def _secrets(operations: Iterable[Operation]) -> dict[str, dict[str, Any]]:
    """{operation's id: what it says in secret}."""
    ids = [one.id for one in operations]
    rows = db.session.execute(select(DeskOperation.id, DeskOperation.secret).where(DeskOperation.id.in_(ids)))
    return {row.id: json.loads(row.secret) for row in rows if row.secret} if ids else {}


def _act(batch: Batch, one: Operation) -> Act | None:
    target = batch.target_of(one) if one.kind == UNDO else one
    if target is None or one.is_late:
        return None
    is_undo, event_id = one.kind == UNDO, batch.event.id
    if target.kind == REPORT:
        verb = "withdraw_incident" if is_undo else "report_incident"
        return Act(verb, Incident.__tablename__, target.id, event_id)
    if target.kind == BRIEFING:
        group = db.session.get(Group, target.key[2:]) if target.key != "g:-" else None
        changes = {"group": ("", group.name if group else "")}
        return Act("withdraw_briefing" if is_undo else "record_briefing", "events", event_id, event_id, changes=changes)
    place = batch.places.get(batch.key_of(one)[2:])
    verb = "withdraw_signature" if is_undo else "sign_briefing"
    return Act(verb, "places", place.id, event_id, place.person_id) if place else None
