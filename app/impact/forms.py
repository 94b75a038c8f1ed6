"""Forms for results and expenses. Figures are read by app.impact.figures: here only that something stands there."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.impact.words import CATEGORY_NAMES, METHOD_NAMES, METRIC_NAMES, STAGE_NAMES, TENGE_UNITS, UNIT_NAMES
from app.web.fields import DateField
from app.web.forms import BaseForm


def _choices(names: dict[str, str]) -> list[tuple[str, str]]:
    return [(value, gettext(name)) for value, name in names.items()]


class CorrectionForm(BaseForm):
    """A figure with its ground."""

    quantity = StringField(lazy_gettext("How much"), [InputRequired(), Length(max=40)])
    unit = SelectField(lazy_gettext("Unit"))
    method = SelectField(lazy_gettext("How it was found out"))
    said_by = StringField(lazy_gettext("Who said so"), [Optional(), Length(max=200)])
    evidence = StringField(lazy_gettext("What proves it"), [Optional(), Length(max=300)])
    detail = StringField(lazy_gettext("In detail"), [Optional(), Length(max=200)])
    by_contractor = BooleanField(lazy_gettext("Done by a contractor, not by volunteers"), [Optional()])
    sure = BooleanField(lazy_gettext("The figure is right"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = _choices(UNIT_NAMES)
        self.method.choices = _choices(METHOD_NAMES)

    @property
    def is_doubted(self) -> bool:
        """Whether the box that says "it is right" has to be shown."""
        return bool(self.quantity.errors) or bool(self.sure.data)

    def figure(self) -> dict[str, Any]:
        """What the operations take."""
        names = ("quantity", "unit", "method", "said_by", "evidence", "detail", "by_contractor", "sure")
        return {
            name: self[name].data or "" if name not in ("by_contractor", "sure") else self[name].data for name in names
        }


class OutcomeForm(CorrectionForm):
    """The same, and what was counted."""

    metric = SelectField(lazy_gettext("What was counted"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.metric.choices = _choices(METRIC_NAMES)


class ExpenseForm(BaseForm):
    """Money: the unit is asked for, never guessed."""

    amount_tenge = StringField(lazy_gettext("Sum"), [InputRequired(), Length(max=40)])
    unit = RadioField(lazy_gettext("The sum is in"), validators=[InputRequired()])
    stage = SelectField(lazy_gettext("The money is"))
    category = SelectField(lazy_gettext("What for"))
    event_id = SelectField(lazy_gettext("For which event"), [Optional()])
    supplier = StringField(lazy_gettext("Paid to"), [Optional(), Length(max=200)])
    note = StringField(lazy_gettext("Note"), [Optional(), Length(max=300)])
    spent_on = DateField(lazy_gettext("Paid on"), [Optional()])
    sure = BooleanField(lazy_gettext("The sum is right"), [Optional()])

    def __init__(self, events: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = _choices(TENGE_UNITS)
        self.stage.choices = _choices(STAGE_NAMES)
        self.category.choices = _choices(CATEGORY_NAMES)
        self.event_id.choices = events

    @property
    def is_doubted(self) -> bool:
        """Whether the box that says "it is right" has to be shown."""
        return bool(self.amount_tenge.errors) or bool(self.sure.data)

    def expense(self) -> dict[str, Any]:
        """What the operation takes beside the sum and the event."""
        return {
            "stage": self.stage.data,
            "category": self.category.data,
            "supplier": self.supplier.data or "",
            "note": self.note.data or "",
            "spent_on": self.spent_on.data,
            "sure": bool(self.sure.data),
        }
