"""Signed addresses by which a reader stops optional letters, without logging in (RFC 8058)."""

from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.dialects import postgresql, sqlite

from app.db import new_id, transaction
from app.errors import NotFound
from app.mail.models import Suppression

PATH = "/mail/unsubscriptions/"


def unsubscribe_url(address: str, *, base_url: str, secret: str, kind: str = "") -> str:
    """The address that stops this kind of optional letters to this reader, all if none is named.

    It needs no login and never runs out.
    """
    return f"{base_url}{PATH}{token_of(address, kind, secret=secret)}"


def token_of(address: str, kind: str = "", *, secret: str) -> str:
    """What stands in such addresses for the reader and the kind of letter."""
    said = [address.lower(), kind] if kind else address.lower()
    return str(_serializer(secret).dumps(said))


def reader_in(token: str, *, secret: str) -> tuple[str, str]:
    """Whose letters this token is about, and of which kind ("": all); raises NotFound for one that is not ours."""
    try:
        said = _serializer(secret).loads(token)
    except BadSignature as error:
        raise NotFound from error
    address, kind = said if isinstance(said, list) else (said, "")
    return str(address), str(kind)


def suppress(address: str, reason: str, *, now: datetime, kind: str = "") -> None:
    """Notes why an address gets no more: it bounced (nothing at all), or was unsubscribed or complained (nothing
    optional). Each reason stands by itself: one may go without the other.
    """
    with transaction() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = {"id": new_id(), "address": address.lower(), "reason": reason, "kind": kind, "since": now}
        once = insert(Suppression).values(row).on_conflict_do_nothing(index_elements=["address", "reason", "kind"])
        session.execute(once)


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="mail-unsubscribe")
