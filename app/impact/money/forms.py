"""Forms for money. Sums are read by sums.py: here only that something stands there."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.impact.money.errors import UnlikelyAmount
from app.impact.money.models import Expense
from app.impact.money.sums import read_tenge
from app.impact.money.words import CATEGORY_NAMES, FIELD_NAMES, STAGE_NAMES, TENGE_UNITS
from app.impact.numbers import grouped, is_ambiguous
from app.web.fields import DateField
from app.web.forms import BaseForm


def _choices(names: dict[str, str]) -> list[tuple[str, str]]:
    return [(value, gettext(name)) for value, name in names.items()]


def _listed(names: object) -> tuple[object, ...]:
    return names if isinstance(names, tuple) else ()


class SumForm(BaseForm):
    """A sum in the unit that was asked for, never guessed. Out of a doubt lead `sure` and `meant` (in tenge)."""

    amount_tenge = StringField(lazy_gettext("Sum"), [DataRequired(), Length(max=40)])
    unit = RadioField(lazy_gettext("The sum is in"), validators=[DataRequired()])
    sure = BooleanField(lazy_gettext("The sum is right"), [Optional()])
    meant = StringField(lazy_gettext("The sum that was meant, in tenge"), [Optional(), Length(max=20)])
    document_no = StringField(lazy_gettext("Number of the document"), [Optional(), Length(max=60)])
    spent_on = DateField(lazy_gettext("Paid on"), [Optional()])
    # What a refusal knows: the sum in full, and what it would be in the other unit.
    asked: dict[str, Any] | None = None
    newest_id: str | None = None
    clashing: tuple[str, ...] = ()
    theirs_kept: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = _choices(TENGE_UNITS)
        if (self.meant.data or "").isdecimal():
            self.amount_tenge.data, self.unit.data, self.meant.data = self.meant.data, "tenge", ""

    @property
    def is_doubted(self) -> bool:
        """Whether the box that says "it is right" has to be shown."""
        return bool(self.amount_tenge.errors) or bool(self.sure.data)

    @property
    def status(self) -> int:
        """409 where somebody else changed the same meanwhile."""
        return 409 if self.clashing else super().status

    def in_tenge(self) -> int:
        """The sum in whole tenge; raises a WrongAmount, also where 24,370 may be thousands and nobody said so."""
        written = self.amount_tenge.data or ""
        amount = read_tenge(written, unit=self.unit.data)
        if is_ambiguous(written) and not self.sure.data:
            raise UnlikelyAmount(figure=grouped(amount), beside="", meant=amount * 1_000)
        return amount

    def _show(self, errors: dict[str, str], params: dict[str, object]) -> None:
        super()._show(errors, params)
        if "meant" in params:
            self.asked = dict(params)
        if "newest_id" in params:
            self.newest_id = str(params["newest_id"])
            self.clashing, self.theirs_kept = (tuple(map(str, _listed(params[one]))) for one in ("fields", "kept"))


class ExpenseForm(SumForm):
    """Money: the unit is asked for, never guessed."""

    stage = SelectField(lazy_gettext("The money is"))
    category = SelectField(lazy_gettext("What for"))
    event_id = SelectField(lazy_gettext("For which event"), [Optional()])
    supplier = StringField(lazy_gettext("Paid to"), [Optional(), Length(max=200)])
    note = StringField(lazy_gettext("Note"), [Optional(), Length(max=300)])

    def __init__(self, events: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage.choices = _choices(STAGE_NAMES)
        self.category.choices = _choices(CATEGORY_NAMES)
        self.event_id.choices = events

    def expense(self) -> dict[str, Any]:
        """What the operation takes beside the sum and the event."""
        return {
            "stage": self.stage.data,
            "category": self.category.data,
            "supplier": self.supplier.data or "",
            "note": self.note.data or "",
            "document_no": self.document_no.data or "",
            "spent_on": self.spent_on.data,
            "sure": bool(self.sure.data),
        }

    def begin_with(self, row: Expense, *names: str) -> None:
        """What a correction opens with: the entry as it stands, in tenge; or these fields of it alone."""
        for name in names or FIELD_NAMES:
            self[name].data = getattr(row, name) or ""
        if "amount_tenge" in (names or FIELD_NAMES):
            self.amount_tenge.data, self.unit.data = str(row.amount_tenge), "tenge"
        if "spent_on" in (names or FIELD_NAMES):
            self.spent_on.data = row.spent_on

    def keep_category(self, category: str) -> None:
        """Lets a category that no list names stand, where an entry has it already."""
        if category not in CATEGORY_NAMES:
            self.category.choices = [(category, category), *(self.category.choices or [])]


class PaymentForm(SumForm):
    """What was paid of an order."""

    rest_stays = BooleanField(lazy_gettext("The rest stays ordered"), [Optional()])


class DocumentForm(BaseForm):
    """A paper that proves the sum."""

    document = FileField(lazy_gettext("Document"), [FileRequired(lazy_gettext("Choose a file."))])


class SumsFileForm(BaseForm):
    """A spreadsheet of sums, and what they are in where no line says it."""

    file = FileField(lazy_gettext("File"), [FileRequired(lazy_gettext("Choose a file."))])
    unit = RadioField(lazy_gettext("The sums of the file are in"), validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = _choices(TENGE_UNITS)
