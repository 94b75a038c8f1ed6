"""A real SMTP server in the test's own process that keeps what it gets and can be told to misbehave."""

import asyncio
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from flask import Flask

SINK_PORTS: set[int] = set()


@dataclass
class Received:
    """One letter as it came over the line."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """Parsed as a mail reader would."""
        return message_from_bytes(self.raw, policy=default)  # type: ignore[return-value]


class Server(SMTP):
    """aiosmtpd's, which counts the lines opened to it."""

    def connection_made(self, transport: Any) -> None:
        self.event_handler.lines += 1
        super().connection_made(transport)


class Line(Controller):
    """Listens on a free port."""

    def factory(self) -> Server:
        return Server(self.handler, hostname="sink.test")


@dataclass
class Sink:
    """`answers` are given once each, in turn, at the moment named: ("RCPT", "dina@...") -> ["450 later", "drop"]."""

    answers: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    letters_per_line: int | None = None
    seconds_per_letter: float = 0
    received: list[Received] = field(default_factory=list)
    lines: int = 0
    port: int = 0

    def say(self, moment: str, recipient: str, *answers: str) -> None:
        """At MAIL the recipient is not known yet: there "" stands for any."""
        self.answers[(moment, recipient)] = list(answers)

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        SINK_PORTS.add(self.port)
        self._line = Line(self, hostname="127.0.0.1", port=self.port)
        self._line.start()
        self.lines = 0  # the controller knocks once to see whether it listens

    def stop(self) -> None:
        self._line.stop()

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        handed_over = getattr(session, "handed_over", 0)
        if self.letters_per_line is not None and handed_over >= self.letters_per_line:
            return self._carry_out("421 enough for one line", server)
        envelope.mail_from = address
        return self._answer("MAIL", "", server)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self._answer("RCPT", address, server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (recipient,) = envelope.rcpt_tos
        if self.seconds_per_letter:
            await asyncio.sleep(self.seconds_per_letter)
        answer = self._answer("DATA", recipient, server)
        if answer.startswith("250"):
            session.handed_over = getattr(session, "handed_over", 0) + 1
            self.received.append(Received(envelope.mail_from, recipient, envelope.original_content))
        return answer

    def _answer(self, moment: str, recipient: str, server: Any) -> str:
        waiting = self.answers.get((moment, recipient))
        return self._carry_out(waiting.pop(0), server) if waiting else "250 OK"

    def _carry_out(self, answer: str, server: Any) -> str:
        if answer == "drop":
            server.transport.abort()
        elif answer.startswith("421"):
            asyncio.get_running_loop().call_later(0.01, server.transport.close)
        return answer


@contextmanager
def secure_sink(certificate: ssl.SSLContext) -> Iterator[int]:
    """A server that encrypts with this certificate; yields its port."""

    class Encrypting(Controller):
        def factory(self) -> SMTP:
            return SMTP(self.handler, hostname="sink.test", tls_context=certificate)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = Encrypting(Sink(), hostname="127.0.0.1", port=port)
    line.start()
    yield port
    line.stop()


@pytest.fixture
def sink(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """The app's mail server for this test."""
    server = Sink()
    server.start()
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", server.port)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def mail_stays_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that talks SMTP to anything but a sink fails, even if the code under test swallows the error."""
    strays: list[tuple[str, int]] = []
    connect: Callable[..., Any] = smtplib.SMTP.connect

    def checked(self: smtplib.SMTP, host: str = "localhost", port: int = 0, **options: Any) -> Any:
        if port not in SINK_PORTS:
            strays.append((host, port))
            raise OSError("a test may talk SMTP to a sink only: ask for the fixture `sink`")
        return connect(self, host, port, **options)

    monkeypatch.setattr(smtplib.SMTP, "connect", checked)
    yield
    assert not strays, f"this test talked SMTP to {strays}: ask for the fixture `sink`"
