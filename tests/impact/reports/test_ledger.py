"""Random ledgers: every total is the sum of its entries, and one entry changes exactly the totals that hold it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from flask import Flask
from sqlalchemy import insert, update

from app.attendance.hour_models import HoursEntry
from app.attendance.models import AttendanceEntry
from app.db import new_id, new_ticket, transaction
from app.events.models import Event, Programme, Site
from app.impact.money.models import Expense
from app.impact.outcomes.metrics import BY_KEY, METRICS
from app.impact.outcomes.models import Outcome
from app.impact.reports.entries import entries
from app.impact.reports.facts import Impact
from app.impact.reports.queries import gather
from app.impact.reports.report import Asked
from app.impact.reports.sums import CONFIRMED, COUNTED, MINUTES, PRESENT, SIGNED_UP
from app.signups.models import Place, SignUp
from tests import factories

CITIES, KINDS, YEARS = ("balkhash", "zhezkazgan"), ("cleanup", "planting"), (2021, 2022, 2023)
FILTERS = [
    Asked(),
    *(Asked(year=year) for year in YEARS),
    *(Asked(city=city) for city in CITIES),
    *(Asked(kind=kind) for kind in KINDS),
    Asked(2022, "balkhash"),
    Asked(2023, "zhezkazgan", "planting"),
]
LONG_AGO = datetime(2024, 6, 1, tzinfo=UTC)


class Ledger:
    """Programmes, events and what was written down, at random; some withdrawn, on drafts, paid in another year."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.people = [factories.employee(surname=f"Омаров{n}").id for n in range(4)]
        self.sites = [self._site(city) for city in CITIES]
        with transaction():
            self.programmes = [self._programme(n) for n in range(4)]
            self.events = [self._event() for _ in range(12)]
            self.outcomes = [self._outcome() for _ in range(40)]
            self.expenses = [self._expense() for _ in range(30)]
            for event_id in self.events:
                self._people(event_id)

    def _add(self, table: type, row: dict[str, object]) -> str:
        row.setdefault("id", new_id())
        with transaction() as database:
            database.execute(insert(table), [row])
        return str(row["id"])

    def _site(self, city: str) -> str:
        factories.city(city)
        name = {"en": city}
        return self._add(Site, {"slug": city, "city": city, "kind": "coast", "name": name, "created_at": LONG_AGO})

    def _programme(self, number: int) -> str:
        first = self.random.choice(YEARS)
        years = {"first_year": first, "last_year": min(first + self.random.choice((0, 1)), 2023)}
        plan = self.random.choice((None, 0, 900_000))
        row = {"slug": f"p{number}", "name": {"en": f"P{number}"}, "planned_tenge": plan, "created_at": LONG_AGO}
        return self._add(Programme, row | years)

    def _event(self) -> str:
        # Around New Year at the place, which is not New Year in UTC, and now and then from one year into the next.
        begins = datetime(self.random.choice(YEARS), 12, 31, 16, tzinfo=UTC) + timedelta(
            hours=self.random.choice((0, 1, 2, 3, 90))
        )
        begins -= timedelta(days=365) if begins.year > 2023 else timedelta(0)
        ends = begins + timedelta(hours=self.random.choice((1, 2, 48)))
        row = {"programme_id": self.random.choice(self.programmes), "site_id": self.random.choice(self.sites)}
        row |= {"kind": self.random.choice(KINDS), "status": self.random.choice(("completed",) * 4 + ("draft",))}
        return self._add(
            Event, row | {"title": {"en": "E"}, "starts_at": begins, "ends_at": ends, "created_at": LONG_AGO}
        )

    def _outcome(self) -> str:
        metric = self.random.choice([*METRICS])
        if metric == "trees_alive":
            metric = "trees_planted"
        unit = self.random.choice([unit for unit in BY_KEY[metric].units if unit != "m3"])
        quantity = Decimal(self.random.randint(0, 10**6))
        row = {"event_id": self.random.choice(self.events), "metric": metric, "quantity": quantity, "unit": unit}
        row |= {"base_quantity": quantity * BY_KEY[metric].units[unit], "method": "counted", "recorded_at": LONG_AGO}
        row |= {"by_contractor": self.random.random() < 0.2, "withdrawn_at": self._gone()}
        return self._add(Outcome, row)

    def _expense(self) -> str:
        event_id = self.random.choice([None, *self.events])
        stage = self.random.choice(("actual", "actual", "planned", "committed"))
        row = {"programme_id": self._programme_of(event_id), "event_id": event_id, "stage": stage}
        row |= {"category": self.random.choice(("transport", "other")), "amount_tenge": self.random.randint(1, 10**9)}
        paid = self.random.choice((None, date(self.random.choice(YEARS), 7, 1)))
        return self._add(Expense, row | {"spent_on": paid, "recorded_at": LONG_AGO, "withdrawn_at": self._gone()})

    def _programme_of(self, event_id: str | None) -> str:
        from app.db import db

        return db.session.get(Event, event_id).programme_id if event_id else self.random.choice(self.programmes)

    def _people(self, event_id: str) -> None:
        then = {"event_id": event_id, "recorded_at": LONG_AGO}
        for number, person_id in enumerate(self.people[: self.random.randint(0, 4)], start=1):
            made = {"event_id": event_id, "created_at": LONG_AGO}
            signup_id = self._add(SignUp, made | {"leader_id": person_id, "queue_number": number})
            left = self.random.random() < 0.3
            place = made | {"signup_id": signup_id, "person_id": person_id, "ticket": new_ticket()}
            place |= {"status": "cancelled" if left else "confirmed", "cancelled_at": LONG_AGO if left else None}
            place_id = self._add(Place, place)
            if not left and self.random.random() < 0.7:
                self._add(AttendanceEntry, {"kind": "check_in", "place_id": place_id, "at": LONG_AGO} | then)
                self._add(
                    HoursEntry,
                    {"minutes": self.random.randint(1, 600), "place_id": place_id, "source": "plan", "reason": ""}
                    | then,
                )

    def _gone(self) -> datetime | None:
        return LONG_AGO if self.random.random() < 0.15 else None


