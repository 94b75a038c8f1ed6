"""What phones sealed: ECDH on P-256 with the key of the device, HKDF, AES-256-GCM. Nobody but we can open it, and a
phone that was wiped or stolen can hand it over and neither read nor change it.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import select

from app.access.sessions import hashed
from app.db import db
from app.desk.log.bodies import uuid_of
from app.desk.log.reading import Refused
from app.desk.phone.models import DeskDevice

INFO = b"torangy desk 1"
LONGEST = 400_000  # bytes of one envelope: a signature or an incident in words, no photo
LONGEST_ID = 40


@dataclass(frozen=True, slots=True)
class Envelope:
    """One sealed operation as it came."""

    id: str
    device_id: str
    epk: bytes
    iv: bytes
    data: bytes


Opened = tuple[DeskDevice, dict[str, Any]]


def open_envelopes(raw: Sequence[Any], *, event_id: str) -> tuple[list[Opened], list[Refused]]:
    """What can be opened, each with the device that sealed it, in the order in which it came; and what can't be."""
    envelopes, refused = _read(raw)
    devices = _devices({one.device_id for one in envelopes}, event_id)
    keys: dict[tuple[str, bytes], AESGCM | None] = {}
    found = []
    for one in envelopes:
        device = devices.get(one.device_id)
        if device is None:
            refused.append(Refused(one.id, "unknown-device"))
            continue
        if (one.device_id, one.epk) not in keys:
            keys[one.device_id, one.epk] = _key(device, one.epk)
        operation = _opened(one, device, keys[one.device_id, one.epk])
        if operation is None:
            refused.append(Refused(one.id, "unreadable"))
        else:
            found.append((device, operation))
    return found, refused


def _read(raw: Sequence[Any]) -> tuple[list[Envelope], list[Refused]]:
    found, refused = [], []
    for one in raw:
        sent_id = one.get("id") if isinstance(one, Mapping) else None
        id_ = uuid_of(sent_id)
        envelope = _envelope(id_, one) if id_ else None
        if envelope is None:
            refused.append(Refused(sent_id if isinstance(sent_id, str) else None, "malformed", "envelopes"))
        else:
            found.append(envelope)
    return found, refused


def _envelope(id_: str, one: Mapping[str, Any]) -> Envelope | None:
    device_id = one.get("device_id")
    parts = [_bytes(one.get(name)) for name in ("epk", "iv", "data")]
    if not isinstance(device_id, str) or not 0 < len(device_id) <= LONGEST_ID or not all(parts):
        return None
    return Envelope(id_, device_id, *[part or b"" for part in parts])


def _bytes(value: object) -> bytes | None:
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def _devices(ids: Iterable[str], event_id: str) -> dict[str, DeskDevice]:
    query = select(DeskDevice).where(DeskDevice.event_id == event_id, DeskDevice.id.in_(set(ids)))
    return {device.id: device for device in db.session.scalars(query)} if ids else {}


def _key(device: DeskDevice, epk: bytes) -> AESGCM | None:
    """The key that this device and we share for one start of its app; None where `epk` is no point of the curve."""
    own = load_pem_private_key(device.envelope_key.encode(), None)
    if not isinstance(own, ec.EllipticCurvePrivateKey):
        raise TypeError("a device with a key of another kind")
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), epk)
    except ValueError:
        return None
    shared = own.exchange(ec.ECDH(), theirs)
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=epk, info=INFO).derive(shared))


def _opened(one: Envelope, device: DeskDevice, key: AESGCM | None) -> dict[str, Any] | None:
    """The operation, if its seal holds, it is the one that stands on the envelope, and it was sealed unlocked."""
    try:
        text = key.decrypt(one.iv, one.data, f"{one.device_id}|{one.id}".encode()) if key else b""
        said = json.loads(text)
    except (InvalidTag, ValueError, RecursionError):
        return None
    operation = said.get("operation") if isinstance(said, dict) else None
    if not isinstance(operation, dict) or uuid_of(operation.get("id")) != one.id:
        return None
    is_proved = isinstance(said.get("proof"), str) and hashed(said["proof"]) == device.proof_hash
    return operation if is_proved else None
