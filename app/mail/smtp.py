"""The line to the mail server: Flask-Mail's connection and settings, with what it leaves out.

Mended here: no timeout (timed.py: nor an end to an answer that trickles), any certificate accepted, one error for many
recipients (we send one letter to one address), leaving a dropped line raised, a socket left open when the greeting
fails. Its Message is not used: it asks the resolver for our own name with every letter, cuts a sender's name at a
comma, breaks long names and headers and lets CR/LF through; `letters.py` builds what we send.
"""

import smtplib
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import flask_mail

from app.mail.pace import SERVER_IS_CLOSING, Refusal
from app.mail.timed import TimedSMTP, TimedSMTPOverTLS

SECONDS_TO_ANSWER = 15  # of silence
# The answer to a whole letter: servers look for viruses before they give it. Who hangs up earlier sends it twice.
SECONDS_TO_TAKE = 300
MAX_WORDS = 1000  # letters of an answer that are kept


class NoLine(Exception):
    """The server can't be reached, or refuses to talk to us at all: no letter can leave now."""

    def __init__(self, code: int | None, words: str) -> None:
        super().__init__(f"{code} {words}" if code else words)
        self.code = code


class NotTaken(Exception):
    """The server did not take this letter."""

    def __init__(self, code: int, words: str, *, after_content: bool = False) -> None:
        super().__init__(f"{code} {words}" if code else words)
        self.refusal = Refusal(code, words, after_content)


class MayHaveArrived(Exception):
    """The line broke after the whole letter had been handed over, before the server said what it did with it."""


class Connection(flask_mail.Connection):
    """One conversation with the server, for many letters."""

    host: TimedSMTP | None

    def configure_host(self) -> TimedSMTP:
        """Connects, encrypts if asked to, and logs in; closes the socket if any of it fails."""
        tls = ssl.create_default_context()
        where = (self.mail.server, self.mail.port or 25)
        if self.mail.use_ssl:
            host: TimedSMTP = TimedSMTPOverTLS(*where, timeout=SECONDS_TO_ANSWER, context=tls)
        else:
            host = TimedSMTP(*where, timeout=SECONDS_TO_ANSWER)
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

    def offer(self, sender: str, recipient: str) -> None:
        """Says from whom and to whom; raises NotTaken or NoLine.

        Servers hang up after so many letters, or after a pause; nothing was handed over yet, so an old line that is
        gone is replaced once.
        """
        host, is_fresh = self._line()
        try:
            self._offer(host, sender, recipient)
        except _Gone as gone:
            self.close()
            if is_fresh:
                raise gone.meaning from gone
            host, _ = self._line()
            try:
                self._offer(host, sender, recipient)
            except _Gone as again:
                self.close()
                raise again.meaning from again

    def hand_over(self, message: bytes) -> tuple[int, str]:
        """The letter itself; the server's code and words. Raises NotTaken, MayHaveArrived."""
        assert self._connection is not None and self._connection.host is not None
        host = self._connection.host
        code, words = self._said(host, b"DATA")
        if code != 354:
            self._give_up(host, code)
            raise NotTaken(code, words, after_content=True)
        try:
            with host.given(SECONDS_TO_TAKE):
                host.send(_dotted(message))
                code, said = host.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MayHaveArrived(_in_words(error)) from error
        words = said.decode("utf-8", "replace")[:MAX_WORDS]
        if code != 250:
            self._give_up(host, code)
            raise NotTaken(code, words, after_content=True)
        return code, words

    def forget(self) -> None:
        """The letter that was offered is not handed over after all."""
        if self._connection is not None and self._connection.host is not None:
            self._give_up(self._connection.host, 0)

    def _line(self) -> tuple[TimedSMTP, bool]:
        if self._connection is not None and self._connection.is_open:
            assert self._connection.host is not None
            return self._connection.host, False
        self.close()
        connection = Connection(self.settings)  # type: ignore[arg-type]  # its own connect() passes the state too
        try:
            connection.__enter__()
        except smtplib.SMTPResponseException as error:
            raise NoLine(error.smtp_code, _text(error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NoLine(None, _in_words(error)) from error
        self._connection = connection
        assert connection.host is not None
        return connection.host, True

    def _offer(self, host: TimedSMTP, sender: str, recipient: str) -> None:
        """MAIL and RCPT, in one go where the server can read so."""
        from_us, to_them = f"MAIL FROM:<{sender}>\r\n".encode("ascii"), f"RCPT TO:<{recipient}>\r\n".encode("ascii")
        together = host.has_extn("pipelining")
        code, words = self._exchange(host, from_us + to_them if together else from_us)
        if code == SERVER_IS_CLOSING or code == 0:
            raise _Gone(NoLine(code or None, words))
        if code != 250:
            if together:
                self._exchange(host, b"")
            self._give_up(host, code)
            raise NoLine(code, words)
        code, words = self._exchange(host, b"" if together else to_them)
        if code in (250, 251, 252):
            return
        if code == 0:
            self.close()
        else:
            self._give_up(host, code)
        raise NotTaken(code, words)

    def _said(self, host: TimedSMTP, command: bytes) -> tuple[int, str]:
        """The server's answer; a dropped or silent line is closed and becomes NotTaken without a code."""
        code, words = self._exchange(host, command + b"\r\n")
        if code == 0:
            self.close()
            raise NotTaken(0, words)
        return code, words

    def _exchange(self, host: TimedSMTP, lines: bytes) -> tuple[int, str]:
        """Sends these lines, if any, and reads one answer; 0 where the line broke."""
        try:
            if lines:
                host.send(lines)
            code, words = host.getreply()
        except (smtplib.SMTPException, OSError) as error:
            return 0, _in_words(error)
        return code, words.decode("utf-8", "replace")[:MAX_WORDS]

    def _give_up(self, host: TimedSMTP, code: int) -> None:
        """Clears the half-finished letter, so that the next one can be offered; a closing server is left."""
        if code == SERVER_IS_CLOSING:
            self.close()
            return
        try:
            host.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


class _Gone(Exception):
    """An old line turned out to be closed when it was used; `meaning` is what a new one would mean by it."""

    def __init__(self, meaning: NoLine) -> None:
        super().__init__(str(meaning))
        self.meaning = meaning


def _dotted(message: bytes) -> bytes:
    """As it goes over the line: no line of it can end the letter."""
    if message.startswith(b"."):
        message = b"." + message
    if b"\r\n." in message:
        message = message.replace(b"\r\n.", b"\r\n..")
    return message + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n")


def _text(words: bytes | str) -> str:
    return (words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))[:MAX_WORDS]


def _in_words(error: Exception) -> str:
    """As people may read it: the system's sentence without its number."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}".rstrip(": ")[:MAX_WORDS]
