"""The doctor on mail: STARTTLS, certificate and login at a real server; MX, SPF, DKIM and DMARC in DNS."""

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dns.exception
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from app.mail.dkim_signing import load_signer
from app.upkeep import doctor_mail
from app.upkeep.doctor import findings
from app.upkeep.doctor_mail import line_to_server, mailbox_of_bounces, names
from config import Settings
from tests import factories
from tests.mail.sink import SINK_PORTS

Start = Callable[..., Settings]


class Guarded(Controller):
    """Asks for STARTTLS and a login, as a company's server does."""

    tls: ssl.SSLContext | None = None

    def factory(self) -> SMTP:
        def known(server: Any, session: Any, envelope: Any, how: str, who: Any) -> AuthResult:
            return AuthResult(success=who.password == b"right", handled=False)

        return SMTP(
            self.handler, tls_context=self.tls, auth_required=self.tls is not None, authenticator=known,
            hostname="mail.test",
        )  # fmt: skip


@pytest.fixture
def start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a server whose certificate is for this name; we know who signed it if `known`."""
    running: list[Guarded] = []

    def _start(name: str | None = "127.0.0.1", *, known: bool = True, password: str = "right") -> Settings:
        authority = trustme.CA()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        SINK_PORTS.add(port)
        server = Guarded(object(), hostname="127.0.0.1", port=port)
        if name:
            server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(name).configure_cert(server.tls)
        ours = ssl.create_default_context()
        if known:
            authority.configure_trust(ours)
        monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: ours)
        server.start()
        running.append(server)
        return replace(
            app.config["TORANGY"], mail_server="127.0.0.1", mail_port=port, mail_use_tls=name is not None,
            mail_username="torangy" if name else None, mail_password=password, embedded_mailbox=False,
        )  # fmt: skip

    yield _start
    for server in running:
        server.stop()


def test_a_server_is_well_when_its_certificate_and_our_login_hold(start: Start) -> None:
    seen = line_to_server(start())
    assert "TLS with a certificate that holds" in seen and "login as torangy" in seen


def test_a_server_without_tls_is_said_to_be_one(start: Start) -> None:
    assert line_to_server(start(None)).endswith(" answers")


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"known": False}, "wrong certificate: unable to get local issuer|wrong certificate: self-signed"),
        ({"name": "elsewhere.example"}, "wrong certificate: IP address mismatch"),
        ({"password": "wrong"}, "refuses the login of torangy: 535"),
    ],
)
def test_what_is_wrong_with_the_line_is_said(start: Start, how: dict[str, Any], why: str) -> None:
    with pytest.raises(RuntimeError, match=why) as refusal:
        line_to_server(start(**how))
    assert "wrong'" not in str(refusal.value)


def test_a_server_that_is_not_there_is_said_so(start: Start) -> None:
    with pytest.raises(RuntimeError, match="does not answer"):
        line_to_server(replace(start(), mail_port=next(iter(SINK_PORTS)), mail_server="127.0.0.2"))


GOOD = {
    ("example.kz", "MX"): ["10 mail.example.kz."],
    ("example.kz", "TXT"): ['"google-site-verification=x"', '"v=spf1 mx -all"'],
    ("_dmarc.example.kz", "TXT"): ['"v=DMARC1; p=quarantine"'],
}


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], list[str]]:
    """What DNS answers in this test; what does not stand there does not exist."""
    records = dict(GOOD)

    class Resolver:
        def resolve(self, name: str, kind: str, lifetime: float) -> Any:
            assert lifetime == 3.0
            if (name, kind) not in records:
                raise dns.resolver.NXDOMAIN
            return dns.rrset.from_text(f"{name}.", 60, "IN", kind, *records[(name, kind)])

    monkeypatch.setattr(dns.resolver, "get_default_resolver", Resolver)
    return records


@pytest.fixture
def ours(app: Flask) -> Settings:
    return replace(app.config["TORANGY"], mail_default_sender="Torangy <torangy@example.kz>", embedded_mailbox=False)


def seen(settings: Settings) -> dict[str, tuple[bool, str]]:
    return {what: (is_well, words) for what, is_well, words in names(settings)}


def test_a_domain_in_order_is_well(zone: dict[tuple[str, str], list[str]], ours: Settings) -> None:
    found = seen(ours)
    assert all(is_well for is_well, _ in found.values()), found
    assert found["SPF of example.kz"][1] == "v=spf1 mx -all"
    assert found["MX of example.kz"][1] == "mail.example.kz"


@pytest.mark.parametrize(
    ("name", "kind", "answers", "what", "why"),
    [
        ("example.kz", "MX", None, "MX of example.kz", "reaches nobody"),
        ("example.kz", "TXT", ['"x"'], "SPF of example.kz", "no records"),
        ("example.kz", "TXT", ['"v=spf1 mx -all"', '"v=spf1 a ~all"'], "SPF of example.kz", "2 records"),
        ("example.kz", "TXT", ['"v=spf1 +all"'], "SPF of example.kz", "everybody"),
        ("_dmarc.example.kz", "TXT", None, "DMARC of example.kz", "p=none"),
    ],
)
def test_what_is_missing_in_dns_is_said(
    zone: dict[tuple[str, str], list[str]], ours: Settings, name: str, kind: str, answers: Any, what: str, why: str
) -> None:
    zone.pop((name, kind))
    if answers:
        zone[(name, kind)] = answers
    is_well, words = seen(ours)[what]
    assert not is_well and why in words


@pytest.mark.parametrize(
    "failure", [dns.resolver.LifetimeTimeout(timeout=3, errors=[]), dns.resolver.NoNameservers(), OSError("no net")]
)
def test_what_could_not_be_asked_is_no_failure(
    ours: Settings, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def refuse() -> None:
        raise failure

    monkeypatch.setattr(dns.resolver, "get_default_resolver", refuse)
    found = seen(ours)
    assert all(is_well for is_well, _ in found.values())
    assert "could not ask" in found["MX of example.kz"][1]


def test_a_subdomain_is_covered_by_the_dmarc_of_the_domain_above(
    zone: dict[tuple[str, str], list[str]], ours: Settings
) -> None:
    zone.update({("events.example.kz", kind): zone[("example.kz", kind)] for kind in ("MX", "TXT")})
    settings = replace(ours, mail_default_sender="Torangy <torangy@events.example.kz>")
    assert all(is_well for is_well, _ in seen(settings).values())


@pytest.mark.full
def test_the_published_key_must_be_ours(zone: dict[tuple[str, str], list[str]], ours: Settings, tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    file = tmp_path / "dkim.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    keyed = replace(ours, dkim_key_file=file)
    signer = load_signer(keyed)
    assert signer is not None
    is_well, words = seen(keyed)["DKIM"]
    assert not is_well and signer.record in words
    where, record = ("torangy._domainkey.example.kz", "TXT"), signer.record
    zone[where] = [f'"{record[:200]}" "{record[200:]}"']
    assert seen(keyed)["DKIM"] == (True, "torangy._domainkey.example.kz publishes our key")
    zone[where] = ['"v=DKIM1; k=rsa; p=MIIBIjANBg"']
    assert "publishes another key" in seen(keyed)["DKIM"][1]


def test_from_must_agree_with_the_envelope_or_the_signature(
    zone: dict[tuple[str, str], list[str]], ours: Settings
) -> None:
    zone.update({("relay.example", kind): zone[("example.kz", kind)] for kind in ("MX", "TXT")})
    far = replace(ours, mail_bounce_address="bounces@relay.example")
    assert not seen(far)["alignment"][0]
    assert seen(replace(ours, mail_bounce_address="bounces@bounce.example.kz"))["alignment"][0]


def test_mail_that_stays_on_this_machine_asks_dns_nothing(app: Flask) -> None:
    assert seen(app.config["TORANGY"]) == {"mail domain": (True, "localhost: of this machine alone, nothing to ask")}


def test_the_mailbox_of_bounces_must_open(ours: Settings, tmp_path: Path) -> None:
    assert "flask mail bounce" in mailbox_of_bounces(ours)
    for source, why in ((f"maildir:{tmp_path}", "no maildir"), ("imaps://a:b@127.0.0.1:1", "refused")):
        with pytest.raises(RuntimeError, match=why):
            mailbox_of_bounces(replace(ours, mail_bounce_source=source))
    for part in ("cur", "new"):
        (tmp_path / part).mkdir()
    assert mailbox_of_bounces(replace(ours, mail_bounce_source=f"maildir:{tmp_path}")) == str(tmp_path)


def test_all_of_it_stands_among_the_findings(app: Flask, start: Start, zone: dict[tuple[str, str], list[str]]) -> None:
    settings = replace(start(), mail_default_sender="Torangy <torangy@example.kz>")
    found = {one.what: one.is_well for one in findings(settings, now=factories.LONG_AGO)}
    assert found["mail server"] and found["bounces"] and found["DKIM"] and found["SPF of example.kz"]
    assert doctor_mail.DNS_SECONDS == 3.0
