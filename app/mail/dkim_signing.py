"""Signing letters (DKIM, RFC 6376), so that readers' servers know that they are ours and unchanged.

dkimpy decides what is signed and how it is written. Its RSA is pure Python, 7 ms a letter and so a limit of 140 a
second; OpenSSL's takes a quarter of one. What dkimpy asks of its RSA is two functions, which get
our key and hand it over.
"""

from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped] # it has no types
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from flask import Flask, current_app

from app.mail.letters import sender_from
from config import SettingError, Settings

SHORTEST_KEY = 1024
# From stands twice: nobody may put a second one above ours.
SIGNED = (
    b"from from to subject date message-id mime-version content-type reply-to list-unsubscribe list-unsubscribe-post"
).split()

_python_rsa, _python_key = dkim.RSASSA_PKCS1_v1_5_sign, dkim.parse_pem_private_key


class Signer:
    """Our key, read once, with the domain and the selector under which its other half is published."""

    def __init__(self, key: RSAPrivateKey, *, domain: str, selector: str) -> None:
        self.key = key
        self.domain = domain
        self.selector = selector

    def signed(self, message: bytes) -> bytes:
        """The message with its signature on top; not a byte of it is changed."""
        letter = dkim.DKIM(message)
        there = {name.lower() for name, _ in letter.headers}
        names = [name for name in SIGNED if name in there]
        signature: bytes = letter.sign(
            self.selector.encode(), self.domain.encode(), self.key, canonicalize=(b"relaxed", b"simple"),
            include_headers=names,
        )  # fmt: skip
        return signature + message

    @property
    def record(self) -> str:
        """What DNS must say under SELECTOR._domainkey.DOMAIN."""
        return f"v=DKIM1; k=rsa; p={public_half(self.key)}"


def init_signing(app: Flask) -> None:
    """Reads the key, if one is set; raises SettingError with one line where it can't be used."""
    app.extensions["dkim"] = load_signer(app.config["TORANGY"])


def signed(message: bytes) -> bytes:
    """The message as it should leave: signed where a key is set, else as it is."""
    signer: Signer | None = current_app.extensions["dkim"]
    return signer.signed(message) if signer else message


def load_signer(settings: Settings) -> Signer | None:
    """The signer that the settings name, or none; raises SettingError."""
    if settings.dkim_key_file is None:
        return None
    domain = settings.dkim_domain or sender_from(settings.mail_default_sender).address.rpartition("@")[2]
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise SettingError(f"DKIM_DOMAIN is {domain!r}; it should be a domain such as example.kz.") from error
    return Signer(_key_in(settings.dkim_key_file), domain=domain, selector=settings.dkim_selector)


def public_half(key: RSAPrivateKey) -> str:
    """The public key as DNS holds it: base64 without line breaks."""
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return "".join(pem.splitlines()[1:-1])


def _key_in(path: Path) -> RSAPrivateKey:
    should = "it should be a file with an RSA private key (PEM, 2048 bits, no password)"
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise SettingError(f"DKIM_KEY_FILE is '{path}'; it can't be read: {error.strerror}.") from error
    except Exception as error:  # cryptography names what it can't use in many ways
        raise SettingError(f"DKIM_KEY_FILE is '{path}'; {should}.") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < SHORTEST_KEY:
        raise SettingError(f"DKIM_KEY_FILE is '{path}'; {should}.")
    return key


def _sign(hashed: Any, key: Any) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(hashed.digest(), PKCS1v15(), Prehashed(SHA256()))
    made: bytes = _python_rsa(hashed, key)
    return made


def _parse(key: Any) -> Any:
    return key if isinstance(key, RSAPrivateKey) else _python_key(key)


dkim.RSASSA_PKCS1_v1_5_sign, dkim.parse_pem_private_key = _sign, _parse
