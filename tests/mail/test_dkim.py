"""Signed letters: whoever asks DNS for our key finds them whole, a changed one is found out, a wrong key stops us."""

import subprocess
import sys
import time
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from importlib.metadata import version
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from flask import Flask

from app import clock
from app.mail.delivery import deliver_batch
from app.mail.dkim_signing import Signer, load_signer, signed
from app.mail.letters import Address, Letter, message
from app.mail.outbox import Recipient, queue_mail
from app.mail.smtp import Post
from config import ROOT, SettingError, Settings
from tests.mail.sink import Sink

KEY = rsa.generate_private_key(65537, 2048)
HERE = Address("Torangy, оқиғалар", "torangy@events.example.kz")
LETTER = Letter(
    message_id="k2345678@events.example.kz", sender=HERE, reply_to=Address("", "aigul@example.kz"),
    recipient=Address('Сейітқали, "Дина"', "dina@xn--80a1acny.xn--80ao21a"), subject="Ертең " * 40, text="Сәлем\n.\n",
    html="<p>Сәлем</p>".encode() * 200, date=clock.now(), calendar=b"BEGIN:VCALENDAR\r\n", unsubscribe_url="https://events.example.kz/x",
)  # fmt: skip


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, layout: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, layout, NoEncryption())


@pytest.fixture
def keyed(app: Flask, tmp_path: Path) -> Settings:
    file = tmp_path / "dkim.pem"
    file.write_bytes(pem(KEY))
    sender = "Torangy <torangy@events.example.kz>"
    return replace(app.config["TORANGY"], dkim_key_file=file, mail_default_sender=sender)


def holds(raw: bytes, signer: Signer) -> bool:
    """As a reader's server checks it, with dkimpy's own arithmetic."""

    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == f"{signer.selector}._domainkey.{signer.domain}.".encode()
        return signer.record.encode()

    return bool(dkim.verify(raw, dnsfunc=dns))


def test_a_signed_letter_holds_and_is_not_changed_by_a_byte(keyed: Settings) -> None:
    signer = load_signer(keyed)
    assert signer is not None and signer.domain == "events.example.kz"
    whole = message(LETTER)
    raw = signer.signed(whole)
    assert raw.endswith(whole) and holds(raw, signer)
    tags = message_from_bytes(raw, policy=default)["DKIM-Signature"].replace(" ", "")
    for name in ("from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"):
        assert name in tags.partition("h=")[2].partition(";")[0].split(":")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Message-ID: <k", b"Message-ID: <j"),
        (b"List-Unsubscribe: <https://events", b"List-Unsubscribe: <https://phish"),
        (b"From: ", b"From: nobody <a@b.kz>\r\nFrom: "),
        (b"To: ", b"To: x "),
    ],
)
def test_a_changed_letter_does_not_hold(keyed: Settings, before: bytes, after: bytes) -> None:
    signer = load_signer(keyed)
    assert signer is not None
    raw = signer.signed(message(LETTER))
    assert before in raw
    assert not holds(raw.replace(before, after, 1), signer)
    assert not holds(raw[:-40] + b"x" + raw[-39:], signer)


@pytest.mark.parametrize("layout", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_keys_are_read_as_openssl_writes_them(keyed: Settings, layout: PrivateFormat) -> None:
    assert keyed.dkim_key_file is not None
    keyed.dkim_key_file.write_bytes(pem(KEY, layout))
    signer = load_signer(replace(keyed, dkim_domain="Пошта.қаз", dkim_selector="2026"))
    assert signer is not None and signer.domain.startswith("xn--")
    assert holds(signer.signed(message(LETTER)), signer)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"nothing", pem(KEY)[:-60], pem(ec.generate_private_key(ec.SECP256R1())),
        KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")),
        pem(rsa.generate_private_key(65537, 1024))[:200],
    ],
    ids=["empty", "text", "cut", "elliptic", "password", "half"],
)  # fmt: skip
def test_a_key_that_can_not_sign_is_refused_in_one_line(keyed: Settings, content: bytes) -> None:
    assert keyed.dkim_key_file is not None
    keyed.dkim_key_file.write_bytes(content)
    with pytest.raises(SettingError, match="DKIM_KEY_FILE") as refusal:
        load_signer(keyed)
    assert "\n" not in str(refusal.value)


@pytest.mark.full
def test_a_wrong_key_stops_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    environ = {"TORANGY_INSTANCE": str(tmp_path), "DKIM_KEY_FILE": str(tmp_path / "key.pem"), "PATH": "/usr/bin:/bin"}
    start = [sys.executable, "-c", "import wsgi"]
    ended = subprocess.run(start, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, len(ended.stderr.strip().splitlines())) == (2, 1)
    assert "Torangy can't start: DKIM_KEY_FILE" in ended.stderr


def test_without_a_key_a_letter_leaves_as_it_is(app: Flask) -> None:
    assert load_signer(app.config["TORANGY"]) is None
    assert signed(b"From: a\r\n\r\n") == b"From: a\r\n\r\n"


@pytest.mark.full
def test_what_the_server_gets_is_signed(
    app: Flask, sink: Sink, keyed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TORANGY", replace(keyed, mail_bounce_address="bounces@example.kz"))
    to = Recipient("dina@torangy.example", 'Сейітқали, "Дина"\nBcc: x@y.kz', "kk")
    now = clock.now()
    queue_mail(key="k", template="access/password", to=to, context={"name": "Дина", "url": "/x", "ends_at": now.isoformat()}, now=now)  # fmt: skip # noqa: E501
    with Post(app.config) as post:
        while deliver_batch(post, now=now):
            pass
    (got,) = sink.received
    signer = load_signer(keyed)
    assert signer is not None and holds(got.raw, signer)
    assert got.sender.startswith("bounces+") and got.message["Bcc"] is None
    assert got.message["Message-ID"].strip("<>").partition("@")[0] in got.sender


@pytest.mark.full
def test_signing_costs_less_than_a_millisecond_because_openssl_does_the_sums(keyed: Settings) -> None:
    assert version("dkimpy") == "1.1.8", "look again at the two functions that dkim_signing.py puts in dkimpy's place"
    signer, raw = load_signer(keyed), message(LETTER)
    assert signer is not None
    best = min(_seconds(lambda: signer.signed(raw)) for _ in range(5))
    plain = dkim.RSASSA_PKCS1_v1_5_sign, dkim.parse_pem_private_key
    from app.mail import dkim_signing

    dkim.RSASSA_PKCS1_v1_5_sign, dkim.parse_pem_private_key = dkim_signing._python_rsa, dkim_signing._python_key
    try:
        theirs = min(
            _seconds(lambda: dkim.sign(raw, b"t", b"example.kz", pem(KEY, PrivateFormat.TraditionalOpenSSL)))
            for _ in range(3)
        )
    finally:
        dkim.RSASSA_PKCS1_v1_5_sign, dkim.parse_pem_private_key = plain
    assert theirs / best > 3


def _seconds(work) -> float:
    begun = time.process_time()
    for _ in range(10):
        work()
    return time.process_time() - begun
