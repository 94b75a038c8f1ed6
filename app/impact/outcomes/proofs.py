"""Photos and documents that prove a figure: what they are is read from their bytes, whatever they are called.

Photos are drawn anew, so that the place where they were taken and the camera go nowhere.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.events.models import Event
from app.files import FileStore
from app.impact.errors import AlreadyWithdrawn
from app.impact.outcomes.errors import (
    FileMissing,
    FileTooFine,
    FileTooLarge,
    FileTooSmall,
    FileUnfit,
    TooManyFiles,
)
from app.impact.outcomes.models import Outcome, OutcomeFile
from app.impact.pictures.drawing import drawn_anew
from app.impact.pictures.errors import PictureTooFine, PictureTooLarge, PictureTooSmall, PictureUnfit

LARGEST = 10 * 1024 * 1024
MOST_FILES = 10
PDF, JPEG = "application/pdf", "image/jpeg"
ENDINGS = {PDF: "pdf", JPEG: "jpg"}

Proof = tuple[bytes, str]


def read_proof(content: bytes) -> Proof:
    """The bytes to keep and their media type; raises FileTooLarge, FileTooFine, FileTooSmall, FileUnfit."""
    if len(content) > LARGEST:
        raise FileTooLarge
    if content.startswith(b"%PDF-"):
        return content, PDF
    try:
        return drawn_anew(content).files["large"], JPEG
    except PictureTooFine as error:
        raise FileTooFine from error
    except PictureTooSmall as error:
        raise FileTooSmall from error
    except (PictureUnfit, PictureTooLarge) as error:
        raise FileUnfit from error


def read_proofs(contents: Sequence[bytes]) -> list[Proof]:
    """All of them, or none; raises as read_proof(), TooManyFiles."""
    if len(contents) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    return [read_proof(content) for content in contents]


def add_proofs(
    outcome: Outcome, proofs: Sequence[Proof], *, store: FileStore, now: datetime, actor: Actor
) -> list[OutcomeFile]:
    """Keeps what proves a figure. Raises FileMissing, TooManyFiles, AlreadyWithdrawn."""
    if not proofs:
        raise FileMissing
    keys = [store.save(content) for content, _ in proofs]
    try:
        with transaction() as session:
            lock(db.session.get_one(Event, outcome.event_id))
            lock(outcome)
            _check_room(outcome, len(proofs))
            rows = [
                OutcomeFile(outcome_id=outcome.id, key=key, media_type=kind, size=len(content), added_at=now)
                for key, (content, kind) in zip(keys, proofs, strict=True)
            ]
            for row in rows:
                row.added_by_id = actor.account_id
            session.add_all(rows)
            session.flush()
            record(actor, "add_proof", outcome, now=now, changes={"count": (None, len(rows))})
    except BaseException:
        for key in keys:
            store.delete(key)
        raise
    return rows


def remove_proof(file: OutcomeFile, *, store: FileStore, now: datetime, actor: Actor) -> None:
    """Takes away what was attached by mistake: the bytes go at once, that there was something stays to be seen."""
    with transaction():
        lock(file)
        if file.removed_at is not None:
            return
        file.removed_at = now
        outcome = db.session.get_one(Outcome, file.outcome_id)
        record(actor, "remove_proof", outcome, now=now, changes={"count": (1, 0)})
    store.delete(file.key)


def _check_room(outcome: Outcome, more: int) -> None:
    if outcome.withdrawn_at is not None:
        raise AlreadyWithdrawn
    query = select(func.count()).where(OutcomeFile.outcome_id == outcome.id, OutcomeFile.removed_at.is_(None))
    if (db.session.scalar(query) or 0) + more > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
