"""Adding the report up: pure, over plain values."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.impact.reports.facts import Attended, EventFacts, Figure, Money, ProgrammeFacts
from app.impact.reports.report import Asked, people_rows, report, rounded_price

COAST = ProgrammeFacts("c", "coast", {"en": "Coast"}, 2023, 2023, None, frozenset({"balkhash", "zhezkazgan"}))
PLANTS = ProgrammeFacts("p", "plants", {"en": "Plants"}, 2022, 2023, 900, frozenset({"balkhash"}))
HERE = EventFacts("e1", "c", {"en": "Here"}, "balkhash", 2023, 2023)
THERE = EventFacts("e2", "c", {"en": "There"}, "zhezkazgan", 2023, 2023)
TREES = EventFacts("e3", "p", {"en": "Trees"}, "balkhash", 2022, 2023)
FIGURES = [
    Figure(HERE, "waste_removed", Decimal(43)),
    Figure(THERE, "waste_removed", Decimal(37)),
    Figure(HERE, "participants", Decimal(400)),
    Figure(THERE, "participants", Decimal(300)),
    Figure(TREES, "trees_planted", Decimal(50)),
]
MONEY = [Money("c", None, "actual", 2_826_000), Money("p", TREES, "actual", 1_000)]


def whole(asked: Asked = Asked(), figures: list[Figure] = FIGURES, money: list[Money] = MONEY):  # noqa: B008
    return report([COAST, PLANTS], figures, money, [Attended(HERE, 38, 34)], asked=asked)


def test_totals_and_prices_come_from_what_was_reported() -> None:
    found = whole()
    assert found.metrics["waste_removed"].value == 80
    assert found.metrics["waste_removed"].cost_per_unit == 35_325
    assert found.cost_tenge == 2_827_000
    assert round(found.kg_per_participant, 1) == Decimal("114.3")


def test_what_was_counted_here_is_never_added_to_what_was_reported() -> None:
    found = whole()
    assert found.metrics["participants"].value == 700
    assert (found.confirmed, found.present) == (38, 34)
    here = next(row for row in people_rows(FIGURES, [Attended(HERE, 38, 34)]) if row.event == HERE)
    assert (here.participants, here.confirmed, here.present) == (400, 38, 34)


@given(st.integers(min_value=0, max_value=4), st.integers(min_value=1, max_value=10**6))
def test_a_total_moves_by_exactly_what_one_entry_moves(which: int, more: int) -> None:
    changed = list(FIGURES)
    old = changed[which]
    changed[which] = Figure(old.event, old.metric, old.quantity + more)
    before, after = whole(), whole(figures=changed)
    for name, metric in after.metrics.items():
        assert metric.value - before.metrics[name].value == (more if name == old.metric else 0)


def test_money_of_two_cities_together_is_not_split_but_named() -> None:
    found = whole(Asked(city="balkhash"))
    assert found.metrics["waste_removed"].value == 43
    assert found.metrics["waste_removed"].cost_per_unit is None, "half the waste for the whole price would be a lie"
    assert found.cost_tenge == 1_000
    assert [(one.programme.slug, one.why, one.cost_tenge) for one in found.not_split] == [("coast", "city", 2_826_000)]


def test_figures_of_two_years_together_are_not_split_but_named() -> None:
    found = whole(Asked(year=2023))
    assert found.metrics["trees_planted"].value == 0
    assert found.metrics["waste_removed"].cost_per_unit == 35_325
    left_out = found.not_split[0]
    assert (left_out.programme.slug, left_out.why, left_out.cost_tenge, left_out.planned_tenge) == (
        "plants",
        "year",
        1_000,
        900,
    )
    assert found.planned_tenge == 0


def test_a_year_without_anything_is_empty() -> None:
    found = whole(Asked(year=2019))
    assert (found.cost_tenge, found.rows, found.not_split) == (0, [], [])


def test_a_date_of_payment_says_in_which_year_the_money_went() -> None:
    found = whole(Asked(year=2022), money=[Money("p", TREES, "actual", 700, year=2022)])
    assert found.cost_tenge == 700


def test_planned_and_ordered_money_is_not_spent_money() -> None:
    money = [Money("c", None, "planned", 5), Money("c", None, "committed", 7)]
    found = whole(money=money)
    assert (found.cost_tenge, found.committed_tenge, found.planned_tenge) == (0, 7, 905)


def test_a_programmes_own_plan_is_not_added_to_planned_expenses() -> None:
    assert whole(money=[Money("p", TREES, "planned", 500)]).planned_tenge == 900


def test_costs_stand_by_city_where_every_sum_names_its_event() -> None:
    money = [Money("c", HERE, "actual", 4_300), Money("c", THERE, "actual", 3_700)]
    coast = next(row for row in whole(money=money).rows if row.programme == COAST)
    assert (coast.cost_tenge, coast.result.value, coast.result.cost_per_unit) == (8_000, 80, 100)
    parts = [(row.city, row.cost_tenge, row.result.value) for row in coast.parts]
    assert parts == [("balkhash", 4_300, 43), ("zhezkazgan", 3_700, 37)]


def test_contractors_work_is_told_apart() -> None:
    figures = [*FIGURES, Figure(HERE, "waste_removed", Decimal(10), by_contractor=True)]
    waste = whole(figures=figures).metrics["waste_removed"]
    assert (waste.value, waste.by_contractor) == (90, 10)


def test_prices_are_whole_tenge_and_keep_tiyn_below_a_hundred() -> None:
    assert rounded_price(Decimal(111_216_000) / 12_850) == 8_655
    assert rounded_price(Decimal(24_370_628) / 448_463) == 54.34
