"""An SMTP server that misbehaves once, at a chosen moment of its first conversations, in a chosen way.

Moments: greeting, EHLO, MAIL, RCPT, DATA, content (the answer to the whole letter). Ways: an answer ("421", "450",
"550"), "drop" (the line is cut), "silence" (none is said), "trickle" (letter by letter, for ever), "endless" (line by
line, for ever), "deaf" (at DATA: asks for the letter and reads none of it), "taken-drop" and "taken-silence" (the
letter is kept, and then there is no answer).
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.mail.sink import SINK_PORTS

MOMENTS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "content")
USUAL = {"greeting": "220", "EHLO": "250", "MAIL": "250", "RCPT": "250", "DATA": "354", "content": "250"}
BETWEEN_LETTERS = 0.05  # seconds, of an answer that trickles


class Cut(Exception):
    """This conversation is over."""


class Scripted:
    """`received` holds (recipient, Message-ID) of all that it kept."""

    def __init__(self, moment: str, way: str, *, times: int = 1) -> None:
        self.moment, self.way, self.left = moment, way, times
        self.received: list[tuple[str, str]] = []
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def serve(self) -> None:
        with suppress(OSError):
            while not self.over.is_set():
                line, _ = self._listening.accept()
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def close(self) -> None:
        self.over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _talk(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as heard, suppress(Cut, OSError):
            self._answer(line, "greeting")
            recipient = ""
            for said in heard:
                verb = said.split()[0].decode().upper()
                if verb == "RCPT":
                    recipient = said.partition(b"<")[2].partition(b">")[0].decode()
                if verb == "QUIT":
                    return
                if verb not in MOMENTS:  # HELO too: who was refused with EHLO does not come in by it
                    line.sendall(b"250 OK\r\n" if verb == "RSET" else b"502 no\r\n")
                    continue
                if self._answer(line, verb) == "354":
                    self._take(line, recipient, list(iter(heard.readline, b".\r\n")))

    def _take(self, line: socket.socket, recipient: str, letter: list[bytes]) -> None:
        (message_id,) = [one.split()[1].decode() for one in letter if one.lower().startswith(b"message-id:")]
        is_kept = not (self.moment == "content" and self.left and not self.way.startswith("taken"))
        if is_kept:
            self.received.append((recipient, message_id))
        self._answer(line, "content")

    def _answer(self, line: socket.socket, moment: str) -> str:
        code = USUAL[moment]
        if moment == self.moment and self.left:
            self.left -= 1
            code = self.way.removeprefix("taken-")
        if code == "drop":
            raise Cut
        if code == "deaf":
            line.sendall(b"354 go on\r\n")
        if code in ("silence", "deaf"):
            self.over.wait(20)
            raise Cut
        while code == "endless":
            line.sendall(b"250-and more\r\n" * 100)
        if code == "trickle":
            self._trickle(line)
        line.sendall(f"{code} as told\r\n".encode())
        if code == "421":
            raise Cut
        return code

    def _trickle(self, line: socket.socket) -> None:
        ends = time.monotonic() + 20
        while time.monotonic() < ends and not self.over.wait(BETWEEN_LETTERS):
            line.sendall(b"2")
        raise Cut


@contextmanager
def scripted(moment: str, way: str, *, times: int = 1) -> Iterator[Scripted]:
    """A server of its own for the block."""
    server = Scripted(moment, way, times=times)
    SINK_PORTS.add(server.port)
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield server
    finally:
        server.close()
