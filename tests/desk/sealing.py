"""A phone for tests: takes an event along as a browser does, and seals what it records as envelope.js does."""

import base64
import json
import os
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient

from app.access.passwords import password_hash
from app.accounts.models import Account
from app.db import db, transaction
from app.people.models import Person
from tests import factories

PIN = "482915"


@cache
def pin_hash() -> str:
    """Made once: it is slow on purpose."""
    return password_hash(PIN)


def with_pin(person: Person) -> Account:
    """The person's login, with the PIN of all tests."""
    account = db.session.query(Account).filter_by(person_id=person.id).one_or_none() or factories.account(person)
    with transaction() as session:
        session.get_one(Account, account.id).pin_hash = pin_hash()
    return account


@dataclass
class TestPhone:
    """What one phone was given."""

    __test__ = False
    event_id: str
    told: dict[str, Any]
    client: FlaskClient

    def get(self, path: str = "", *, key: str = "token", **headers: str) -> Any:
        """Asks the desk's calls, with one of its keys."""
        address = f"/api/v1/events/{self.event_id}/desk{path}"
        return self.client.get(address, headers={"Authorization": f"Bearer {self.told[key]}", **headers})

    def post(self, *envelopes: dict[str, str], key: str = "token", **more: Any) -> Any:
        """Hands envelopes over."""
        address = f"/api/v1/events/{self.event_id}/desk/operations"
        body = {"operations": [], "envelopes": list(envelopes), **more}
        return self.client.post(address, json=body, headers={"Authorization": f"Bearer {self.told[key]}"})

    def sealed(self, operation: dict[str, Any], **changes: Any) -> dict[str, str]:
        """One operation in its envelope; `changes` are what somebody tampered with."""
        own = ec.generate_private_key(ec.SECP256R1())
        epk = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), base64.b64decode(self.told["envelope_public"])
        )
        shared = own.exchange(ec.ECDH(), theirs)
        key = AESGCM(HKDF(algorithm=SHA256(), length=32, salt=epk, info=b"torangy desk 1").derive(shared))
        said = {"v": 1, "proof": changes.pop("proof", self.told["proof"]), "operation": operation}
        iv, bound = os.urandom(12), f"{self.told['device_id']}|{changes.pop('bound_to', operation['id'])}".encode()
        parts = {"epk": epk, "iv": iv, "data": key.encrypt(iv, json.dumps(said).encode(), bound)}
        coded = {name: base64.b64encode(value).decode() for name, value in parts.items()}
        return {"id": operation["id"], "device_id": self.told["device_id"], **coded, **changes}


def taken_along(client: FlaskClient, event_id: str, **changes: str) -> TestPhone:
    """The event on a phone of whoever is logged in."""
    said = {"install_id": str(uuid.uuid4()), "name": "Chrome, Android", "pin": PIN} | changes
    answer = client.post(f"/events/{event_id}/desk/devices", data=said)
    assert answer.status_code == 200, answer.text
    return TestPhone(event_id, answer.json or {}, client)


def check_in(place_id: str, at: str, **more: Any) -> dict[str, Any]:
    """Somebody came."""
    return {
        "id": str(uuid.uuid4()),
        "kind": "check_in",
        "subject": {"place_id": place_id},
        "at": at,
        "after": [],
        **more,
    }
