"""The charts of a survey's results: what is drawn, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from app.impact.reports.charts import Bar, BarChart, bar_chart
from app.impact.thanks.queries import EventTally
from app.impact.thanks.small_numbers import Tally
from app.impact.thanks.words import CHOICE_NAMES, SCALE_NAMES
from app.web.dates import numeric_date
from app.web.numbers import number
from app.web.words import in_language


@dataclass(frozen=True)
class Drawn:
    """How answers spread, and how the mean went from event to event."""

    scale: BarChart
    choices: BarChart
    trend: BarChart


def drawn(tally: Tally, trend: Sequence[EventTally], *, language: str) -> Drawn:
    """The three charts; a trend of one event is drawn too."""
    scale = [_bar(gettext(name), tally.scale.get(step, 0)) for step, name in SCALE_NAMES.items()]
    choices = [_bar(gettext(name), tally.choices.get(word, 0)) for word, name in CHOICE_NAMES.items()]
    most_first = sorted(choices, key=lambda bar: -bar.amount)
    return Drawn(bar_chart(scale), bar_chart(most_first), bar_chart([_event(one, language) for one in trend]))


def _bar(label: str, times: int) -> Bar:
    return Bar(label, times, str(times))


def _event(one: EventTally, language: str) -> Bar:
    day = numeric_date(one.event.starts_at, one.event.timezone)
    label = f"{day}, {in_language(one.event.title, language)}, {one.event.site.home.name.get(language, '')}"
    text = f"{number(one.tally.mean, language, 1)} ({one.tally.answers})"
    return Bar(label.rstrip(", "), one.tally.mean, text, url=url_for(".results", event_id=one.event.id))
