"""`python3 run.py bench [--quick] [--json FILE]`: what is measured, each beside its limit of the same run."""

import argparse
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from bench import mails, pages, queue, search, signups
from bench.data import log_in_all, make_employees, now
from bench.load import Outcome
from bench.server import served

WORKERS = 2
SEARCH = 50  # ms among 100,000 people
P95 = 1.5  # seconds that somebody may wait at 50 connections


@dataclass(frozen=True)
class Figure:
    """One line of the table; ratio is value over limit, and higher is better except for milliseconds."""

    work: str
    database: str
    workers: int
    value: float
    unit: str
    limit: float
    ratio: float
    limited_by: str


def main() -> None:
    """Measures, prints the table, writes the JSON if asked."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="torangy-bench-") as folder:
        environ = {"TORANGY_INSTANCE": folder, "TORANGY_DEMO": "0", "SECRET_KEY": "a key for measuring only"}
        environ |= {"MAIL_SERVER": "127.0.0.1"} | ({"DATABASE_URL": options.database} if options.database else {})
        os.environ.update(environ)
        from app import create_app

        app = create_app()
        with app.app_context():
            upgrade()
        figures = measure(app, environ, quick=options.quick)
    _print(figures)
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")


def measure(app: Flask, environ: dict[str, str], *, quick: bool) -> list[Figure]:
    """All works on one server and one database."""
    database = "postgresql" if environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    event_id, parties = signups.prepare(app)
    count = 600 if quick else 3000
    rates: dict[str, float] = {}
    with served(environ, workers=WORKERS) as port:
        rates["empty"] = _answered(signups.limit(port, "/bench/empty", parties, count=count), 204)
        rates["account"] = _answered(signups.limit(port, "/bench/account", parties, count=count), 204)
        signed_up = signups.burst(port, event_id, parties)
        rates["signups"], rates["p95"] = _answered(signed_up, 303), signed_up.p95
        rates["event_page"] = _answered(pages.event_page(port, event_id, count=count), 200)
        rates["empty_page"] = _answered(pages.as_client(port, "/bench/empty", None, count=count), 204)
        rates["roster"], rates["one_account"] = _roster(app, port, event_id, count=20 if quick else 100)
    rates["cancellation"] = _middle(queue.cancellations(app, *queue.prepare(app, seats=20 if quick else 100)))
    rates |= _search(app, environ, quick=quick)
    rates["reminders"], rates["bare"] = _letters(app, event_id, count=300 if quick else 3000)
    return _figures(rates, database)


def _figures(rates: dict[str, float], database: str) -> list[Figure]:
    def beside(work: str, rate: str, limit: str, limited_by: str) -> Figure:
        return Figure(
            work, database, WORKERS, rates[rate], "a second", rates[limit], rates[rate] / rates[limit], limited_by
        )

    ratio = rates["roster"] / rates["one_account"]
    milliseconds = (1000 / rates["roster"], "ms", 1000 / rates["one_account"], ratio)
    return [
        beside("signups", "signups", "account", "route that only loads the account"),
        Figure("signups_p95", database, WORKERS, rates["p95"] * 1000, "ms", P95 * 1000, rates["p95"] / P95, "1.5 s"),
        Figure(
            "cancellation", database, 1, rates["cancellation"] * 1000, "ms", 20, rates["cancellation"] / 0.02, "20 ms"
        ),
        *(
            Figure(name, database, WORKERS, rates[name], "ms", SEARCH, rates[name] / SEARCH, "50 ms")
            for name in ("search_p50", "search_p95")
        ),
        beside("account", "account", "empty", "empty route"),
        beside("event_page", "event_page", "empty_page", "empty route"),
        Figure("roster_page", database, WORKERS, *milliseconds, "route that only loads the account"),
        beside("reminders", "reminders", "bare", "bare smtplib loop"),
    ]


def _search(app: Flask, environ: dict[str, str], *, quick: bool) -> dict[str, float]:
    """The page of finding, among 100,000 people; among 10,000 where there is little time."""
    coordinator = search.prepare(app, people=10_000 if quick else 100_000)
    with served(environ, workers=WORKERS) as port:
        search.looked_for(port, coordinator, count=30)
        found = search.looked_for(port, coordinator, count=100 if quick else 500)
    _answered(found, 200)
    return {"search_p50": found.p50 * 1000, "search_p95": found.p95 * 1000}


def _letters(app: Flask, event_id: str, *, count: int) -> tuple[float, float]:
    with mails.sink() as port:
        _forget_mails(app)
        mails.queue_letters(app, event_id, count)
        bare = mails.bare_loop_per_second(app, port, count)
        return mails.delivered_per_second(app, port, count), bare


def _roster(app: Flask, port: int, event_id: str, *, count: int) -> tuple[float, float]:
    with app.app_context():
        [coordinator] = log_in_all(app, make_employees(1, now=now(), first=900000), now=now(), role="coordinator")
    roster = _answered(pages.roster_page(port, event_id, coordinator, count=count), 200)
    limit = pages.as_client(port, "/bench/account", coordinator, count=count * 5, connections=1)
    return roster, _answered(limit, 204)


def _middle(took: list[float]) -> float:
    return sorted(took)[len(took) // 2]


def _answered(outcome: Outcome, status: int) -> float:
    """Answers a second, if all were the expected ones."""
    if set(outcome.statuses) != {status}:
        raise RuntimeError(f"expected only {status}, got {dict(outcome.statuses)}")
    return outcome.per_second


def _forget_mails(app: Flask) -> None:
    from app.db import transaction
    from app.mail.models import Mail

    with app.app_context(), transaction() as session:
        session.query(Mail).delete()


def _print(figures: list[Figure]) -> None:
    print(f"{'work':<12} {'database':<11} {'value':>9} {'unit':<9} {'limit':>9} {'ratio':>6}  limit is the")
    for f in figures:
        print(
            f"{f.work:<12} {f.database:<11} {f.value:>9.1f} {f.unit:<9} {f.limit:>9.1f} {f.ratio:>6.2f}  {f.limited_by}"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench")
    parser.add_argument("--quick", action="store_true", help="under two minutes")
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    parser.add_argument("--database", metavar="URL", help="measure on this empty database instead of SQLite")
    return parser.parse_args()


if __name__ == "__main__":
    main()
