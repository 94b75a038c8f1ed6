"""Finished pages, kept in the process until what they show is written to. Pure; the version comes from outside."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 96  # some 30 kB each


@dataclass(frozen=True)
class _Entry(Generic[T]):
    made: T
    version: str
    until: datetime | None


class Kept(Generic[T]):
    """The newest `most` answers by key, each good for one version of the database and, where time tells, until then.

    Each process has its own: the version is read from the database by every request, so none is ever behind.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._entries: OrderedDict[object, _Entry[T]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: object, version: str, *, now: datetime) -> T | None:
        """What was kept for this version, unless its time is over."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.version != version or (entry.until is not None and entry.until <= now):
                return None
            self._entries.move_to_end(key)
            return entry.made

    def keep(self, key: object, made: T, version: str, *, until: datetime | None = None) -> T:
        """Keeps and returns it; whatever was longest not asked for makes room."""
        with self._lock:
            self._entries[key] = _Entry(made, version, until)
            self._entries.move_to_end(key)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
        return made
