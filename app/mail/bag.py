"""The letters that one process holds, for all of its threads, and what they learn from each other about the line."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.mail import claiming, verdicts
from app.mail.claiming import InHand
from app.mail.pace import LINE, SERVER_IS_CLOSING, Breaker, Refusal
from app.mail.recorder import Outcome, Recorder
from app.mail.smtp import SECONDS_TO_TAKE, NoLine
from app.mail.timed import SECONDS_IN_ALL

# Seconds of its lease that a letter must have left when it is handed over: two answers, and to put them down.
NEEDED = SECONDS_IN_ALL + SECONDS_TO_TAKE + 20.0
STILL_TALKING = 10.0  # seconds: a letter went through another line of ours so lately that the server is there


class Bag:
    """Threads take letters out and say what became of them; a keeper puts letters in and renews their leases."""

    def __init__(self, now: Callable[[], datetime], *, threads: int = 1) -> None:
        self.now = now
        self.threads = threads
        self.recorder = Recorder(now, patience=claiming.LEASE.total_seconds() - NEEDED)
        self.sent = 0
        self.failed = 0
        self.is_closed = False
        self.low = threading.Event()
        self._letters: deque[InHand] = deque()
        self._filled = threading.Condition(threading.RLock())
        self._held: list[Outcome] = []
        self._breaker = Breaker()
        self._leases: dict[str, tuple[int, float]] = {}  # how many letters are still under it, and until when
        self._pauses: dict[str, datetime] = {}
        self._took_at = 0.0
        self._busy = 0

    def __len__(self) -> int:
        return len(self._letters)

    @property
    def is_busy(self) -> bool:
        """Whether a letter waits or is in somebody's hands."""
        return bool(self._letters or self._busy)

    @property
    def paused_until(self) -> datetime | None:
        """Until when our own line stands still, if it does."""
        until = self._pauses.get(LINE)
        return until if until is not None and until > self.now() else None

    def add(self, letters: Sequence[InHand], *, begun: float) -> None:
        """Puts in what was claimed at this moment of the monotonic clock; who is waited for goes first."""
        with self._filled:
            for letter in letters:
                count, _ = self._leases.get(letter.lease, (0, 0.0))
                self._leases[letter.lease] = count + 1, begun + claiming.LEASE.total_seconds()
            urgent = [letter for letter in letters if letter.priority == 0]
            self._letters.extendleft(reversed(urgent))
            self._letters.extend(letter for letter in letters if letter.priority != 0)
            self._filled.notify_all()

    def take(self, *, wait: float = 0) -> InHand | None:
        """The next letter; None if there is none, even after so many seconds."""
        with self._filled:
            if not self._letters and wait and not self.is_closed:
                self._filled.wait(wait)
            if not self._letters or self.is_closed:
                return None
            self._busy += 1
            letter = self._letters.popleft()
            self.low.set()
            return letter

    def has_time(self, letter: InHand) -> bool:
        """Whether its lease outlasts handing it over, by a clock that nobody sets."""
        return self._leases.get(letter.lease, (0, 0.0))[1] - time.monotonic() > NEEDED

    def close(self) -> None:
        """No letter leaves it any more; what lies in it goes back to the outbox."""
        with self._filled:
            self.is_closed = True
            rest, self._letters = list(self._letters), deque()
            held = self._taken_out()
            self._filled.notify_all()
        self._give_back(rest, until=self.now())
        self.recorder.settle([verdicts.untouched(one.letter, until=self.now()) for one in held])

    def renew(self) -> None:
        """All that it holds is ours for longer."""
        begun = time.monotonic()
        with self._filled:
            leases = list(self._leases)
        if leases:
            claiming.renew(leases, now=self.now())
            with self._filled:
                for lease in leases:
                    if lease in self._leases:
                        count, _ = self._leases[lease]
                        self._leases[lease] = count, begun + claiming.LEASE.total_seconds()

    def judge(self, outcome: Outcome) -> list[Outcome]:
        """What is to be put down now that this became of a letter.

        A final refusal that may be about us is kept until another letter went through, or nothing else is to do.
        """
        with self._filled:
            self._busy -= 1
            if self._is_suspicious(outcome):
                if LINE in outcome.letter.tries:
                    return self._released([verdicts.about_us(outcome)])
                return self._suspected(outcome)
            if outcome.what == "sent":
                self._took_at = time.monotonic()
                self._breaker.took()
                return self._released([*self._taken_out(), outcome])
            if outcome.code in (0, SERVER_IS_CLOSING) and outcome.noted and self._breaker.broke():
                # A letter that may have arrived was tried; others were not.
                outcome = replace(outcome, stops=LINE) if outcome.noted == "unsure" else verdicts.about_us(outcome)
            return self._released([outcome])

    def no_line(self, letter: InHand, error: NoLine) -> tuple[Outcome, bool]:
        """The letter goes back untouched. Whether it is this one connection that the server does not want."""
        outcome = verdicts.untouched(letter, until=self.now())
        is_one_too_many = self.threads > 1 and time.monotonic() - self._took_at < STILL_TALKING
        if not is_one_too_many:
            outcome = verdicts.about_us(replace(outcome, code=error.code, words=str(error)))
        return outcome, is_one_too_many

    def drop(self, letter: InHand) -> None:
        """Somebody else has it: nothing is to be said about it."""
        with self._filled:
            self._busy -= 1
            self._left(letter)

    def learn(self, pauses: Mapping[str, datetime], *, anew: bool = False) -> None:
        """These wait (`anew`: and no others): letters to them go back, uncounted, but for the one that tries."""
        with self._filled:
            self._pauses = {**({} if anew else self._pauses), **pauses}
            if not pauses:
                return
            stopped = [one for one in self._letters if self._waits(one, pauses)]
            if stopped:
                self._letters = deque(one for one in self._letters if not self._waits(one, pauses))
        for until in {pauses.get(LINE) or pauses[one.domain] for one in stopped}:
            self._give_back([one for one in stopped if (pauses.get(LINE) or pauses[one.domain]) == until], until=until)

    def decide(self) -> list[Outcome]:
        """Nothing else is to do: refusals that were kept are what they seem."""
        with self._filled:
            return self._released(self._taken_out())

    def _waits(self, letter: InHand, pauses: Mapping[str, datetime]) -> bool:
        return any(domain in pauses and domain not in letter.tries for domain in (LINE, letter.domain))

    def _is_suspicious(self, outcome: Outcome) -> bool:
        """A final no that need not be about the letter or its address."""
        if outcome.what not in ("failed", "bad-address") or outcome.noted != "refused" or outcome.code is None:
            return False
        refusal = Refusal(outcome.code, outcome.words)
        return refusal.is_final and not refusal.is_certain

    def _suspected(self, outcome: Outcome) -> list[Outcome]:
        self._held.append(outcome)
        if not self._breaker.refused(outcome.letter.mail.recipient, outcome.words):
            return []
        return self._released([verdicts.about_us(one) for one in self._taken_out()])

    def _taken_out(self) -> list[Outcome]:
        held, self._held = self._held, []
        return held

    def _released(self, outcomes: list[Outcome]) -> list[Outcome]:
        """They are put down now: counted, and their leases need not be renewed."""
        for outcome in outcomes:
            self._left(outcome.letter)
            self.sent += outcome.what == "sent"
            self.failed += outcome.what in ("failed", "bad-address")
        return outcomes

    def _left(self, letter: InHand) -> None:
        count, until = self._leases.get(letter.lease, (0, 0.0))
        if count > 1:
            self._leases[letter.lease] = count - 1, until
        else:
            self._leases.pop(letter.lease, None)

    def _give_back(self, letters: Sequence[InHand], *, until: datetime) -> None:
        by_lease: dict[str, list[str]] = {}
        with self._filled:
            for letter in letters:
                by_lease.setdefault(letter.lease, []).append(letter.id)
                self._left(letter)
        for lease, ids in by_lease.items():
            claiming.give_back(ids, lease, until=until)
