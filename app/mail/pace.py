"""How long to wait after a refusal, and what a refusal is about: the letter, its address, its domain, or our line.

Pure: what is known goes in, what to do comes out.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

LINE = ""  # the destination that all letters share: our own mail server
DOMAIN_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
LINE_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 300))
LETTER_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
UNSURE_PAUSE = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=5)
MOST_DEATHS = 6  # of workers that had this letter in their hands, or tries to write it
SAME_WORDS = 5  # different addresses refused alike, one after the other: it is about us
SPREAD = 0.1

_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
ADDRESS_CODES = {550, 551, 553}
SERVER_IS_CLOSING = 421


@dataclass(frozen=True)
class Refusal:
    """What the server said to one letter: its code (0 when the line broke) and its words."""

    code: int
    words: str
    after_content: bool = False

    @property
    def is_final(self) -> bool:
        """The server asks not to come again with this."""
        return self.code >= 500

    @property
    def blames_address(self) -> bool:
        """By the enhanced code (5.1.x, mailbox disabled) where there is one, else by the reply's code."""
        enhanced = _ENHANCED.match(self.words)
        if enhanced:
            return enhanced[2] == "1" or (enhanced[2], enhanced[3]) == ("2", "1")
        return not self.after_content and self.code in ADDRESS_CODES

    @property
    def is_certain(self) -> bool:
        """The enhanced code names the address or the mailbox: many alike are many bad addresses, not a bad line."""
        enhanced = _ENHANCED.match(self.words)
        return enhanced is not None and enhanced[2] in ("1", "2")

    @property
    def is_about_mailbox(self) -> bool:
        """ "Later", but for this reader alone (full, busy): others at the same domain need not wait."""
        return self.code < 500 and self.is_certain


def domain_pause(domain: str, failures: int) -> timedelta:
    """How long a destination is left alone after so many failures in a row; a little different for each."""
    pauses = LINE_PAUSES if domain == LINE else DOMAIN_PAUSES
    pause = pauses[min(failures, len(pauses)) - 1]
    drawn = hashlib.sha256(f"{domain}:{failures}".encode()).digest()[0] / 255
    return pause * (1 + SPREAD * (2 * drawn - 1))


def letter_pause(attempts: int) -> timedelta:
    """How long one letter waits after so many tries."""
    return LETTER_PAUSES[min(max(attempts, 1), len(LETTER_PAUSES)) - 1]


def is_given_up(since: datetime, *, now: datetime) -> bool:
    """Whether a letter that could first leave then has been tried long enough."""
    return now - since >= GIVEN_UP_AFTER


class Breaker:
    """Sees when refusals are about us: the same final words for one address after the other, or lines that break."""

    def __init__(self) -> None:
        self.took()

    def took(self) -> None:
        """A letter went through: what was seen before says nothing any more."""
        self._words = ""
        self._addresses: set[str] = set()
        self._broken = 0

    def refused(self, address: str, words: str) -> bool:
        """Whether this final refusal says that the line is at fault."""
        words = _without_address(words, address)
        if words != self._words:
            self._words, self._addresses = words, set()
        self._addresses.add(address.lower())
        return len(self._addresses) >= SAME_WORDS

    def broke(self) -> bool:
        """Whether the line has now been dropped twice in a row."""
        self._broken += 1
        return self._broken >= 2


def _without_address(words: str, address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    named = "|".join(re.escape(part) for part in (address.lower(), domain, local) if part)
    return re.sub(rf"\b(?:{named}|[0-9a-f-]*\d[0-9a-f-]*)\b", "", words.lower())
