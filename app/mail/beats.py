"""Signs of life of the processes that send mail, and the time that all of them go by.

Leases end by the database's clock: a machine whose own clock is ahead must not take over what others hold.
"""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select

from app.db import db, new_id, transaction
from app.mail.claiming import orphan
from app.mail.sending_models import WorkerBeat

EVERY = 15.0  # seconds
FORGOTTEN_AFTER = timedelta(days=1)
SKEW = timedelta(seconds=30)  # between our clock and the database's, above which somebody should know


class Clock:
    """Our clock, set by the database's. SQLite has none of its own: there all are on one machine."""

    def __init__(self, own: Callable[[], datetime]) -> None:
        self.own = own
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """This moment by the database."""
        return self.own() - self.ahead

    def set(self) -> None:
        """Looks at the database's clock."""
        if db.session.get_bind().dialect.name == "postgresql":
            theirs = db.session.scalar(select(func.clock_timestamp()))
            self.ahead = self.own() - theirs if theirs is not None else timedelta(0)

    @property
    def is_wrong(self) -> bool:
        """Whether ours differs by so much that reminders, offers and terms come at another time than they should."""
        return abs(self.ahead) > SKEW

    def difference(self) -> str:
        """In words, for operators."""
        seconds = round(self.ahead.total_seconds())
        return f"this machine's clock is {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} the database's"


def host() -> str:
    """The machine, and where there are several tables of processes on it, which one."""
    try:
        table = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        table = ""
    return f"{socket.gethostname()[:80]} {table}".strip()


def begin(*, now: datetime) -> str:
    """Says that this process sends from now on; its id, with which its leases begin."""
    with transaction() as session:
        session.execute(delete(WorkerBeat).where(WorkerBeat.at < now - FORGOTTEN_AFTER))
        beat = WorkerBeat(id=new_id(), host=host(), pid=os.getpid(), started_at=now, at=now, state="idle")
        session.add(beat)
        return beat.id


def beat(worker: str, *, state: str, sent: int, failed: int, now: datetime) -> None:
    """It lives, and this is what it has done so far."""
    with transaction() as session:
        row = session.get(WorkerBeat, worker)
        if row is not None:
            row.at, row.state, row.sent, row.failed = now, state, sent, failed


def bury(*, now: datetime) -> int:
    """Frees what dead processes of this machine held, without waiting for their leases; says how many there were.

    Where one can't ask whether a process lives, or its number has gone to another one, the lease decides.
    """
    living = select(WorkerBeat).where(WorkerBeat.host == host(), WorkerBeat.state != "ended")
    dead = [(row.id, row.at) for row in db.session.scalars(living) if not _is_there(row.pid)]
    for worker, _ in dead:
        with transaction() as session:
            orphan(worker, now=now)
            session.get_one(WorkerBeat, worker).state = "ended"
    return len(dead)


def _is_there(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
