"""Forms for results. Figures are read by figures.py: here only that something stands there."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FormField, HiddenField, MultipleFileField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.impact.outcomes.errors import Doubt
from app.impact.outcomes.figures import USUAL_DENSITY
from app.impact.outcomes.metrics import CUBIC_METRE, OWN_UNITS, MetricFacts
from app.impact.outcomes.naming import Names
from app.impact.outcomes.words import METHOD_NAMES, SPECIES_NAMES, UNIT_NAMES
from app.web.fields import DateField
from app.web.forms import BaseForm, TextsForm

P = ParamSpec("P")
R = TypeVar("R")


def _choices(names: dict[str, str]) -> list[tuple[str, str]]:
    return [(value, gettext(name)) for value, name in names.items()]


class ProofsForm(BaseForm):
    """Photos and documents that prove a figure."""

    files = MultipleFileField(lazy_gettext("Photo or document"), [Optional()])

    def contents(self) -> list[bytes]:
        """The bytes of what was chosen."""
        return [file.read() for file in self.files.data or [] if file and not isinstance(file, str)]


class FigureForm(ProofsForm):
    """A figure of one metric with its ground."""

    quantity = StringField(lazy_gettext("How much"), [InputRequired(), Length(max=60)])
    unit = RadioField(lazy_gettext("Unit"), [Optional()], validate_choice=False)
    density = StringField(lazy_gettext("Tonnes in a cubic metre"), [Optional(), Length(max=10)])
    species = SelectField(lazy_gettext("Species"), [Optional()])
    method = SelectField(lazy_gettext("How it was found out"))
    evidence = StringField(lazy_gettext("Where it comes from"), [Optional(), Length(max=300)])
    said_by = StringField(lazy_gettext("Who said so"), [Optional(), Length(max=200)])
    said_on = DateField(lazy_gettext("On which day"), [Optional()])
    detail = StringField(lazy_gettext("In detail"), [Optional(), Length(max=200)])
    by_contractor = BooleanField(lazy_gettext("Done by a contractor, not by volunteers"), [Optional()])
    contractor = StringField(lazy_gettext("Which contractor"), [Optional(), Length(max=200)])
    sure = BooleanField(lazy_gettext("The figure is right"), [Optional()])

    def __init__(self, metric: MetricFacts, names: Names, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.metric_facts, self.is_doubted = metric, bool(self.sure.data)
        self.unit.choices = [(unit, names.unit(unit)) for unit in metric.units]
        self.species.choices = [("", gettext("Not known")), *_choices(SPECIES_NAMES)]
        self.method.choices = _choices(METHOD_NAMES)
        if self.unit.data is None and len(metric.units) == 1:
            self.unit.data = metric.unit
        if self.density.data is None:
            self.density.data = f"{USUAL_DENSITY}".replace(".", ",")

    def attempt(self, operation: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """As every form; it remembers that the figure was only doubted, so that the page asks whether it is right."""

        def doubting(*given: P.args, **named: P.kwargs) -> R:
            try:
                return operation(*given, **named)
            except Doubt:
                self.is_doubted = True
                raise

        return super().attempt(doubting, *args, **kwargs)

    def figure(self) -> dict[str, Any]:
        """What the operations take."""
        words = ("quantity", "unit", "method", "said_by", "evidence", "detail", "contractor", "species")
        found: dict[str, Any] = {name: self[name].data or "" for name in words}
        density = self.density.data if self.unit.data == CUBIC_METRE else ""
        found |= {"density": density or "", "said_on": self.said_on.data}
        return found | {"by_contractor": bool(self.by_contractor.data), "sure": bool(self.sure.data)}


class CorrectionForm(FigureForm):
    """The same, and why it is put right."""

    reason = StringField(lazy_gettext("Why it is corrected"), [Optional(), Length(max=200)])

    def figure(self) -> dict[str, Any]:
        """What the operation takes."""
        return super().figure() | {"reason": self.reason.data or ""}


class TargetForm(BaseForm):
    """What an event is to bring of one metric."""

    quantity = StringField(lazy_gettext("Planned"), [Optional(), Length(max=40)])
    unit = SelectField(lazy_gettext("Unit"), [Optional()], validate_choice=False)
    seen = HiddenField()
    sure = BooleanField(lazy_gettext("The figure is right"), [Optional()])

    def __init__(self, metric: MetricFacts, names: Names, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = [(unit, names.unit(unit)) for unit in metric.units if unit != CUBIC_METRE]


class MetricForm(BaseForm):
    """Something else that is counted."""

    texts = FormField(TextsForm, lazy_gettext("What is counted"))
    unit = SelectField(lazy_gettext("Unit"))
    sums = BooleanField(lazy_gettext("Figures add up to a total"), [Optional()], default=True)
    unlikely_above = StringField(lazy_gettext("Ask back above"), [Optional(), Length(max=20)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = [(unit, gettext(UNIT_NAMES[unit])) for unit in OWN_UNITS]


class MarkForm(BaseForm):
    """A report that goes out."""

    name = StringField(lazy_gettext("Which report"), [InputRequired(), Length(max=120)])
    programme = SelectField(lazy_gettext("Programme"), [Optional()])

    def __init__(self, programmes: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme.choices = [("", gettext("All programmes")), *programmes]
