"""In which order letters are locked: by their ids. Two who lock several in different orders wait for each other."""

from sqlalchemy import ColumnElement, TextClause, select

from app.mail.models import Mail


def in_order(*wanted: ColumnElement[bool] | TextClause) -> ColumnElement[bool]:
    """These letters, locked in the one order. For the WHERE of an UPDATE that may meet a worker's or a page's."""
    return Mail.id.in_(select(Mail.id).where(*wanted).order_by(Mail.id).with_for_update())
