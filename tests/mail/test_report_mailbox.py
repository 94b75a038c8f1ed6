"""Reports read from a mailbox: a maildir, and IMAP at a real server; each is looked at once and stays, marked."""

import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.db import db
from app.mail import report_mailbox
from app.mail.models import Suppression
from app.mail.report_mailbox import NoMailbox, read_mailbox
from app.mail.report_reading import LONGEST
from app.worker import tick
from tests.mail import imap
from tests.mail.imap import Imap
from tests.mail.test_reports import letter, shape

NOW = clock.now()
TOO_LONG = b"To: a@b\n\n" + b"x" * LONGEST


def reasons() -> list[str]:
    db.session.rollback()
    return [row.address for row in db.session.query(Suppression)]


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (tmp_path / part).mkdir()
    return tmp_path


def names(maildir: Path) -> set[str]:
    return {f"{path.parent.name}/{path.name}" for part in ("cur", "new") for path in (maildir / part).iterdir()}


def test_a_maildir_is_read_and_what_nobody_can_read_is_flagged(app: Flask, maildir: Path) -> None:
    (maildir / "new" / "1").write_bytes(shape("postfix-unknown-user", letter().id))
    (maildir / "new" / "2").write_bytes(b"To: a@b.kz\n\nHi\n")
    (maildir / "new" / "3").write_bytes(TOO_LONG)
    (maildir / "cur" / "4:2,S").write_bytes(shape("postfix-unknown-user", "gone"))
    (maildir / "cur" / "5:2,R").write_bytes(shape("postfix-unknown-user", letter("k5").id))
    assert read_mailbox(f"maildir:{maildir}", now=NOW) is False
    assert names(maildir) == {"cur/1:2,S", "cur/2:2,FS", "cur/3:2,FS", "cur/4:2,S", "cur/5:2,RS"}
    assert reasons() == ["dina@mail.ru"]


def test_much_is_read_in_portions(app: Flask, maildir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_mailbox, "AT_ONCE", 2)
    for number in range(5):
        (maildir / "new" / str(number)).write_bytes(b"To: a@b.kz\n\nHi\n")
    assert [read_mailbox(f"maildir:{maildir}", now=NOW) for _ in range(4)] == [True, True, False, False]


@pytest.mark.full
def test_the_worker_looks_every_five_minutes_and_says_why_it_can_not(
    app: Flask, maildir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    changed = replace(app.config["TORANGY"], mail_bounce_source=f"maildir:{maildir}/nowhere")
    monkeypatch.setitem(app.config, "TORANGY", changed)
    monkeypatch.setattr(app.extensions["rounds"], "reports_read_at", None)
    with caplog.at_level(logging.WARNING):
        tick(app)
    assert "mailbox of bounces: maildir" in caplog.text
    monkeypatch.setitem(app.config, "TORANGY", replace(changed, mail_bounce_source=f"maildir:{maildir}"))
    (maildir / "new" / "1").write_bytes(shape("postfix-unknown-user", letter(expires_at=NOW).id))
    tick(app)
    assert reasons() == []
    monkeypatch.setattr(app.extensions["rounds"], "reports_read_at", None)
    tick(app)
    assert reasons() == ["dina@mail.ru"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imap]:
    there, process = imap.start(tmp_path_factory.mktemp("imap"))
    yield there
    process.terminate()
    process.wait(10)


@pytest.fixture
def trusted(server: Imap, monkeypatch: pytest.MonkeyPatch) -> Imap:
    """We know who signed its certificate."""
    context = ssl.create_default_context(cafile=str(server.authority))
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)
    return server


@pytest.mark.imap
@pytest.mark.full
@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_imap_is_read_over_tls_and_what_was_looked_at_stays_marked(app: Flask, trusted: Imap, scheme: str) -> None:
    port = trusted.tls if scheme == "imaps" else trusted.plain
    source = f"{scheme}://bounces%40example.kz:secret%2F1@127.0.0.1:{port}/INBOX"
    trusted.put(f"report-{scheme}", shape("gmail-no-account", letter(recipient="dina@gmail.com").id))
    trusted.put(f"long-{scheme}", TOO_LONG)
    for _ in range(2):
        assert read_mailbox(source, now=NOW) is False
    assert reasons() == ["dina@gmail.com"]
    assert trusted.flags().items() >= {"first": "FS", f"report-{scheme}": "S", f"long-{scheme}": "FS"}.items()


@pytest.mark.imap
@pytest.mark.full
@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("imaps://a:wrong@127.0.0.1:{tls}", "Authentication failed"),
        ("imaps://a:secret%2F1@127.0.0.1:{tls}/Nowhere", "doesn't exist|SERVERBUG"),
        ("imaps://a:secret%2F1@127.0.0.1:1", "refused"),
        ("imaps://a:secret%2F1@127.0.0.1:notaport", "Port"),
    ],
)
def test_a_mailbox_that_does_not_open_says_why_without_its_password(trusted: Imap, source: str, why: str) -> None:
    with pytest.raises(NoMailbox, match=why) as refusal:
        read_mailbox(source.format(tls=trusted.tls), now=NOW)
    assert "secret" not in str(refusal.value) and "wrong" not in str(refusal.value)


@pytest.mark.imap
@pytest.mark.full
def test_a_certificate_of_somebody_unknown_is_not_trusted(server: Imap) -> None:
    for scheme, port in (("imaps", server.tls), ("imap", server.plain)):
        with pytest.raises(NoMailbox, match="CERTIFICATE_VERIFY_FAILED"):
            read_mailbox(f"{scheme}://a:secret%2F1@127.0.0.1:{port}", now=NOW)
