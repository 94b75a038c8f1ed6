"""Files of pictures go before their rows: a row without its file is swept the next time, a file without its row never
would be."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select

from app.db import db, transaction
from app.files import FileStore
from app.impact.pictures.models import Picture

# An upload that isn't whole after this long has broken off.
STALE = timedelta(hours=1)


def forget(picture_id: str, *, store: FileStore) -> None:
    """Its files, then its row; one that arrives whole meanwhile stays. Raises OSError where the store is silent."""
    picture = db.session.get(Picture, picture_id, populate_existing=True)
    if picture is None or (picture.kept_at is not None and picture.removed_at is None):
        return
    for key in list(picture.keys.values()):
        store.delete(key)
    with transaction() as session:
        goes = or_(Picture.kept_at.is_(None), Picture.removed_at.is_not(None))
        session.execute(delete(Picture).where(Picture.id == picture_id, goes))


def sweep_pictures(*, store: FileStore, now: datetime) -> bool:
    """The worker's step: one picture that broke off or is to go; says whether there may be more."""
    found = db.session.scalar(select(Picture.id).where(to_sweep(now)).limit(1))
    if found is None:
        return False
    forget(found, store=store)
    return True


def to_sweep(now: datetime) -> ColumnElement[bool]:
    """Pictures that broke off, and those whose files somebody wanted gone."""
    return or_(and_(Picture.kept_at.is_(None), Picture.uploaded_at < now - STALE), Picture.removed_at.is_not(None))
