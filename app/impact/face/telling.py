"""The report's figures as they are told to anybody: tiles, chapters, one sentence; in the reader's language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from flask_babel import gettext, ngettext

from app.db import Texts
from app.impact.outcomes.words import METRIC_NAMES, SPECIES_NAMES, UNIT_NAMES
from app.impact.reports.charts import Bar
from app.impact.reports.facts import CostRow, Impact, Metric
from app.web.numbers import NBSP, millions, number, tenge, unit_price
from app.web.words import in_language

# What is counted one by one is named by its label; anything else has its unit beside the figure.
COUNTED = ("plants", "fish", "people", "gifts", "pieces")
PRICED = ("waste_removed", "trees_planted", "fish_released")
MILLION = 1_000_000
IN_A_SENTENCE = 4
FEW, MOST_ROWS = 8, 12  # programmes that are parted by city, and rows before the others share one
# Which results are told together, and of which kinds of events a photograph belongs beside them.
CHAPTERS = {
    "shore": (("waste_removed", "coast_cleaned", "coast_walked"), ("cleanup",)),
    "green": (("trees_planted", "trees_alive"), ("planting",)),
    "water": (("fish_released",), ("stocking",)),
    "people": (("participants", "children", "hours", "gifts"), ("excursion", "celebration", "visit")),
}


@dataclass(frozen=True)
class Tile:
    """A figure with its unit, what it counts, and how and when it came to be."""

    name: str
    figure: str
    unit: str
    label: str
    how: str


@dataclass(frozen=True)
class Share:
    """What of a result lies in one city; the amount compares, the text is read."""

    city: str
    amount: Decimal
    text: str


@dataclass(frozen=True)
class Told:
    """One result of a chapter, and its shares where there is more than one city."""

    label: str
    text: str
    shares: Sequence[Share] = ()


@dataclass(frozen=True)
class Chapter:
    """Results that belong together, with what is to be said beside them."""

    key: str
    kinds: Sequence[str]
    results: Sequence[Told]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Teller:
    """Tells one report in one language; `own` are the names of the metrics that coordinators added."""

    found: Impact
    spoken: str
    cities: Mapping[str, Texts]
    own: Mapping[str, Texts] = field(default_factory=dict)

    def tiles(self) -> list[Tile]:
        """Every result that is there, the money last."""
        return [*(self._tile(one) for one in self._there()), *self._hours(), *self._money()]

    def chapters(self) -> list[Chapter]:
        """What is there, told by theme; a theme without results has no chapter."""
        told = []
        for key, (names, kinds) in CHAPTERS.items():
            metrics = [self.found.metrics[name] for name in names if name in self.found.metrics]
            there = [one for one in metrics if one.value]
            if there:
                told.append(Chapter(key, kinds, [self._told(one) for one in there], self._notes(key, there)))
        return told

    def costs(self, page: Callable[[str], str]) -> list[Bar]:
        """What each programme cost, dearest first, in parts by city where that is known and few; then what is planned.

        Of many only the dearest have a bar; the others share one.
        """
        is_few = len(self.found.rows) <= FEW
        rows = [row for whole in self.found.rows for row in (is_few and whole.parts) or (whole,) if row.cost_tenge]
        rows.sort(key=lambda row: -row.cost_tenge)
        spent = [
            Bar(self._row_name(row), row.cost_tenge, tenge(row.cost_tenge), url=page(row.programme.id))
            for row in rows[:MOST_ROWS]
        ]
        if rest := sum(row.cost_tenge for row in rows[MOST_ROWS:]):
            spent.append(Bar(gettext("All others together"), rest, tenge(rest)))
        planned = []
        for row in self.found.plans[:MOST_ROWS]:
            name, url = f"{in_language(row.programme.name, self.spoken)}, {gettext('plan')}", page(row.programme.id)
            planned.append(Bar(name, row.planned_tenge, tenge(row.planned_tenge), is_planned=True, url=url))
        return [*spent, *planned]

    def prices(self) -> tuple[list[CostRow], list[CostRow]]:
        """The dearest programmes, each with its parts where there are few programmes; and the rest."""
        rows = list(self.found.rows)
        if len(rows) > FEW:
            rows = [replace(row, parts=()) for row in rows]
        return rows[:MOST_ROWS], rows[MOST_ROWS:]

    def place_and_time(self) -> str:
        """Балхаш, Жезказган, 2022–2023."""
        names = [in_language(self.cities[slug], self.spoken) for slug in self.found.cities]
        return ", ".join([*names, *filter(None, [years(self.found.first_year, self.found.last_year)])])

    def name_of(self, metric: str) -> str:
        """What a metric is called."""
        if metric in METRIC_NAMES:
            return gettext(METRIC_NAMES[metric])
        return in_language(self.own.get(metric), self.spoken) or metric

    def quantity(self, value: Decimal, unit: str) -> str:
        """43 t, 5 750 plants."""
        return f"{number(value, self.spoken)}{NBSP}{unit_word(unit, value)}"

    def _there(self) -> Iterator[Metric]:
        """Children are told in their chapter; a tile of their own they have where nobody else is counted."""
        people = self.found.metrics.get("participants")
        for name, metric in self.found.metrics.items():
            if metric.value and not (name == "children" and people and people.value):
                yield metric

    def _tile(self, one: Metric) -> Tile:
        unit = "" if one.unit in COUNTED else unit_word(one.unit, one.value)
        said = [years(one.first_year, one.last_year), self._how(one)]
        if one.by_contractor:
            of_them = number(one.by_contractor, self.spoken)
            said.append(gettext("By contractors: %(n)s.", n=of_them).rstrip("."))
        return Tile(one.name, number(one.value, self.spoken), unit, self._label(one), _sentences(said))

    def _label(self, one: Metric) -> str:
        n = int(one.value)
        labels = {
            "waste_removed": lambda: gettext("of waste taken away from the shore"),
            "coast_cleaned": lambda: gettext("of shore cleaned"),
            "participants": lambda: ngettext("person took part, as reported", "people took part, as reported", n),
            "children": lambda: ngettext("child on trips, as reported", "children on trips, as reported", n),
            "trees_planted": lambda: ngettext("plant planted", "plants planted", n),
            "fish_released": lambda: ngettext("fish released", "fishes released", n),
        }
        return labels[one.name]() if one.name in labels else self.name_of(one.name)

    def _how(self, one: Metric) -> str:
        if one.name == "coast_cleaned":
            return gettext("Each kilometre once")
        if one.name == "participants":
            return self._per_person()
        if one.name == "waste_removed" and len(one.by_city) > 1:
            parts = ((in_language(self.cities[slug], self.spoken), n) for slug, n in one.by_city.items())
            return ", ".join(f"{name}{NBSP}{number(n, self.spoken)}" for name, n in parts)
        return self._price_of(one)

    def _price_of(self, one: Metric) -> str:
        if one.cost_per_unit is None or one.name not in PRICED:
            return ""
        paid = unit_price(one.cost_per_unit, self.spoken)
        if one.unit == "t":
            return gettext("%(sum)s per tonne", sum=paid)
        return gettext("%(sum)s per plant", sum=paid) if one.unit == "plants" else gettext("%(sum)s per fish", sum=paid)

    def _per_person(self) -> str:
        kg = self.found.kg_per_participant
        return gettext("%(kg)s kg per person", kg=number(kg, self.spoken, 1)) if kg else ""

    def _hours(self) -> Iterator[Tile]:
        """Counted here; hours that were reported are a metric of their own and never added to these."""
        if self.found.minutes >= 60:
            hours, how = number(self.found.minutes // 60, self.spoken), gettext("Of days that are closed")
            yield Tile("counted_hours", hours, "", gettext("hours of volunteers, counted here"), how)

    def _money(self) -> Iterator[Tile]:
        paid, planned = self.found.cost_tenge, self.found.planned_tenge
        if not paid and not planned:
            return
        amount, label = (paid, gettext("spent")) if paid else (planned, gettext("planned"))
        if amount >= MILLION:
            figure, _, unit = millions(amount, self.spoken).partition(NBSP)
        else:
            figure, _, unit = tenge(amount).rpartition(NBSP)
        how = _sentences([years(self.found.first_year, self.found.last_year), tenge(amount)])
        yield Tile("money", figure, unit, label, how)

    def _told(self, one: Metric) -> Told:
        shares = [
            Share(in_language(self.cities[slug], self.spoken), amount, self.quantity(amount, one.unit))
            for slug, amount in one.by_city.items()
        ]
        return Told(self.name_of(one.name), self.quantity(one.value, one.unit), shares if len(shares) > 1 else ())

    def _notes(self, key: str, metrics: Sequence[Metric]) -> list[str]:
        notes = [self._price_of(one) for one in metrics] + ([self._per_person()] if key == "shore" else [])
        return [note for note in notes if note]

    def _row_name(self, row: CostRow) -> str:
        names = [row.programme.name, self.cities[row.city]] if row.city else [row.programme.name]
        return ", ".join(in_language(name, self.spoken) for name in names)


def sentence(shown: Sequence[Tile]) -> str:
    """The first figures in a row, for those who see the page only as a link."""
    words = (" ".join(filter(None, (one.figure, one.unit, one.label))) for one in shown[:IN_A_SENTENCE])
    return ", ".join(words)


def years(first: int | None, last: int | None) -> str:
    """2023, or 2022–2023."""
    return "" if first is None else str(first) if first == last else f"{first}–{last}"


def unit_word(unit: str, value: Decimal) -> str:
    """The word after a number."""
    counted = {
        "plants": lambda n: ngettext("plant", "plants", n),
        "fish": lambda n: ngettext("fish", "fishes", n),
        "people": lambda n: ngettext("person", "people", n),
    }
    return counted[unit](int(value)) if unit in counted else gettext(UNIT_NAMES.get(unit, unit))


def species_name(species: str) -> str:
    """What kind of fish or plant, where that was said."""
    return gettext(SPECIES_NAMES[species]) if species in SPECIES_NAMES else species


def _sentences(said: Sequence[str]) -> str:
    """2023. По 114 кг на человека: each part begins as a sentence."""
    return ". ".join(part[:1].upper() + part[1:] for part in said if part)
