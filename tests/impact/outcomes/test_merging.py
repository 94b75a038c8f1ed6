"""Two corrections of one figure, and what changed since a report: pure, so no fixture."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.impact.outcomes.changes import Entry, changes_since, totals_since
from app.impact.outcomes.merging import merge
from app.impact.outcomes.metrics import BUILT_IN, BY_KEY, MetricFacts
from app.impact.outcomes.sheet import Said, by_species, sheet, survival

THEN = datetime(2026, 10, 1, tzinfo=UTC)
words = st.sampled_from(["a", "b", "c"])
figure = st.fixed_dictionaries({"quantity": words, "method": words, "detail": words})


def test_what_two_people_changed_apart_is_put_together() -> None:
    base = {"quantity": 43, "method": "estimated", "detail": ""}
    merged = merge(base, base | {"method": "weighed"}, base | {"quantity": 34})
    assert merged.values == {"quantity": 34, "method": "weighed", "detail": ""}
    assert merged.conflicts == ()


def test_two_different_words_for_the_same_are_a_conflict() -> None:
    base = {"quantity": 43, "method": "estimated"}
    assert merge(base, base | {"quantity": 34}, base | {"quantity": 35}).conflicts == ("quantity",)
    assert merge(base, base | {"quantity": 34}, base | {"quantity": 34}).conflicts == ()


@given(figure, figure, figure)
def test_nothing_that_one_of_them_wrote_is_lost(base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]):
    merged = merge(base, theirs, mine)
    for field, old in base.items():
        wanted = {one[field] for one in (theirs, mine) if one[field] != old}
        assert merged.values[field] in (wanted or {old})
        assert (len(wanted) > 1) == (field in merged.conflicts)


def entry(name: str, quantity: int, day: int, **given: object) -> Entry[str]:
    values: dict[str, object] = {"withdrawn_at": None, "corrects_id": None, "replaced_by_id": None, "row": name}
    values |= {"metric": "waste_removed", "recorded_at": THEN + timedelta(days=day)} | given
    return Entry(id=name, base_quantity=Decimal(quantity), **values)  # type: ignore[arg-type]


def test_a_report_is_told_what_came_was_corrected_and_withdrawn_since() -> None:
    after = THEN + timedelta(days=1)
    entries = [
        entry("old", 43, 0, replaced_by_id="new"),
        entry("new", 34, 2, corrects_id="old"),
        entry("gone", 5, 0, withdrawn_at=THEN + timedelta(days=3)),
        entry("more", 7, 4),
        entry("same", 10, 0),
    ]
    changes = changes_since(entries, after)
    assert [(change.kind, change.entry.id) for change in changes] == [
        ("corrected", "new"),
        ("withdrawn", "gone"),
        ("added", "more"),
    ]
    total = totals_since(entries, after)["waste_removed"]
    assert (total.before, total.after, total.difference) == (58, 51, -7)
    assert totals_since(entries, THEN + timedelta(days=9)) == {}


def test_of_plants_counted_again_only_the_last_count_is_in_a_total() -> None:
    alive = {"metric": "trees_alive", "same": "event"}
    entries = [entry("first", 900, 0, replaced_by_id="second", **alive), entry("second", 700, 2, **alive)]
    total = totals_since(entries, THEN + timedelta(days=1))["trees_alive"]
    assert (total.before, total.after) == (900, 700)
    [change] = changes_since(entries, THEN + timedelta(days=1))
    assert change.kind == "recounted"


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 9), st.one_of(st.none(), st.integers(0, 9))), max_size=20)
)
def test_totals_then_and_the_changes_since_make_the_totals_now(ledger: list[tuple[int, int, int | None]]) -> None:
    entries = [
        entry(str(i), q, day, withdrawn_at=None if gone is None else THEN + timedelta(days=max(day, gone), hours=1))
        for i, (q, day, gone) in enumerate(ledger)
    ]
    moment = THEN + timedelta(days=5)
    moved = sum(
        (change.after.base_quantity if change.after else Decimal(0))
        - (change.before.base_quantity if change.before else Decimal(0))
        for change in changes_since(entries, moment)
    )
    total = totals_since(entries, moment).get("waste_removed")
    assert moved == (total.difference if total else 0)


def test_contractors_work_stands_apart_and_the_plan_beside_it() -> None:
    said = [Said("waste_removed", Decimal(30)), Said("waste_removed", Decimal(13), by_contractor=True)]
    [row] = sheet(BY_KEY, said, [Said("waste_removed", Decimal(50))])
    assert (row.by_volunteers, row.by_contractors, row.actual, row.share) == (30, 13, 43, 86)
    [planned] = sheet(BY_KEY, [], [Said("children", Decimal(60))])
    assert (planned.actual, planned.share) == (None, None)


def test_of_a_grade_the_last_one_stands() -> None:
    grade = MetricFacts("grade", "points", sums=False, texts={"en": "Grade"})
    [row] = sheet({"grade": grade}, [Said("grade", Decimal(4)), Said("grade", Decimal(5))], [])
    assert row.by_volunteers == 5


def test_survival_is_told_only_after_a_recount() -> None:
    planted = Said("trees_planted", Decimal(7100))
    assert survival([planted]) is None
    found = survival([planted, Said("trees_alive", Decimal(5000))])
    assert found is not None
    assert found.percent == 70


def test_fish_are_told_by_species() -> None:
    said = [Said("fish_released", Decimal(n), species=kind) for n, kind in ((5, "carp"), (9, "bream"), (2, "carp"))]
    assert by_species(said) == {"bream": 9, "carp": 7}


def test_metrics_of_the_house_have_a_unit_of_their_own_and_a_limit() -> None:
    assert all(metric.unlikely_above and metric.unit in metric.units for metric in BUILT_IN)
