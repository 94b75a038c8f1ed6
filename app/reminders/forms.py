"""The form of an event's reminders: a row for each; one left empty is none."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, Form, FormField, SelectField
from wtforms.validators import Optional

from app.events.forms import chosen
from app.reminders.plans import AUDIENCES, CONFIRMED, DAYS, ESCORTS, HOSTS, INSTITUTIONS, MOST_LINES, Planned
from app.reminders.words import AUDIENCE_NAMES, UNIT_NAMES
from app.web.fields import WholeNumberField
from app.web.forms import BaseForm


class LineForm(Form):
    """One reminder."""

    class Meta:
        csrf = False

    amount = WholeNumberField(_("How long before"), [Optional()])
    unit = SelectField(_("Unit"), choices=chosen(UNIT_NAMES), default=DAYS)
    confirmed = BooleanField(_(AUDIENCE_NAMES[CONFIRMED]))
    escorts = BooleanField(_(AUDIENCE_NAMES[ESCORTS]))
    hosts = BooleanField(_(AUDIENCE_NAMES[HOSTS]))
    institutions = BooleanField(_(AUDIENCE_NAMES[INSTITUTIONS]))

    def line(self) -> Planned | None:
        """None for an empty row."""
        if self.amount.data is None:
            return None
        audiences = tuple(name for name in AUDIENCES if self[name].data)
        return Planned(self.amount.data, self.unit.data, audiences)


class RemindersForm(BaseForm):
    """All of them."""

    lines = FieldList(FormField(LineForm), _("Reminders"), max_entries=MOST_LINES + 1)

    def plan(self) -> list[Planned]:
        """The rows that say something."""
        return [line for row in self.lines if (line := row.form.line()) is not None]


def typed_plan(plan: Iterable[Planned]) -> dict[str, Any]:
    """What the rows hold when the form opens."""
    return {
        "lines": [
            {"amount": line.amount, "unit": line.unit} | {name: name in line.audiences for name in AUDIENCES}
            for line in plan
        ]
    }
