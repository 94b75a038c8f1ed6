"""Forms of invitations, and of the lists that institutions fill. A field holds what a cell of a file may hold."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (  # type: ignore[attr-defined] # the stubs lag behind 3.3
    BooleanField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.errors import N_
from app.events.models import Event
from app.events.periods import moment
from app.people.checking import MISSING, Checked, check_rows
from app.people.forms import NameForm, Reads, ReadsBirthDate, ReadsEmail
from app.people.headings import CHILD_COLUMNS, columns_of
from app.people.sheets import Row, read_sheet
from app.people.values import (
    ADULT_SIZES,
    CHILD_SIZES,
    DIETS,
    read_note,
    read_phone,
    read_size,
    read_text,
    tidy,
)
from app.signups.institution_errors import TooManyForList
from app.signups.institution_seating import CHILD, ESCORT, Entry
from app.signups.inviting import NewContact
from app.web.fields import DateField, TimeField, WholeNumberField
from app.web.forms import BaseForm

REQUIRED = _("Please fill this in.")
MOST_SEATS = 2000
MOST_ROWS = 500
EVENING = time(18)
OF_A_ROW = tuple(name for name in CHILD_COLUMNS if name != "guardian_number")
ADDRESS_MISSING = N_("The e-mail address is missing.")
LANGUAGES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))


class SeatsForm(BaseForm):
    """How many people an institution may bring, and until when it names them."""

    seats = WholeNumberField(_("Seats, escorts included"), [InputRequired(REQUIRED), NumberRange(1, MOST_SEATS)])
    names_due_at = DateField(_("Names until"), [InputRequired(REQUIRED)])
    names_due_clock = TimeField(_("Until what time"), [Optional()], default=EVENING)

    def due_at(self, event: Event) -> datetime:
        """The deadline on the clocks of the event's place."""
        day: date = self.names_due_at.data or event.local_date
        return moment(day, self.names_due_clock.data or EVENING, event.timezone)


class ContactForm(BaseForm):
    """Somebody at the institution."""

    name = StringField(_("Contact person"), [InputRequired(REQUIRED), Length(max=200)])
    email = StringField(_("E-mail"), [ReadsEmail(ADDRESS_MISSING)])
    language = SelectField(_("Language"), choices=[SelectChoice(*pair) for pair in LANGUAGES])
    is_representative = BooleanField(_("Is the children's legal representative (the director, for example)"))

    def __init__(self, *args: Any, **options: Any) -> None:
        self.clean: dict[str, Any] = {}
        super().__init__(*args, **options)

    def contact(self) -> NewContact:
        """As the operation takes it."""
        return NewContact(
            name=str(self.name.data or ""),
            email=str(self.clean["email"]),
            language=str(self.language.data),
            is_representative=bool(self.is_representative.data),
        )


class InvitationForm(SeatsForm, ContactForm):
    """A new invitation with its first contact."""

    institution_id = SelectField(_("Institution"), [InputRequired(REQUIRED)])

    def offer(self, institutions: Iterable[tuple[str, str]]) -> None:
        """Whom one may invite."""
        self.institution_id.choices = [SelectChoice("", "—"), *(SelectChoice(*pair) for pair in institutions)]


