"""Column types: times in UTC, exact decimals, encrypted text, JSON."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

_fernet: Fernet | None = None


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes only; stored in UTC, read back as UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive time: it would be somebody's local time, nobody knows whose."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite hands back naive UTC; PostgreSQL the session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Thousandths(TypeDecorator[Decimal]):
    """A decimal with three places kept as a whole number, so that sums are exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """43 -> 43000; more than three places are refused, not rounded in silence."""
        if value is None:
            return None
        scaled = Decimal(value) * 1000
        if scaled != scaled.to_integral_value():
            raise ValueError("more than three decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """43000 -> 43."""
        return None if value is None else Decimal(value) / 1000


class Millionths(TypeDecorator[Decimal]):
    """A decimal with six places kept as a whole number: thousandths of one thing times thousandths of another."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """0.2 -> 200000; more than six places are refused, not rounded in silence."""
        if value is None:
            return None
        scaled = Decimal(value) * 1_000_000
        if scaled != scaled.to_integral_value():
            raise ValueError("more than six decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """200000 -> 0.2."""
        return None if value is None else Decimal(value) / 1_000_000


class EncryptedText(TypeDecorator[str]):
    """Text that a stolen database file or backup doesn't give away (medical notes). Key derived from SECRET_KEY."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypts on the way in."""
        return None if value is None else _cipher().encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypts on the way out."""
        return None if value is None else _cipher().decrypt(value.encode()).decode()


class Encoded(str):
    """JSON that is text already: what many rows have in common is encoded once."""


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: Any) -> str:
    """The text of a JSON column. Kazakh stays Kazakh: six letters for one of another alphabet made half of a letter."""
    return value if type(value) is Encoded else _encode(value)


class Json(TypeDecorator[Any]):
    """JSON text on SQLite, JSONB on PostgreSQL; None is SQL's NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Chosen by the database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))


def set_encryption_key(secret: str) -> None:
    """Derives the key of encrypted columns from SECRET_KEY; losing that key loses them."""
    global _fernet
    digest = hashlib.scrypt(secret.encode(), salt=b"torangy encrypted columns", n=2**10, r=8, p=1, dklen=32)
    _fernet = Fernet(base64.urlsafe_b64encode(digest))


def _cipher() -> Fernet:
    if _fernet is None:
        raise RuntimeError("no encryption key: set_encryption_key() was not called")
    return _fernet
