"""Forms of what a day needs: rows of shifts, sections and needs; a skill of a person."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField, HiddenField, SelectChoice, SelectField  # type: ignore[attr-defined] # the stubs lag behind 3.3
from wtforms.validators import InputRequired, NumberRange, Optional

from app.events.forms import chosen, offered
from app.events.models import Event, Shift
from app.events.periods import local_clock, local_day, moment
from app.rosters.day_plan import MOST_ROWS, NeedDraft, SectionDraft, ShiftDraft
from app.rosters.duty_models import Need, Section
from app.rosters.duty_words import ROLE_NAMES, SKILL_NAMES
from app.web.fields import DateField, TimeField, WholeNumberField
from app.web.forms import BaseForm, TextsForm, texts
from app.web.words import in_language

FILL_IN = _("Please fill this in.")


class RowForm(Form):
    """One row; left empty, or ticked to go, it is none."""

    class Meta:
        csrf = False

    id = HiddenField()


class ShiftForm(RowForm):
    """A shift."""

    name = FormField(TextsForm, _("Name"))
    day = DateField(_("Day"), [Optional()])
    begins = TimeField(_("Begins at"), [Optional()])
    ends = TimeField(_("Ends at"), [Optional()])
    capacity = WholeNumberField(_("Most people"), [Optional()])

    def draft(self, event: Event) -> ShiftDraft | None:
        """None for an empty row; a time left empty is that of the event."""
        if not texts(self.name):
            return None
        day, zone = self.day.data or event.local_date, event.timezone
        begins = moment(day, self.begins.data, zone) if self.begins.data else event.starts_at
        ends = moment(day, self.ends.data, zone) if self.ends.data else event.ends_at
        return ShiftDraft(texts(self.name), begins, ends, self.capacity.data, self.id.data or "")


class SectionForm(RowForm):
    """A section."""

    name = FormField(TextsForm, _("Name"))
    length_m = WholeNumberField(_("Length, m"), [Optional()])

    def draft(self, _event: Event) -> SectionDraft | None:
        """None for an empty row."""
        return SectionDraft(texts(self.name), self.length_m.data, self.id.data or "") if texts(self.name) else None


class NeedForm(RowForm):
    """A need."""

    role = SelectField(_("Role"), choices=[SelectChoice("", "—"), *chosen(ROLE_NAMES)], default="")
    shift_id = SelectField(_("Shift"), [Optional()], validate_choice=False)
    section_id = SelectField(_("Section"), [Optional()], validate_choice=False)
    minimum = WholeNumberField(_("At least"), [Optional(), NumberRange(0, 1000)])
    maximum = WholeNumberField(_("At most"), [Optional(), NumberRange(1, 1000)])
    skill = SelectField(_("Only with proof of"), choices=[SelectChoice("", "—"), *chosen(SKILL_NAMES)], default="")
    title = FormField(TextsForm, _("What it is, if it is something else"))

    def draft(self, _event: Event) -> NeedDraft | None:
        """None for a row without a role; one person unless more are told."""
        if not self.role.data:
            return None
        least = 1 if self.minimum.data is None else self.minimum.data
        most = self.maximum.data or max(least, 1)
        where = (self.shift_id.data or None, self.section_id.data or None)
        named = texts(self.title) if self.role.data == "other" else {}
        return NeedDraft(self.role.data, least, most, *where, self.skill.data or "", named, self.id.data or "")


class RowsForm(BaseForm):
    """All rows of one list."""

    @property
    def rows(self) -> "FieldList[Any]":
        """The list itself."""
        return next(field for field in self if isinstance(field, FieldList))

    def drafts(self, event: Event) -> list[Any]:
        """The rows that say something."""
        return [draft for row in self.rows if (draft := row.form.draft(event)) is not None]


class ShiftsForm(RowsForm):
    """Shifts."""

    shifts = FieldList(FormField(ShiftForm), _("Shifts"), max_entries=MOST_ROWS)


class SectionsForm(RowsForm):
    """Sections."""

    sections = FieldList(FormField(SectionForm), _("Sections"), max_entries=MOST_ROWS)


class NeedsForm(RowsForm):
    """Needs."""

    needs = FieldList(FormField(NeedForm), _("What the day needs"), max_entries=MOST_ROWS)


class SkillForm(BaseForm):
    """What somebody can do, and until when that is proved."""

    skill = SelectField(_("Skill"), [InputRequired(FILL_IN)], choices=chosen(SKILL_NAMES))
    valid_until = DateField(_("Proof is valid until"), [Optional()])


def role_name(need: Need, language: str) -> str:
    """What somebody does, in words."""
    return in_language(need.title, language) if need.title else gettext(ROLE_NAMES[need.role])


def typed_shift(shift: Shift, event: Event) -> dict[str, Any]:
    """What a row holds when the form opens."""
    zone = event.timezone
    times = {"begins": local_clock(shift.starts_at, zone), "ends": local_clock(shift.ends_at, zone)}
    return {
        "id": shift.id,
        "name": shift.name,
        "capacity": shift.capacity,
        "day": local_day(shift.starts_at, zone),
        **times,
    }


def typed_section(section: Section, _event: Event) -> dict[str, Any]:
    """The same of a section."""
    return {"id": section.id, "name": section.name, "length_m": section.length_m}


def typed_need(need: Need, _event: Event) -> dict[str, Any]:
    """The same of a need."""
    names = ("id", "role", "shift_id", "section_id", "minimum", "maximum", "skill")
    return {name: getattr(need, name) for name in names} | {"title": need.title or {}}


def offer_parts(form: NeedsForm, shifts: Sequence[Shift], sections: Sequence[Section], language: str) -> None:
    """The shifts and sections to choose from, in every row."""
    for row in form.needs:
        row.form.shift_id.choices = parts(shifts, gettext("The whole day"), language)
        row.form.section_id.choices = parts(sections, gettext("The whole place"), language)


def parts(rows: Sequence[Shift] | Sequence[Section], nothing: str, language: str) -> list[SelectChoice]:
    """Choices of a select, with a word for none of them."""
    return [SelectChoice("", nothing), *offered((row.id, in_language(row.name, language)) for row in rows)]
