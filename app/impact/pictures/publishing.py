"""Publishing after a second look, taking down at once, removing with the files."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import lock, transaction
from app.errors import NotFound, require
from app.files import FileStore
from app.impact.pictures.describing import take_down
from app.impact.pictures.errors import NotReady, SecondLook
from app.impact.pictures.models import Picture
from app.impact.pictures.policy import can_publish, can_remove, can_take_down
from app.impact.pictures.ready import is_described
from app.impact.pictures.sweeping import forget


def publish_picture(picture: Picture, *, now: datetime, actor: Actor) -> None:
    """Anybody may see it from now on. Raises SecondLook for one's own picture, NotReady, NotAllowed."""
    with transaction():
        lock(picture)
        require(can_publish(actor, picture.event))
        _check_kept(picture)
        if picture.is_published:
            return
        if picture.uploaded_by_id == actor.account_id:
            raise SecondLook
        if not is_described(picture.shows, picture.alt):
            raise NotReady
        picture.published_at, picture.published_by_id = now, actor.account_id
        picture.withdrawn_at, picture.withdrawn_by_id, picture.withdrawn_why = None, None, ""
        record(actor, "publish_picture", picture, now=now)


def publish_pictures(pictures: Sequence[Picture], *, now: datetime, actor: Actor) -> tuple[int, set[str]]:
    """As many as are ready: how many, and the types of the refusals of the others. Each stands for itself."""
    published, refused = 0, set[str]()
    for picture in pictures:
        try:
            publish_picture(picture, now=now, actor=actor)
            published += 1
        except (SecondLook, NotReady) as refusal:
            refused.add(type(refusal).type)
        except NotFound:
            continue
    return published, refused


def withdraw_picture(picture: Picture, *, now: datetime, actor: Actor) -> None:
    """Nobody sees it any more but those who run the event; what isn't published stays as it is."""
    with transaction():
        lock(picture)
        require(can_take_down(actor, picture))
        _check_kept(picture)
        if picture.is_published:
            take_down(picture, "second-thoughts", now=now, actor=actor)
            record(actor, "withdraw_picture", picture, now=now)


def remove_picture(picture: Picture, *, store: FileStore, now: datetime, actor: Actor) -> None:
    """It is gone at once, its files with it; where the store is silent the worker removes them later."""
    with transaction():
        lock(picture)
        require(can_remove(actor, picture))
        _check_kept(picture)
        picture_id = picture.id
        if picture.is_published:
            take_down(picture, "second-thoughts", now=now, actor=actor)
        picture.removed_at, picture.removed_by_id = now, actor.account_id
        record(actor, "remove_picture", picture, now=now)
    with suppress(OSError):
        forget(picture_id, store=store)


def _check_kept(picture: Picture) -> None:
    if picture.kept_at is None or picture.removed_at is not None:
        raise NotFound