class EscortForm(NameForm):
    """An adult who leads the children."""

    role = ESCORT
    phone = StringField(_("Phone"), [Reads(read_phone)])
    tshirt_size = SelectField(_("T-shirt size"), [Reads(read_size)], default="")
    is_another = BooleanField(_("This is another person of the same name"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tshirt_size.choices = _sizes(ADULT_SIZES)

    def asking(self, event: Event) -> None:
        """Only what this event asks."""

    def entry(self) -> Entry:
        """As the operation takes it."""
        return Entry(**self.values(), role=self.role)

    def values(self) -> dict[str, Any]:
        """The clean values by column."""
        return {name: value if value is not None or name == "phone" else "" for name, value in self.clean.items()}


class PupilForm(NameForm):
    """A child of the institution."""

    role = CHILD
    birth_date = StringField(_("Date of birth"), [ReadsBirthDate(MISSING["birth_date"])])
    school_class = StringField(_("School class"), [Reads(partial(read_text, longest=20))])
    tshirt_size = SelectField(_("T-shirt size"), [Reads(read_size)], default="")
    diet = SelectField(_("Food"), [Reads(read_text)], default="")
    medical_note = TextAreaField(_("Allergies and health"), [Reads(read_note)])
    is_another = BooleanField(_("This is another child of the same name, born the same day"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tshirt_size.choices = _sizes(CHILD_SIZES, ADULT_SIZES)
        self.diet.choices = [SelectChoice(word, gettext(label)) for word, label in DIETS.items()]
        self.diet.choices.insert(0, SelectChoice("", gettext("Not said")))

    def asking(self, event: Event) -> None:
        """Only what this event asks."""
        if not event.asks_diet:
            del self.diet
        if not event.asks_medical:
            del self.medical_note

    def entry(self) -> Entry:
        """As the operation takes it."""
        return Entry(**self.values(), role=self.role)

    def values(self) -> dict[str, Any]:
        """The clean values by column."""
        return {name: value if value is not None else "" for name, value in self.clean.items()}


class FileForm(BaseForm):
    """The spreadsheet of pupils."""

    file = FileField(_("File"), [FileRequired(_("Choose a file."))])

    def check(self, content: bytes, *, today: date) -> tuple[list[Checked], str]:
        """Its rows, checked, and the same rows as text for the page that asks whether to add them.

        Raises UnreadableFile, ColumnMissing, TooManyForList.
        """
        sheet = read_sheet(content)
        columns = columns_of(sheet.headings, "children")
        if len(sheet.rows) > MOST_ROWS:
            raise TooManyForList(most=MOST_ROWS)
        plain = [[row.number, *(_cell(row, columns.get(name)) for name in OF_A_ROW)] for row in sheet.rows]
        return _checked(plain, today=today), json.dumps(plain, ensure_ascii=False)


class RowsForm(BaseForm):
    """The rows of a file that was looked through, sent back to be added. They are checked anew."""

    rows = HiddenField()

    def check(self, *, today: date) -> list[Checked]:
        """The rows again; none where the field was tampered with."""
        try:
            plain = json.loads(str(self.rows.data or "[]"))
            lists = [row for row in plain if isinstance(row, list) and len(row) == len(OF_A_ROW) + 1]
            well = [row for row in lists if isinstance(row[0], int)]
        except (ValueError, TypeError, RecursionError):
            return []
        return _checked(well[:MOST_ROWS], today=today)


class PaperForm(BaseForm):
    """The signed paper of one child."""

    scan = FileField(_("Photo or scan of the paper"), [FileRequired(_("Choose a file."))])
    signed_by = StringField(_("Who signed it"), [InputRequired(REQUIRED), Length(max=200)])
    photos = BooleanField(_("The paper also allows photographs"))


def entry_of(checked: Checked) -> Entry:
    """One good row of a file."""
    values: dict[str, Any] = {name: checked.values.get(name) or "" for name in OF_A_ROW if name != "birth_date"}
    return Entry(birth_date=checked.values.get("birth_date"), row=checked.row, **values)


def _checked(plain: Sequence[Sequence[Any]], *, today: date) -> list[Checked]:
    columns = {name: number for number, name in enumerate(OF_A_ROW)}
    rows = [Row(number, [str(cell) for cell in cells]) for number, *cells in plain]
    return check_rows(rows, columns, "children", today=today)


def _cell(row: Row, column: int | None) -> str:
    return tidy(row.cells[column]) if column is not None and column < len(row.cells) else ""


def _sizes(*groups: Sequence[str]) -> list[SelectChoice]:
    none = SelectChoice("", gettext("Not chosen"))
    names = {CHILD_SIZES: gettext("Children, by height in cm"), ADULT_SIZES: gettext("Adults")}
    return [none, *(SelectChoice(size, size, {}, names[tuple(group)]) for group in groups for size in group)]
