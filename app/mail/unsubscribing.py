"""Signed addresses by which a reader stops optional letters, without logging in (RFC 8058)."""

from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.dialects import postgresql, sqlite

from app.db import new_id, transaction
from app.errors import NotFound
from app.mail.models import Suppression

PATH = "/mail/unsubscriptions/"


def unsubscribe_url(address: str, *, base_url: str, secret: str) -> str:
    """The address that stops optional letters to this reader; it needs no login and never runs out."""
    return f"{base_url}{PATH}{_serializer(secret).dumps(address.lower())}"


def address_in(token: str, *, secret: str) -> str:
    """Whose letters this token stops; raises NotFound for one that is not ours."""
    try:
        return str(_serializer(secret).loads(token))
    except BadSignature as error:
        raise NotFound from error


def unsubscribe(address: str, *, now: datetime) -> None:
    """No optional letters to this address from now on; asking twice changes nothing."""
    suppress(address, "unsubscribed", now=now)


def suppress(address: str, reason: str, *, now: datetime) -> None:
    """Notes why an address gets no more: it bounced (nothing at all) or was unsubscribed (nothing optional)."""
    with transaction() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = {"id": new_id(), "address": address.lower(), "reason": reason, "since": now}
        session.execute(insert(Suppression).values(row).on_conflict_do_nothing(index_elements=["address"]))


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="mail-unsubscribe")
