"""The geometry of charts: nothing lies outside, nothing that exists is invisible, the pieces make up the whole."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.impact.reports import charts
from app.impact.reports.charts import Bar, Piece, Series, Step, bar_chart, coast_plan, funnel, line_chart, nice_top

AMOUNTS = st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=12)


def share(text: str) -> float:
    return float(text.removesuffix("%"))


@given(AMOUNTS)
def test_bars_keep_their_order_and_nothing_that_exists_is_invisible(amounts: list[int]) -> None:
    chart = bar_chart([Bar("A label of some words that is longer than one line", one, str(one)) for one in amounts])
    for one, amount in zip(chart.bars, amounts, strict=True):
        assert (share(one.width) > 0) == (amount > 0)
        assert share(one.width) <= charts.WIDEST
        assert one.y + charts.BAR <= chart.height
        assert len(one.lines) == 2
    tops = [one.y for one in chart.bars]
    assert tops == sorted(tops)
    if max(amounts):
        assert max(share(one.width) for one in chart.bars) == charts.WIDEST


@given(st.floats(min_value=0.001, max_value=1e12))
def test_a_scale_ends_above_its_largest_figure_but_not_far(largest: float) -> None:
    top = nice_top(largest)
    assert largest <= top * (1 + 1e-6)
    assert top <= largest * 2.6


@given(
    st.dictionaries(st.integers(min_value=2000, max_value=2030), st.integers(min_value=0, max_value=10**9), min_size=1)
)
def test_lines_stay_in_their_field_and_break_where_a_year_is_missing(values: dict[int, int]) -> None:
    chart = line_chart([Series("Waste", values), Series("Coast", {2010: Decimal("2.5")})])
    [line, other] = chart.lines
    assert [point.year for point in line.points] == sorted(values)
    assert all(0 <= point.y <= chart.plot and 0 <= share(point.x) <= 100 for point in line.points)
    breaks = sum(year + 1 not in values for year in values)
    alone = sum(year + 1 not in values and year - 1 not in values for year in values)
    assert len(line.runs) == breaks - alone
    assert (line.mark, line.dash) != (other.mark, other.dash), "told apart without colour"
    assert len(chart.years) <= charts.MOST_YEARS


def test_an_empty_chart_is_empty() -> None:
    assert line_chart([]).lines == ()
    assert bar_chart([]).bars == ()
    assert coast_plan([]).pieces == ()
    assert funnel([]).steps == ()


def test_the_funnel_says_what_part_of_the_step_before_is_left() -> None:
    found = funnel([Step("Invited", 200, "200"), Step("Signed up", 50, "50"), Step("Came", 60, "60")]).steps
    assert [one.share for one in found] == [None, 25, 120]
    assert share(found[1].width) + share(found[1].lost) == share(found[0].width)
    assert found[2].lost == "0.00%", "more came than had signed up: nobody was lost"


def test_nobody_invited_has_no_share() -> None:
    assert [one.share for one in funnel([Step("Invited", 0, "0"), Step("Signed up", 5, "5")]).steps] == [None, None]


@given(st.lists(st.tuples(st.integers(min_value=1, max_value=9000), st.integers(min_value=0, max_value=3)), min_size=1))
def test_the_pieces_of_the_coast_lie_side_by_side(pieces: list[tuple[int, int]]) -> None:
    plan = coast_plan([Piece(f"km {n}", length, times) for n, (length, times) in enumerate(pieces)])
    assert plan.length_m == sum(length for length, _ in pieces)
    assert plan.done_m == sum(length for length, times in pieces if times)
    ends = [one.path.split("L")[-1].strip() for one in plan.pieces]
    begins = [one.path.removeprefix("M").split(" L")[0] for one in plan.pieces]
    assert ends[:-1] == begins[1:], "where one ends the next begins"
    assert begins[0].startswith("0.0 ") and ends[-1].startswith("1000.0 ")
