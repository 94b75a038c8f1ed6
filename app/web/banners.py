"""What stands above many pages and is asked rarely: the answer is kept for some seconds in this process."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


class Lately(Generic[T]):
    """`ask(now)`, at most once in so many seconds; meanwhile everybody gets the last answer."""

    def __init__(self, ask: Callable[[datetime], T], *, seconds: float) -> None:
        self._ask = ask
        self._for = timedelta(seconds=seconds)
        self._lock = threading.Lock()
        self._kept: tuple[datetime, T] | None = None

    def __call__(self, now: datetime) -> T:
        """The answer, fresh enough. Two threads may ask at once; nobody waits for another's answer."""
        with self._lock:
            kept = self._kept
        if kept is not None and timedelta(0) <= now - kept[0] < self._for:
            return kept[1]
        answer = self._ask(now)
        with self._lock:
            self._kept = (now, answer)
        return answer
