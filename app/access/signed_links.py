"""Signed links for people without a login: what the link is for, the facts it names, and until when it counts.

Nothing is kept of them. That a link works only once comes from the row that it names: answered is answered.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from app.errors import N_, DomainError

_secret: str | None = None
_encode = json.JSONEncoder(separators=(",", ":")).encode


class LinkWrong(DomainError):
    """Cut short, mistyped, or made for something else."""

    type = "link-wrong"
    title = N_("This link is not whole")
    message = N_("This link is not whole. Open it from the letter once more.")
    status = 404


class LinkExpired(DomainError):
    """Its time is over."""

    type = "link-expired"
    title = N_("This link has ended")
    message = N_("The time to answer by this link is over.")
    status = 410


def set_link_key(secret: str) -> None:
    """Links are signed with SECRET_KEY; a new key ends all that are out."""
    global _secret
    _secret = secret


def sign_link(purpose: str, facts: Mapping[str, str], *, expires_at: datetime) -> str:
    """A token for the address of a page: these facts, for this purpose alone, until then."""
    packed = base64_encode(_encode([int(expires_at.timestamp()), dict(facts)]))
    return _signer_for(purpose).sign(packed).decode()


def read_link(purpose: str, token: str, *, now: datetime) -> dict[str, str]:
    """The facts of a link made for this purpose. Raises LinkWrong, LinkExpired."""
    try:
        ends, facts = json.loads(base64_decode(_signer_for(purpose).unsign(token)))
    except BadData as error:
        raise LinkWrong from error
    if now >= datetime.fromtimestamp(ends, UTC):
        raise LinkExpired
    return dict(facts)


def keyed_digest(purpose: str, word: str) -> bytes:
    """Thirty-two bytes that nobody finds without SECRET_KEY, the same each time: what short codes are made of."""
    if _secret is None:
        raise RuntimeError("no key for links: set_link_key() was not called")
    return hmac.digest(_secret.encode(), f"torangy {purpose} {word}".encode(), hashlib.sha256)


@cache
def _signer(secret: str, purpose: str) -> Signer:
    """Its key is derived here, once: the library would do so for each link."""
    key = hmac.digest(secret.encode(), f"torangy link {purpose}".encode(), hashlib.sha256)
    return Signer(key, salt=purpose, key_derivation="none", digest_method=hashlib.sha256)


def _signer_for(purpose: str) -> Signer:
    if _secret is None:
        raise RuntimeError("no key for links: set_link_key() was not called")
    return _signer(_secret, purpose)
