"""Who goes first: those who wait for a page before whoever works behind their backs (mail, reminders, imports of HR).

Locks on files, which the kernel hands on at once and lets go of a dead one's. Who is in a hurry holds the first one
together with others like that, for as long as they wait and write. Writers of an SQLite file take turns by a second
one: SQLite's own way of waiting is to sleep and try again, ever longer.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import fcntl
except ImportError:  # Windows has none; SQLite's own waiting serves there
    fcntl = None  # type: ignore[assignment]

CAN_LOCK: bool = fcntl is not None
BETWEEN_LOOKS = 0.003  # seconds
CALM = 0.03  # seconds after which nobody seems to be in a hurry any more: between two clicks of many there is a pause
AWAKE = 0.002  # seconds for which somebody waits for their turn without sleeping
_patience, _seen_at = 0.0, 0.0


def go_last(patience: float) -> None:
    """From now on this process lets others go first, each time for so many seconds at most."""
    global _patience
    _patience = patience


def let_others_go(path: str) -> None:
    """Waits while anybody on this machine is in a hurry, but not longer than this process has patience."""
    global _seen_at
    deadline = time.monotonic() + _patience
    while _patience and CAN_LOCK and (now := time.monotonic()) < deadline:
        if _is_held(path):
            _seen_at = now
        elif now - _seen_at > CALM:
            return
        time.sleep(BETWEEN_LOOKS)


def _is_held(path: str) -> bool:
    try:
        with _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return False
    except BlockingIOError:
        return True


@contextmanager
def hurry(path: str) -> Iterator[None]:
    """Others see that somebody waits; whoever goes last waits for them first instead."""
    let_others_go(path)
    if not CAN_LOCK or _patience:
        yield
        return
    with _locked(path, fcntl.LOCK_SH):
        yield


@contextmanager
def turn(path: str) -> Iterator[None]:
    """Nobody else writes meanwhile who waits here too."""
    if not CAN_LOCK:
        yield
        return
    with _locked(path, fcntl.LOCK_EX, awake=AWAKE):
        yield


@contextmanager
def _locked(path: str, how: int, awake: float = 0.0) -> Iterator[None]:
    """Waits for so many seconds without falling asleep: to be woken takes longer than most turns last."""
    lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if not (awake and _caught(lock, how, time.perf_counter() + awake)):
            fcntl.flock(lock, how)
        yield
    finally:
        os.close(lock)


def _caught(lock: int, how: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.perf_counter() > until:
                return False
            os.sched_yield()
        else:
            return True