def told(found: Impact) -> dict[str, Decimal]:
    """Every total of a report by the name that opens it."""
    money = {"spent": found.cost_tenge, "committed": found.committed_tenge, "planned": found.planned_tenge}
    here = {SIGNED_UP: found.signed_up, CONFIRMED: found.confirmed, PRESENT: found.present, MINUTES: found.minutes}
    totals = {name: metric.value for name, metric in found.metrics.items()}
    return totals | {name: Decimal(value) for name, value in (money | here).items()}


def all_totals() -> dict[tuple[Asked, str], Decimal]:
    gathered = gather(door=True)
    return {(asked, of): value for asked in FILTERS for of, value in told(gathered.report(asked)).items()}


@pytest.mark.full
@pytest.mark.parametrize("seed", range(3))
def test_every_total_is_the_sum_of_its_entries(app: Flask, seed: int) -> None:
    Ledger(seed)
    gathered, filled = gather(door=True), set()
    for asked in FILTERS:
        for of, value in told(gathered.report(asked)).items():
            found = entries(gathered, of, asked, per_page=1000)
            assert sum((row.amount for row in found.rows), Decimal(0)) == found.total == value, (asked, of)
            assert len(found.rows) == found.count
            filled |= {of} if value else set()
    assert {"spent", "committed", "planned", *COUNTED} <= filled, "a proof about nothing is none"
    assert len(filled & set(METRICS)) >= 5


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2))
def test_one_entry_changes_exactly_the_totals_that_hold_it(app: Flask, seed: int) -> None:
    ledger, gathered = Ledger(100 + seed), gather(door=True)
    for table, ids, column in ((Outcome, ledger.outcomes, "base_quantity"), (Expense, ledger.expenses, "amount_tenge")):
        chosen = ledger.random.choice(ids)
        holds = {
            (asked, of)
            for asked in FILTERS
            for of in (*METRICS, "spent", "committed", "planned")
            for row in entries(gathered, of, asked, per_page=1000).rows
            if row.id == chosen
        }
        before = all_totals()
        with transaction() as database:
            database.execute(update(table).where(table.id == chosen).values({column: getattr(table, column) + 7}))
        after = all_totals()
        assert {key for key in before if before[key] != after[key]} == holds


@pytest.mark.full
def test_parts_of_a_total_make_it_up(app: Flask) -> None:
    Ledger(7)
    found = gather(door=True).report(Asked())
    for metric in found.metrics.values():
        assert sum(metric.by_city.values()) == metric.value
        assert sum(metric.by_year.values()) <= metric.value
    assert sum(found.cost_by_city.values()) == sum(found.cost_by_category.values()) == found.cost_tenge
    assert sum(row.cost_tenge for row in found.rows) == found.cost_tenge
