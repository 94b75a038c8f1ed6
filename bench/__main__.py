"""`python3 run.py bench [--quick] [--json FILE]`: what is measured, each beside its limit of the same run."""

import argparse
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from bench import desk, exports, impact, mails, meanwhile, pages, people, queue, roster, search, signups
from bench.load import Outcome
from bench.server import served

WORKERS = 2
CONNECTIONS = 4
SEARCH = 50  # ms among 100,000 people
P95 = 1.5  # seconds that somebody may wait at 50 connections
MEGABYTES = 300  # that reading a file of 50,000 people may take


@dataclass(frozen=True)
class Figure:
    """One line of the table; ratio is value over limit. Higher is better, but for times and sizes."""

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
    rates = _at_once(app, environ, quick=quick)
    rates["cancellation"] = _middle(queue.cancellations(app, *queue.prepare(app, seats=20 if quick else 100)))
    files = exports.measure(app, environ, workers=WORKERS, quick=quick)
    day = desk.measure(app, environ, workers=WORKERS, quick=quick)
    day += impact.measure(app, environ, workers=WORKERS, quick=quick)
    rates |= _search(app, environ, quick=quick)
    letters = _letters(app, environ, quick=quick)
    beside = meanwhile.measure(
        app, environ, workers=WORKERS, readers=1_000 if quick else 10_000, connections=CONNECTIONS, first=3_000_000
    )
    rates["alone"], rates["meanwhile"] = _answered(beside.alone, 303), _answered(beside.meanwhile, 303)
    took = people.measure(app, environ, rows=5_000 if quick else 50_000)
    return (
        _figures(rates, database)
        + _mails(letters, database)
        + _measured(files + day, database)
        + _people(took, database)
    )


def _at_once(app: Flask, environ: dict[str, str], *, quick: bool) -> dict[str, float]:
    """Everybody at once, beside the limit before and after: the machine's own speed changes within a minute.

    The limit's route is asked thousands of times, so the workers have signed people up before, too: for another event.
    """
    earlier_id, earlier = signups.prepare(app, people=100, seats=60, first=90_000)
    event_id, parties = signups.prepare(app)
    with app.app_context():
        roster.settle()
    count = 600 if quick else 3000
    rates: dict[str, float] = {}
    with served(environ, workers=WORKERS) as port:
        _answered(signups.burst(port, earlier_id, earlier), 303)
        rates["empty"] = _answered(signups.limit(port, "/bench/empty", parties, count=count), 204)
        before = _answered(signups.limit(port, "/bench/account", parties, count=count), 204)
        signed_up = signups.burst(port, event_id, parties)
        after = _answered(signups.limit(port, "/bench/account", parties, count=count), 204)
        rates["account"] = (before + after) / 2
        rates["signups"], rates["p95"] = _answered(signed_up, 303), signed_up.p95
        rates["event_page"] = _answered(pages.event_page(port, event_id, count=count), 200)
        rates["empty_page"] = _answered(pages.as_client(port, "/bench/empty", None, count=count), 204)
    return rates


def _figures(rates: dict[str, float], database: str) -> list[Figure]:
    def beside(work: str, rate: str, limit: str, limited_by: str) -> Figure:
        return Figure(
            work, database, WORKERS, rates[rate], "a second", rates[limit], rates[rate] / rates[limit], limited_by
        )

    found = (rates["search_p50"], "ms", rates["search_bare"])
    return [
        beside("signups", "signups", "account", "route that only loads the account"),
        Figure("signups_p95", database, WORKERS, rates["p95"] * 1000, "ms", P95 * 1000, rates["p95"] / P95, "1.5 s"),
        Figure(
            "cancellation", database, 1, rates["cancellation"] * 1000, "ms", 20, rates["cancellation"] / 0.02, "20 ms"
        ),
        beside("signups_meanwhile", "meanwhile", "alone", "same burst while no letters leave"),
        *(
            Figure(name, database, WORKERS, rates[name], "ms", SEARCH, rates[name] / SEARCH, "50 ms")
            for name in ("search_p50", "search_p95")
        ),
        Figure("search_100000", database, WORKERS, *found, found[0] / found[2], "bare SQL of the same index"),
        beside("account", "account", "empty", "empty route"),
        beside("event_page", "event_page", "empty_page", "empty route"),
    ]


