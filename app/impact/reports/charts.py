"""Where the parts of a chart lie: bars, lines over years, a funnel, a plan of the coast. Pure geometry.

Lengths across are per cent of whatever width there is ("12.5%"), so that a chart fits a phone and a sheet of paper
without its letters growing or shrinking; lengths down are pixels. Nothing is told by colour alone: what is planned is
hatched, series differ by mark and by dash, and every part carries its label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Numeric = int | float | Decimal

LINE, BAR, GAP = 20, 20, 14  # px: a line of a label, a bar, the air below it
LETTERS = 40  # of a label before it breaks
WIDEST, THINNEST = 70.0, 0.6  # per cent; the rest of the width is for the figure
PLOT, FOOT, LEGEND = 220, 30, 26  # px: the field of lines, the years below it, one line of the legend
LEFT, RIGHT = 3.0, 97.0  # per cent between which the years lie
MOST_YEARS = 10  # written below the field; of more every second or third
MARKS = ("circle", "square", "triangle", "diamond")
DASHES = ("", "7 4", "2 4", "10 3 2 3")
SHORE_Y, SHORE_WAVE = 84, 12  # px: where the coast runs on its plan, and how far it bends
SHORE_HEIGHT = 150


@dataclass(frozen=True)
class Bar:
    """One figure with its label, and as it is written; `is_planned` is drawn hatched. `url` opens its entries."""

    label: str
    amount: Numeric
    text: str
    is_planned: bool = False
    url: str = ""


@dataclass(frozen=True)
class PlacedBar:
    """A bar and where it lies: its label's lines from `label_y` on, the bar at `y`."""

    bar: Bar
    lines: tuple[str, ...]
    label_y: int
    y: int
    width: str


@dataclass(frozen=True)
class BarChart:
    """Bars below each other. `height` in px."""

    height: int
    bars: tuple[PlacedBar, ...]


@dataclass(frozen=True)
class Series:
    """A line: its name, and what each year brought; a year without a figure is a gap, not a zero."""

    name: str
    values: Mapping[int, Numeric]


@dataclass(frozen=True)
class Point:
    """A figure of a line; `at` is its place in units of the field (0 to 1000 across), `x` the same in per cent."""

    year: int
    value: Numeric
    x: str
    y: float
    at: float


@dataclass(frozen=True)
class PlacedLine:
    """A line: unbroken `runs` as point lists of an SVG polyline, its points, and how it is told from the others."""

    series: Series
    mark: str
    dash: str
    runs: tuple[str, ...]
    points: tuple[Point, ...]
    legend_y: int


@dataclass(frozen=True)
class Tick:
    """A line of the grid: what it stands for and where."""

    value: Numeric
    y: float


@dataclass(frozen=True)
class YearMark:
    """A year below the field; those at the ends are written inwards."""

    year: int
    x: str
    anchor: str


@dataclass(frozen=True)
class LineChart:
    """Lines over years. `plot` is the height of the field alone, `height` with years and legend."""

    height: int
    plot: int
    ticks: tuple[Tick, ...]
    years: tuple[YearMark, ...]
    lines: tuple[PlacedLine, ...]


@dataclass(frozen=True)
class Step:
    """So many people got so far."""

    label: str
    count: int
    text: str
    url: str = ""


@dataclass(frozen=True)
class PlacedStep:
    """A step of the funnel: `width` is who got here, `lost` who didn't since the step before (drawn hatched).

    `share` is the part of the step before in whole per cent, None for the first and where that one is empty.
    """

    step: Step
    label_y: int
    y: int
    width: str
    lost_x: str
    lost: str
    share: int | None


@dataclass(frozen=True)
class Funnel:
    """From invited to present. `height` in px."""

    height: int
    steps: tuple[PlacedStep, ...]


@dataclass(frozen=True)
class Piece:
    """A piece of the coast: its length in metres, and how often it was done."""

    name: str
    length_m: int
    times: int
    url: str = ""


@dataclass(frozen=True)
class PlacedPiece:
    """A piece on the plan: `path` in units of the field, borders in per cent, a number that the table repeats."""

    piece: Piece
    number: int
    path: str
    middle: str
    begins: str
    y: float
    number_y: float


@dataclass(frozen=True)
class CoastPlan:
    """A coast laid straight, drawn as a shore: water above, land below."""

    height: int
    water: str
    pieces: tuple[PlacedPiece, ...]
    length_m: int
    done_m: int


def bar_chart(bars: Sequence[Bar]) -> BarChart:
    """Bars in the order given; the largest takes seventy per cent, and nothing that exists is invisible."""
    largest, y, placed = max((float(bar.amount) for bar in bars), default=0.0), 0, []
    for bar in bars:
        lines = wrapped(bar.label)
        top = y + LINE * len(lines) + 6
        placed.append(PlacedBar(bar, lines, y + LINE - 4, top, _percent(_width(float(bar.amount), largest))))
        y = top + BAR + GAP - 6
    return BarChart(y, tuple(placed))


def line_chart(series: Sequence[Series], *, first: int | None = None, last: int | None = None) -> LineChart:
    """All series on one scale from zero; from the first to the last year that any of them knows, or those given."""
    known = sorted({year for one in series for year in one.values})
    first, last = first or min(known, default=0), last or max(known, default=0)
    years = list(range(first, last + 1)) if known else []
    top = nice_top(max((float(value) for one in series for value in one.values.values()), default=0.0))
    lines = tuple(_line(number, one, years, top) for number, one in enumerate(series))
    step = top / 4 if top else 0
    ticks = tuple(Tick(_plain(step * number), _down(step * number, top)) for number in range(5)) if top else ()
    return LineChart(PLOT + FOOT + LEGEND * len(series), PLOT, ticks, _year_marks(years), lines)


