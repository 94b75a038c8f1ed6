"""Adding a picture: its row announces it, its files follow, then it counts. Whatever breaks in between is swept."""

from contextlib import suppress
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, new_id, transaction
from app.errors import require
from app.events.models import Event
from app.files import FileStore, new_key
from app.impact.pictures.drawing import Drawn, drawn_anew
from app.impact.pictures.errors import AlbumFull, AlreadyThere, EventCancelled, NoPicture, NotBegun, StoreSilent
from app.impact.pictures.models import Picture
from app.impact.pictures.policy import can_add_pictures
from app.impact.pictures.sweeping import STALE, forget

MOST_OF_AN_EVENT = 500


def add_picture(event: Event, content: bytes, *, store: FileStore, now: datetime, actor: Actor) -> Picture:
    """Keeps the picture in three sizes, stripped; nobody sees it but those who run the event until it is published.

    Raises NotAllowed, EventCancelled, NotBegun, NoPicture, PictureTooLarge, PictureTooFine, PictureTooSmall,
    PictureUnfit, AlreadyThere, AlbumFull, StoreSilent; then nothing is kept.
    """
    require(can_add_pictures(actor, event))
    _check(event, now)
    if not content:
        raise NoPicture
    digest = sha256(content).hexdigest()
    _make_way(event.id, digest, store=store, now=now)
    drawn = drawn_anew(content)
    picture_id, keys = _announce(event, drawn, digest, now=now, actor=actor)
    try:
        for size, key in keys.items():
            store.save(drawn.files[size], key)
    except OSError as error:
        with suppress(OSError):  # the worker sweeps it once the store answers again
            forget(picture_id, store=store)
        raise StoreSilent from error
    return _count(picture_id, now=now, actor=actor)


def _check(event: Event, now: datetime) -> None:
    if event.status == "cancelled":
        raise EventCancelled
    if event.starts_at > now:
        raise NotBegun


def _make_way(event_id: str, digest: str, *, store: FileStore, now: datetime) -> None:
    """The same file is taken once; one that broke off long ago, or is being removed, no longer stands in its way."""
    known = db.session.scalar(select(Picture).where(Picture.event_id == event_id, Picture.digest == digest))
    if known is None:
        return
    if known.removed_at is None and (known.kept_at or known.uploaded_at > now - STALE):
        raise AlreadyThere
    forget(known.id, store=store)


def _announce(event: Event, drawn: Drawn, digest: str, *, now: datetime, actor: Actor) -> tuple[str, dict[str, str]]:
    with transaction() as session:
        lock(event)
        require(can_add_pictures(actor, event))
        _check(event, now)
        ids = select(Picture.id).where(Picture.event_id == event.id)
        if (session.scalar(select(func.count()).select_from(ids.subquery())) or 0) >= MOST_OF_AN_EVENT:
            raise AlbumFull(most=MOST_OF_AN_EVENT)
        if session.scalar(ids.where(Picture.digest == digest)):
            raise AlreadyThere
        picture = Picture(id=new_id(), event_id=event.id, digest=digest, width=drawn.width, height=drawn.height)
        picture.small_key, picture.medium_key, picture.large_key = new_key(), new_key(), new_key()
        picture.uploaded_at, picture.uploaded_by_id = now, str(actor.account_id)
        session.add(picture)
        return picture.id, dict(picture.keys)


def _count(picture_id: str, *, now: datetime, actor: Actor) -> Picture:
    with transaction() as session:
        picture = session.get_one(Picture, picture_id)
        lock(picture)
        picture.kept_at = now
        record(actor, "add_picture", picture, now=now)
    return picture
