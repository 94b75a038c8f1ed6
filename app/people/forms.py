"""The forms of people. What a cell of a file may hold, a field may hold: both are read by values.py."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (  # type: ignore[attr-defined] # the stubs lag behind 3.3
    BooleanField,
    Field,
    FormField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from app.errors import N_
from app.people.checking import MISSING
from app.people.domains_in_use import domains_in_use
from app.people.headings import COLUMNS
from app.people.mail_domains import doubt, is_usual
from app.people.models import Person
from app.people.values import (
    ADULT_SIZES,
    CHILD_SIZES,
    Unfit,
    read_birth_date,
    read_email,
    read_name,
    read_note,
    read_number,
    read_phone,
    read_size,
    read_text,
)
from app.web.forms import BaseForm, TextsForm

KIND_NAMES = {"employee": N_("Employee"), "child": N_("Child"), "other": N_("Guest")}
INSTITUTION_KINDS = {
    "school": N_("School"),
    "boarding-school": N_("Boarding school"),
    "orphanage": N_("Children's home"),
    "partner": N_("Partner"),
    "other": N_("Other"),
}
CHOOSE_SIZE = N_("Choose a size.")
DID_YOU_MEAN = N_("Did you mean %(meant)s? Correct it, or tick that it is right.")
IS_RIGHT = "address_is_right"


class Reads:
    """Reads the field as a cell of a file would be read; the clean value goes to `form.clean`."""

    def __init__(self, reader: Callable[[Any], Any], missing: str | None = None) -> None:
        self.reader = reader
        self.missing = missing
        self.field_flags = {} if missing else {"optional": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Puts the sentence beside the field when the value can't be."""
        try:
            form.clean[field.short_name] = value = self.read(form, field.data)
        except Unfit as unfit:
            raise StopValidation(gettext(unfit.why) % unfit.params) from unfit
        if self.missing and not value:
            raise StopValidation(gettext(self.missing))

    def read(self, form: Any, written: str | None) -> Any:
        """The clean value; raises Unfit."""
        return self.reader(written)


class ReadsBirthDate(Reads):
    """A birthday, which can't lie after the form's today."""

    def __init__(self, missing: str | None = None) -> None:
        super().__init__(read_text, missing)

    def read(self, form: Any, written: str | None) -> Any:
        """The date; raises Unfit."""
        return read_birth_date(written, today=form.today)


class ReadsEmail(Reads):
    """An address. A domain that looks mistyped is asked about once: who ticks "it is right" is believed."""

    def __init__(self, missing: str | None = None) -> None:
        super().__init__(read_email, missing)

    def __call__(self, form: Any, field: Field) -> None:
        """Puts the question beside the field, and remembers which address it was asked about."""
        super().__call__(form, field)
        address = form.clean[field.short_name]
        if not address or address in (field.object_data, request.form.get(IS_RIGHT)) or is_usual(address):
            return
        meant = doubt(address, domains_in_use())
        if meant:
            field.doubted = address  # type: ignore[attr-defined]  # the template offers to say that it is right
            raise StopValidation(gettext(DID_YOU_MEAN, meant=meant.partition("@")[2]))


class ReadingForm(BaseForm):
    """A form whose fields are read by values.py; `clean` holds what they mean once it is valid."""

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        self.clean: dict[str, Any] = {}
        self.today = today
        super().__init__(*args, **options)


class NameForm(ReadingForm):
    """What every person has."""

    surname = StringField(_("Surname"), [Reads(read_name, MISSING["surname"])])
    given_name = StringField(_("Given name"), [Reads(read_name, MISSING["given_name"])])
    patronymic = StringField(_("Patronymic"), [Reads(read_name)])