def funnel(steps: Sequence[Step]) -> Funnel:
    """Each step as wide as its people; what the step before had more is hatched. A step may be wider than the former:
    whoever walks in was not invited."""
    largest, y, placed = max((step.count for step in steps), default=0), 0, []
    for number, step in enumerate(steps):
        before = steps[number - 1].count if number else None
        width = _width(step.count, largest)
        lost = max(_width(before, largest) - width, 0.0) if before else 0.0
        share = round(100 * step.count / before) if before else None
        top = y + LINE + 6
        placed.append(PlacedStep(step, y + LINE - 4, top, _percent(width), _percent(width), _percent(lost), share))
        y = top + BAR + GAP - 6
    return Funnel(y, tuple(placed))


def coast_plan(pieces: Sequence[Piece]) -> CoastPlan:
    """The pieces side by side in their order, each as long as it is."""
    length = sum(piece.length_m for piece in pieces)
    done = sum(piece.length_m for piece in pieces if piece.times)
    placed, begins = [], 0
    for number, piece in enumerate(pieces, start=1):
        ends = begins + piece.length_m
        left, right = (1000 * at / length for at in (begins, ends))
        middle = (left + right) / 2
        below = 26 if number % 2 else 46  # neighbours' numbers don't touch on a phone
        placed.append(
            PlacedPiece(
                piece, number, _shore(left, right), _percent(middle / 10), _percent(left / 10), round(_bend(left), 1),
                round(_bend(middle) + below, 1),
            )
        )  # fmt: skip
        begins = ends
    water = f"M0 0H1000V{_bend(1000):.1f} {_back(1000, 0)}Z" if pieces else ""
    return CoastPlan(SHORE_HEIGHT, water, tuple(placed), length, done)


def nice_top(largest: float) -> float:
    """The end of a scale of four steps that are 1, 2, 2.5 or 5 times a power of ten, at least as large as this."""
    if largest <= 0:
        return 0.0
    step, size = largest / 4, 1.0
    while size * 10 <= step:
        size *= 10
    while size > step:
        size /= 10
    return next(4 * size * times for times in (1, 2, 2.5, 5, 10) if size * times >= step * (1 - 1e-9))


def wrapped(label: str, letters: int = LETTERS) -> tuple[str, ...]:
    """The label in lines of so many letters, broken between words; a longer word stands alone."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines)


def _width(amount: float, largest: float) -> float:
    return max(amount / largest * WIDEST, THINNEST) if amount > 0 and largest > 0 else 0.0


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _plain(value: float) -> Numeric:
    return int(value) if value == int(value) else round(value, 6)


def _down(value: float, top: float) -> float:
    return round(PLOT - (value / top if top else 0) * (PLOT - LINE), 1)


def _across(year: int, years: Sequence[int]) -> float:
    if len(years) < 2:
        return 50.0
    return LEFT + (year - years[0]) * (RIGHT - LEFT) / (len(years) - 1)


def _line(number: int, series: Series, years: Sequence[int], top: float) -> PlacedLine:
    points = [_point(year, series.values[year], years, top) for year in years if year in series.values]
    runs: list[list[Point]] = []
    for point in points:
        if runs and runs[-1][-1].year == point.year - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return PlacedLine(
        series=series,
        mark=MARKS[number % len(MARKS)],
        dash=DASHES[number % len(DASHES)],
        runs=tuple(" ".join(f"{point.at:g},{point.y:g}" for point in run) for run in runs if len(run) > 1),
        points=tuple(points),
        legend_y=PLOT + FOOT + LEGEND * number + LINE - 4,
    )


def _point(year: int, value: Numeric, years: Sequence[int], top: float) -> Point:
    across = _across(year, years)
    return Point(year, value, _percent(across), _down(float(value), top), round(across * 10, 1))


def _year_marks(years: Sequence[int]) -> tuple[YearMark, ...]:
    every = -(-len(years) // MOST_YEARS) if years else 1
    shown = years[::every] if years else []
    ends = {years[0]: "start", years[-1]: "end"} if len(years) > 1 else {}
    return tuple(
        YearMark(year, {"start": "0%", "end": "100%"}.get(ends.get(year, ""), _percent(_across(year, years))),
                 ends.get(year, "middle"))
        for year in shown
    )  # fmt: skip


def _bend(at: float) -> float:
    """How far down the shore lies at 0 to 1000 across: two bays, alike each time."""
    turn = at % 500 / 250  # 0 to 2: out and back
    out = 1 - abs(turn - 1)
    bay = out * out * (3 - 2 * out)
    return SHORE_Y + SHORE_WAVE * (bay if at < 500 else -bay)


def _shore(left: float, right: float) -> str:
    """The shore between two places as an SVG path."""
    many = max(2, round((right - left) / 20))
    at = [left + (right - left) * number / many for number in range(many + 1)]
    return "M" + " L".join(f"{x:.1f} {_bend(x):.1f}" for x in at)


def _back(right: float, left: float) -> str:
    many = 50
    at = [right + (left - right) * number / many for number in range(many + 1)]
    return " ".join(f"L{x:.1f} {_bend(x):.1f}" for x in at)
