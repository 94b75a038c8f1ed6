"""The line to the mail server: Flask-Mail's connection and settings, with what it leaves out.

Mended here: no timeout, any certificate accepted, one error for many recipients (we send one letter to one address),
leaving a dropped line raised, a socket left open when the greeting fails. Its Message is not used: it asks the
resolver for our own name with every letter, cuts a sender's name at a comma, breaks long names and headers and lets
CR/LF through; `letters.py` builds what we send.
"""

import smtplib
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import flask_mail

SECONDS_TO_ANSWER = 15
ADDRESS_CODES = {550, 551, 553}
SERVER_IS_CLOSING = 421


class NoLine(Exception):
    """The server can't be reached, or refuses to talk to us at all: no letter can leave now."""


class NotTaken(Exception):
    """The server did not take this letter: its code (0 when the line dropped) and its words."""

    def __init__(self, code: int, words: str, *, about_address: bool = False) -> None:
        super().__init__(f"{code} {words}" if code else words)
        self.code = code
        self.is_final = code >= 500
        self.is_about_address = about_address


class Connection(flask_mail.Connection):
    """One conversation with the server, for many letters."""

    host: smtplib.SMTP | None

    def configure_host(self) -> smtplib.SMTP:
        """Connects, encrypts if asked to, and logs in; closes the socket if any of it fails."""
        tls = ssl.create_default_context()
        where = (self.mail.server, self.mail.port or 25)
        if self.mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=SECONDS_TO_ANSWER, context=tls)
        else:
            host = smtplib.SMTP(*where, timeout=SECONDS_TO_ANSWER)
        try:
            if self.mail.use_tls and not self.mail.use_ssl:
                host.starttls(context=tls)
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Says goodbye if anybody still listens."""
        if self.host is None:
            return
        try:
            self.host.quit()
        except (smtplib.SMTPException, OSError):
            self.host.close()
        self.host = None

    @property
    def is_open(self) -> bool:
        """Whether the line still stands, as far as we know."""
        return self.host is not None and self.host.sock is not None


class Post:
    """Sends letters one by one over a connection that is opened when first needed and again when it dropped."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        # Flask-Mail sends nothing while testing; our tests send to a server of their own.
        self.settings = flask_mail.Mail().init_mail(dict(config), debug=0, testing=False)
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the conversation, if there is one."""
        if self._connection is not None:
            self._connection.__exit__(None, None, None)
            self._connection = None

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Hands one letter over; raises NotTaken or NoLine."""
        host, is_fresh = self._line()
        try:
            self._offer(host, sender)
        except NotTaken as refusal:
            # Servers hang up after so many letters, or after a pause; nothing was handed over yet, so ask once more.
            if is_fresh or refusal.code not in (0, SERVER_IS_CLOSING):
                raise
            self.close()
            host, _ = self._line()
            self._offer(host, sender)
        self._hand_over(host, recipient, message)

    def _line(self) -> tuple[smtplib.SMTP, bool]:
        if self._connection is not None and self._connection.is_open:
            assert self._connection.host is not None
            return self._connection.host, False
        self.close()
        connection = Connection(self.settings)  # type: ignore[arg-type]  # its own connect() passes the state too
        try:
            connection.__enter__()
        except (smtplib.SMTPException, OSError) as error:
            raise NoLine(_in_words(error)) from error
        self._connection = connection
        assert connection.host is not None
        return connection.host, True

    def _offer(self, host: smtplib.SMTP, sender: str) -> None:
        code, words = self._said(host.mail, sender)
        if code != 250:
            self._give_up(host, code)
            raise NotTaken(code, words)

    def _hand_over(self, host: smtplib.SMTP, recipient: str, message: bytes) -> None:
        code, words = self._said(host.rcpt, recipient)
        if code not in (250, 251):
            self._give_up(host, code)
            raise NotTaken(code, words, about_address=_blames_address(code, words))
        code, words = self._said(host.data, message)
        if code != 250:
            self._give_up(host, code)
            raise NotTaken(code, words)

    def _said(self, command: Any, argument: Any) -> tuple[int, str]:
        """The server's answer; a dropped or silent line is closed and becomes NotTaken without a code."""
        try:
            code, words = command(argument)
        except smtplib.SMTPDataError as error:
            code, words = error.smtp_code, error.smtp_error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise NotTaken(0, _in_words(error)) from error
        return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)

    def _give_up(self, host: smtplib.SMTP, code: int) -> None:
        """Clears the half-finished letter, so that the next one can be offered; a closing server is left."""
        if code == SERVER_IS_CLOSING:
            self.close()
            return
        try:
            host.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _blames_address(code: int, words: str) -> bool:
    """Whether the address is at fault: by the enhanced code (5.1.x) where there is one, else by the reply's code."""
    first = words.split(maxsplit=1)[0] if words else ""
    if first.startswith(("4.", "5.")) and first.count(".") == 2:
        return first.startswith("5.1.") or first == "5.2.1"
    return code in ADDRESS_CODES


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