def _measured(found: list[exports.Measured], database: str) -> list[Figure]:
    return [
        Figure(one.work, database, WORKERS, one.value, one.unit, one.limit, one.value / one.limit, one.limited_by)
        for one in found
    ]


def _people(took: dict[str, people.Took], database: str) -> list[Figure]:
    """HR's file, the first time and again; of fewer people where there is little time."""
    bare, peak = took["bare"].seconds, max(took["first"].megabytes, took["again"].megabytes)
    by = "same file read and put in bare"
    return [
        *(
            Figure(name, database, 1, took[work].seconds, "s", bare, took[work].seconds / bare, by)
            for name, work in (("people_import_50000", "first"), ("people_import_again", "again"))
        ),
        Figure("people_import_peak", database, 1, peak, "MB", MEGABYTES, peak / MEGABYTES, "300 MB"),
    ]


def _search(app: Flask, environ: dict[str, str], *, quick: bool) -> dict[str, float]:
    """The page of finding, among 100,000 people; among 10,000 where there is little time."""
    coordinator = search.prepare(app, people=10_000 if quick else 100_000)
    with served(environ, workers=WORKERS) as port:
        search.looked_for(port, coordinator, count=30)
        found = search.looked_for(port, coordinator, count=100 if quick else 500)
    _answered(found, 200)
    waits = {"search_p50": found.p50 * 1000, "search_p95": found.p95 * 1000}
    return waits | {"search_bare": search.bare(app) * 1000}


def _letters(app: Flask, environ: dict[str, str], *, quick: bool) -> dict[int, tuple[mails.Sent, float]]:
    """By the number of reminders: how they left over four connections, and the bare loop's rate beside them."""
    found, first = {}, 2_000_000
    for readers in (500, 1_000) if quick else (1_000, 10_000, 100_000):
        with mails.sink() as port:
            mails.forget(app)
            event_id = mails.prepare(app, readers, first=first)
            first += readers
            sent = mails.reminded(app, event_id, environ, port=port, readers=readers, connections=CONNECTIONS)
            count = min(readers, 3_000)
            bare = mails.bare_per_second(mails.a_letter(app), port, letters=count, connections=CONNECTIONS)
            found[readers] = sent, bare
    return found


def _mails(letters: dict[int, tuple[mails.Sent, float]], database: str) -> list[Figure]:
    """Speed end to end, how long queueing took of it, and whether memory grows with the number of letters."""
    figures, (few, _) = [], next(iter(letters.values()))
    for readers, (sent, bare) in letters.items():
        name, by = f"reminders_{readers}", f"bare smtplib loop, {CONNECTIONS} connections"
        figures.append(
            Figure(name, database, CONNECTIONS, sent.per_second, "a second", bare, sent.per_second / bare, by)
        )
        grown = sent.megabytes / few.megabytes if few.megabytes else 1.0
        figures.append(
            Figure(f"{name}_memory", database, 1, sent.megabytes, "MB", few.megabytes, grown, "fewest letters")
        )
        whole = readers / sent.per_second
        share = sent.queued_after / whole
        figures.append(Figure(f"{name}_queued", database, 1, sent.queued_after, "s", whole, share, "until all arrived"))
    return figures


def _middle(took: list[float]) -> float:
    return sorted(took)[len(took) // 2]


def _answered(outcome: Outcome, status: int) -> float:
    """Answers a second, if all were the expected ones."""
    if set(outcome.statuses) != {status}:
        raise RuntimeError(f"expected only {status}, got {dict(outcome.statuses)}")
    return outcome.per_second


def _print(figures: list[Figure]) -> None:
    print(f"{'work':<22} {'database':<11} {'value':>9} {'unit':<9} {'limit':>9} {'ratio':>6}  limit is the")
    for f in figures:
        print(
            f"{f.work:<22} {f.database:<11} {f.value:>9.1f} {f.unit:<9} {f.limit:>9.2f} {f.ratio:>6.2f}  {f.limited_by}"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench")
    parser.add_argument("--quick", action="store_true", help="under two minutes")
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    parser.add_argument("--database", metavar="URL", help="measure on this empty database instead of SQLite")
    return parser.parse_args()


if __name__ == "__main__":
    main()
