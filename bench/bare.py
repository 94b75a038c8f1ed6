"""A bare smtplib loop: `python -m bench.bare PORT LETTERS CONNECTIONS`, one whole letter on standard input.

It takes the letter apart and builds and sends so many of the same parts with the standard library, a thread for each
connection. Says `ready`, waits for the end of its input, and prints when it began and ended.
"""

import smtplib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")


class Parts:
    """What every letter is made of."""

    def __init__(self, raw: bytes) -> None:
        model = message_from_bytes(raw, policy=default)
        self.sender, self.subject = str(model["From"]), str(model["Subject"])
        self.text, self.html = (self._of(model, f"text/{kind}") for kind in ("plain", "html"))
        self.calendar: bytes = self._of(model, "text/calendar", raw=True)
        self.pictures = [part for part in model.walk() if part.get_content_maintype() == "image"]

    @staticmethod
    def _of(model: EmailMessage, kind: str, *, raw: bool = False) -> Any:
        part = next(part for part in model.walk() if part.get_content_type() == kind)
        return part.get_payload(decode=True) if raw else part.get_content()  # type: ignore[attr-defined]

    def letter(self, number: int) -> EmailMessage:
        """One letter of these parts."""
        letter = EmailMessage(policy=POLICY)
        letter["From"], letter["To"] = self.sender, f"reader{number}@torangy.example"
        letter["Subject"], letter["Message-ID"] = self.subject, f"<{number}@torangy.example>"
        letter.set_content(self.text)
        letter.add_alternative(self.html, subtype="html")
        for picture in self.pictures:
            png, name = picture.get_payload(decode=True), picture["Content-ID"]
            letter.get_payload()[1].add_related(png, maintype="image", subtype="png", cid=name)  # type: ignore[index,union-attr]
        letter.add_attachment(self.calendar, maintype="text", subtype="calendar", filename="event.ics")
        return letter


def send(parts: Parts, port: int, numbers: range) -> None:
    """Over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as line:
        for number in numbers:
            line.send_message(parts.letter(number))


def main(port: int, letters: int, connections: int) -> None:
    """As the module says."""
    size = int(sys.stdin.buffer.readline())
    parts = Parts(sys.stdin.buffer.read(size))
    print("ready", flush=True)
    sys.stdin.buffer.read()
    begun = time.monotonic()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(lambda start: send(parts, port, range(start, letters, connections)), range(connections)))
    print(begun, time.monotonic(), flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
