"""Two changes of one entry come together, and a budget is the sum of its entries. Pure, over random values."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.impact.money.merging import merge
from app.impact.money.tally import Entry, budget

quick = settings(deadline=None, max_examples=60)

NAMES = ("amount_tenge", "category", "supplier")
VALUES = st.fixed_dictionaries({name: st.integers(0, 3) for name in NAMES})
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.sampled_from([None, "a", "b", "c"]),
        st.sampled_from(["planned", "committed", "actual"]),
        st.sampled_from(["transport", "gifts"]),
        st.integers(1, 10**9),
    ),
    max_size=30,
)


@quick
@given(VALUES, VALUES, VALUES)
def test_nothing_that_one_of_them_wrote_is_lost(before: dict[str, int], theirs: dict[str, int], mine: dict[str, int]):
    merged = merge(before, theirs, mine)
    for name in NAMES:
        changed = {one[name] for one in (theirs, mine)} - {before[name]}
        if len(changed) < 2:
            assert merged.values[name] == (changed.pop() if changed else before[name])
            assert name not in merged.clashing
        else:
            assert name in merged.clashing and merged.values[name] == mine[name]


@quick
@given(VALUES, VALUES)
def test_whoever_is_alone_gets_what_they_wrote(before: dict[str, int], mine: dict[str, int]):
    assert merge(before, before, mine).values == mine
    assert set(merge(before, mine, before).theirs_kept) == {name for name in NAMES if mine[name] != before[name]}


@quick
@given(ENTRIES, st.none() | st.integers(0, 10**12))
def test_every_total_is_the_sum_of_its_entries(entries: list[Entry], frame: int | None):
    found = budget(entries, frame_tenge=frame)
    for lines in (found.events, found.categories):
        for stage, name in (("planned", "planned_tenge"), ("committed", "committed_tenge"), ("actual", "actual_tenge")):
            total = sum(one.amount_tenge for one in entries if one.stage == stage)
            assert sum(getattr(line, name) for line in lines) == total
            if stage != "planned" or frame is None:
                assert getattr(found.whole, name) == total
    whole = found.whole
    assert whole.planned_tenge == whole.committed_tenge + whole.actual_tenge + whole.left_tenge
    assert frame is None or found.spread_tenge + found.unspread_tenge == frame == whole.planned_tenge


def test_the_programme_stands_first_then_its_events_in_order():
    entries = [Entry(key, "actual", "gifts", 1) for key in ("b", "a", None)]
    assert [line.key for line in budget(entries, frame_tenge=None, order=["a", "b"]).events] == [None, "a", "b"]