class ChildForm(NameForm):
    """One's own child."""

    birth_date = StringField(_("Date of birth"), [ReadsBirthDate(MISSING["birth_date"])])
    tshirt_size = SelectField(_("T-shirt size"), [Reads(read_size, CHOOSE_SIZE)])
    medical_note = TextAreaField(_("Allergies and health"), [Reads(read_note)])
    keep_note = BooleanField(_("Keep it for the next trips"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tshirt_size.choices = _sizes()

    def values(self) -> dict[str, Any]:
        """As operations take it."""
        return {**self.clean, "keep_note": bool(self.keep_note.data)}


class PersonForm(NameForm):
    """Somebody of a coordinator's city."""

    kind = SelectField(_("Who"), [InputRequired()])
    city = SelectField(_("City"), [InputRequired(_("Please fill this in."))])
    personnel_number = StringField(_("Personnel number"), [Reads(read_number)])
    department = StringField(_("Department"), [Reads(read_text)])
    guardian_number = StringField(_("Parent's personnel number"), [Reads(read_number)])
    institution_id = SelectField(_("Institution"), [Optional()])
    school_class = StringField(_("School class"), [Reads(partial(read_text, longest=20))])
    birth_date = StringField(_("Date of birth"), [ReadsBirthDate()])
    email = StringField(_("E-mail"), [ReadsEmail()])
    phone = StringField(_("Phone"), [Reads(read_phone)])
    language = SelectField(
        _("Language"),
        choices=[SelectChoice("kk", "Қазақша"), SelectChoice("ru", "Русский"), SelectChoice("en", "English")],
    )
    tshirt_size = SelectField(_("T-shirt size"), [Reads(read_size)])

    def offer(self, cities: Iterable[tuple[str, str]], institutions: Iterable[tuple[str, str]]) -> None:
        """What there is to choose from."""
        self.kind.choices = [SelectChoice(kind, gettext(name)) for kind, name in KIND_NAMES.items()]
        self.city.choices = [SelectChoice(*city) for city in cities]
        self.institution_id.choices = _none_first(institutions)
        self.tshirt_size.choices = _sizes()

    def only_for(self, person: Person) -> None:
        """Without the fields that somebody of this kind has no use for."""
        del self.kind, self.guardian_number
        if person.kind == "child":
            del self.personnel_number, self.department
        else:
            del self.institution_id, self.school_class

    def values(self) -> dict[str, Any]:
        """As operations take it."""
        chosen = {name: self[name].data for name in ("kind", "city", "language") if name in self}
        if "institution_id" in self:
            chosen["institution_id"] = self.institution_id.data or None
        return self.clean | chosen


class ImportForm(BaseForm):
    """A file of people and what it is."""

    file = FileField(_("File"), [FileRequired(_("Choose a file."))])
    kind = SelectField(
        _("Who is in it"),
        choices=[SelectChoice("employees", _("Employees")), SelectChoice("children", _("Children"))],
    )
    city = SelectField(_("City"), [Optional()])
    institution = SelectField(_("Institution"), [Optional()])
    is_complete = BooleanField(_("This is the complete list of the city"))
    is_dry_run = BooleanField(_("Only try it: show what would change"))

    def offer(self, cities: Iterable[tuple[str, str]], institutions: Iterable[tuple[str, str]]) -> None:
        """What there is to choose from."""
        self.city.choices = [SelectChoice(*city) for city in cities]
        self.institution.choices = _none_first(institutions)


OWN_NAMES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))


class InstitutionContactForm(BaseForm):
    """Who reads the letters about an institution's pupils."""

    contact_name = StringField(_("Contact person"), [Optional(), Length(max=200)])
    contact_email = StringField(_("E-mail"), [ReadsEmail()])
    contact_language = SelectField(
        _("Language"), [Optional()], choices=[SelectChoice(code, name) for code, name in OWN_NAMES], default="kk"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        self.clean: dict[str, Any] = {}
        super().__init__(*args, **options)

    def values(self) -> dict[str, Any]:
        """As operations take them."""
        return {
            "contact_name": self.contact_name.data or "",
            "contact_email": self.clean["contact_email"],
            "contact_language": self.contact_language.data or "kk",
        }


class InstitutionForm(InstitutionContactForm):
    """Who sends people without being an employer of ours."""

    name = FormField(TextsForm, _("Name"))
    kind = SelectField(
        _("Kind"), [InputRequired()], choices=[SelectChoice(kind, _(name)) for kind, name in INSTITUTION_KINDS.items()]
    )
    city = SelectField(_("City"), [InputRequired(_("Please fill this in."))])

    def offer(self, cities: Iterable[tuple[str, str]]) -> None:
        """What there is to choose from."""
        self.city.choices = [SelectChoice(*city) for city in cities]


class CityForm(BaseForm):
    """A city with its time zone."""

    name = FormField(TextsForm, _("Name"))
    slug = StringField(_("Short name"), [InputRequired(_("Please fill this in.")), Length(max=40)])
    timezone = StringField(_("Time zone"), [InputRequired(_("Please fill this in."))], default="Asia/Almaty")


def heading_of(kind: str, field: str) -> str:
    """What the column of a file that holds this field is called."""
    return COLUMNS[kind][field][0] if field in COLUMNS[kind] else field


def headings(kind: str) -> list[str]:
    """What the columns of such a file may be called."""
    return [names[0] for names in COLUMNS[kind].values()]


def _sizes() -> list[SelectChoice]:
    none = SelectChoice("", gettext("Not chosen"))
    children = [SelectChoice(size, size, {}, gettext("Children, by height in cm")) for size in CHILD_SIZES]
    adults = [SelectChoice(size, size, {}, gettext("Adults")) for size in ADULT_SIZES]
    return [none, *children, *adults]


def _none_first(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", gettext("None")), *(SelectChoice(*pair) for pair in pairs)]


__all__ = ["ChildForm", "ImportForm", "InstitutionForm", "PersonForm", "heading_of", "headings"]
