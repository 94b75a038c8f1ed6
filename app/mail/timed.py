"""SMTP on which no step takes for ever.

A socket's timeout is per read: a server that says one letter every ten seconds would hold a thread as long as it likes.
Here each answer has its time as a whole, and a length that it can't exceed.
"""

import io
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SECONDS_IN_ALL = 60.0  # for one answer; how long the server may be silent meanwhile is the socket's own timeout
LONGEST_ANSWER = 64 * 1024  # bytes


class TimedSMTP(smtplib.SMTP):
    """smtplib's, whose steps end in time: one that is overdue is a broken line."""

    _until = 0.0
    _taken = 0
    _long_until: float | None = None

    @contextmanager
    def given(self, seconds: float) -> Iterator[None]:
        """All that is said and heard in this block may take so long together, silence included."""
        self._long_until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._long_until = None

    def send(self, s: Any) -> None:
        """Sends all of it in time: TLS would begin to count anew with each piece that the server takes."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("please run connect() first")
        rest = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else bytes(s))
        self._begin()
        try:
            while rest:
                self._wait_no_longer()
                rest = rest[self.sock.send(rest) :]
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"Server not connected: {error}") from error

    def getreply(self) -> tuple[int, bytes]:
        """One answer; raises SMTPServerDisconnected if it isn't whole in time."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Coming(self))
        self._begin()
        return super().getreply()

    def heard(self, buffer: Any) -> int:
        """Reads what has come of an answer; raises OSError when it takes too long, or is."""
        assert self.sock is not None
        self._wait_no_longer()
        count = self.sock.recv_into(buffer)
        self._taken += count
        if self._taken > LONGEST_ANSWER:
            raise OSError("the answer has no end")
        return count

    def _begin(self) -> None:
        self._taken = 0
        self._until = self._long_until or time.monotonic() + SECONDS_IN_ALL

    def _wait_no_longer(self) -> None:
        assert self.sock is not None
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the step takes too long")
        self.sock.settimeout(left if self._long_until else min(left, self.timeout))


class TimedSMTPOverTLS(TimedSMTP, smtplib.SMTP_SSL):
    """The same where the line is encrypted from its first letter."""


class _Coming(io.RawIOBase):
    """The server's side of a line, as a file."""

    def __init__(self, line: TimedSMTP) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._line.heard(buffer)
