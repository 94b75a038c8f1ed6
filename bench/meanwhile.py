"""Sign-ups while ten thousand reminders leave: what is left of the speed that they have alone."""

from dataclasses import dataclass

from flask import Flask

from bench import mails, signups
from bench.load import Outcome
from bench.server import served


@dataclass(frozen=True)
class Beside:
    """The same burst alone and while letters leave, on one server, and how many letters left a second with it."""

    alone: Outcome
    meanwhile: Outcome
    letters: float


def measure(app: Flask, environ: dict[str, str], *, workers: int, readers: int, connections: int, first: int) -> Beside:
    """`first` is the first personnel number that nobody has yet."""
    mails.forget(app)
    bursts = [signups.prepare(app, first=first + 1_000 * number) for number in range(2)]
    done: list[Outcome] = []
    with mails.sink() as port, served(environ, workers=workers) as web:
        event_id = mails.prepare(app, readers, first=first + 10_000)
        done.append(signups.burst(web, *bursts[0]))
        sent = mails.reminded(
            app, event_id, environ, port=port, readers=readers, connections=connections,
            meanwhile=lambda: done.append(signups.burst(web, *bursts[1])),
        )  # fmt: skip
    return Beside(done[0], done[1], sent.per_second)
