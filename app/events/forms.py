"""The forms of planning: shapes of fields, and the way between what a person types and a draft."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (  # type: ignore[attr-defined] # the stubs lag behind 3.3
    BooleanField,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.events import words
from app.events.drafts import USUAL, EventDraft, version_of
from app.events.models import Event
from app.events.periods import end_of, local_clock, local_day, moment, period
from app.web.fields import DateField, TimeField, WholeNumberField
from app.web.forms import BaseForm, LongTextsForm, TextsForm, texts

BEGINS, ENDS, EVENING = time(9), time(13), time(18)
LAST_MINUTE = time(23, 59)


def chosen(labels: dict[str, str]) -> list[SelectChoice]:
    """Choices of a select from {word: label}."""
    return [SelectChoice(word, _(label)) for word, label in labels.items()]


def offered(rows: Iterable[tuple[str, str]], *, may_be_none: bool = False) -> list[SelectChoice]:
    """Choices of a select from ids and names, with a dash before them where nothing may be chosen."""
    dash = [SelectChoice("", "—")] if may_be_none else []
    return dash + [SelectChoice(row_id, name) for row_id, name in rows]


def sent(field: HiddenField) -> str:
    """What came in this very field; nothing if the form came without it."""
    return str(field.raw_data[0]) if field.raw_data else ""


class EventForm(BaseForm):
    """The whole plan on one sheet; fields are called as the columns that they fill, so that refusals find them."""

    version = HiddenField(_("This page"))
    title = FormField(TextsForm, _("Title"))
    kind = SelectField(_("Kind"), choices=chosen(words.KINDS))
    programme_id = SelectField(_("Programme"))
    site_id = SelectField(_("Place"))
    meeting_point = FormField(TextsForm, _("Meeting point"))
    day = DateField(_("Date"), [InputRequired()])
    starts_at = TimeField(_("Begins at"), [Optional()], default=BEGINS)
    ends_at = TimeField(_("Ends at"), [Optional()], default=ENDS)
    ends_on = DateField(_("Last day, if it takes several"), [Optional()])
    date_precision = SelectField(_("What is known of the date"), choices=chosen(words.PRECISIONS))
    audience = SelectField(_("For whom"), choices=chosen(words.AUDIENCES_AT_LENGTH))
    institution_id = SelectField(_("Institution"), [Optional()])
    min_age = WholeNumberField(_("Youngest age"), [Optional()])
    max_age = WholeNumberField(_("Highest age"), [Optional()])
    capacity = WholeNumberField(_("Seats"), [Optional()])
    on_full = SelectField(_("When it is full"), choices=chosen(words.FULL))
    signup_opens_at = DateField(_("Sign-up opens on"), [Optional()])
    signup_opens_clock = TimeField(_("Time of opening"), [Optional()], default=BEGINS)
    signup_closes_at = DateField(_("Sign-up closes on"), [Optional()])
    signup_closes_clock = TimeField(_("Time of closing"), [Optional()], default=EVENING)
    lunch = BooleanField(_("Lunch is given"))
    coordinator_id = SelectField(_("Coordinator"), [Optional()])
    description = FormField(LongTextsForm, _("Description"))
    bring = FormField(TextsForm, _("What to bring"))
    transport = SelectField(_("The way there"), choices=chosen(words.TRANSPORTS), default="own")
    cancel_closes_at = DateField(_("Cancelling closes on"), [Optional()])
    cancel_closes_clock = TimeField(_("Time of the last cancelling"), [Optional()], default=EVENING)
    cities = SelectMultipleField(
        _("Only for people of these cities"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    departments = TextAreaField(_("Only for these departments"), [Optional(), Length(max=10_000)])
    places_per_employee = WholeNumberField(_("Places for one employee, at most"), [Optional()])
    no_show_limit = WholeNumberField(_("Refuse after so many absences in a year"), [Optional()])
    promotion = SelectField(_("When a seat comes free"), choices=chosen(words.PROMOTIONS), default="late-offer")
    offer_hours = WholeNumberField(_("Hours to answer an offer"), [Optional()], default=2)
    offer_from_hours = WholeNumberField(
        _("Ask first from so many hours before the beginning"), [Optional()], default=24
    )
    pass_limit = WholeNumberField(_("How often a larger party may be passed over"), [Optional()], default=3)
    approval = SelectField(_("Who approves a sign-up"), choices=chosen(words.APPROVALS), default="none")
    approval_hours = WholeNumberField(_("Hours to approve"), [Optional()], default=48)
    is_hidden = BooleanField(_("Don't show it to the public"))
    apply_to = SelectField(_("What changes"), choices=chosen(words.APPLY_TO), default="one")

    def draft(self, timezone: str) -> EventDraft:
        """What was typed, once it is valid, as a draft; clock times are those of the zone."""
        starts_at, ends_at = self._span(timezone)
        plain = ("kind", "programme_id", "site_id", "date_precision", "audience", "on_full")
        optional = ("institution_id", "coordinator_id", "min_age", "max_age", "capacity")
        typed: dict[str, Any] = {name: self[name].data for name in plain}
        typed |= {name: self[name].data if self[name].data != "" else None for name in optional}
        typed |= {name: texts(self[name]) for name in ("title", "meeting_point", "description", "bring")}
        return EventDraft(
            **typed,
            lunch=bool(self.lunch.data),
            is_hidden=bool(self.is_hidden.data),
            starts_at=starts_at,
            ends_at=ends_at,
            signup_opens_at=self._opens(timezone),
            signup_closes_at=self._closes(timezone),
            **self._rules(timezone),
        )

    def values(self, timezone: str) -> dict[str, Any]:
        """The same as {column: value} with the version that the page was opened at."""
        planned = {name: value for name, value in vars(self.draft(timezone)).items() if name not in USUAL}
        return planned | {"version": sent(self.version)}

    def _rules(self, timezone: str) -> dict[str, Any]:
        """Who may come and how the queue goes; a number that was left empty is the usual one."""
        usual = ("offer_hours", "offer_from_hours", "pass_limit", "approval_hours")
        rules = {name: self[name].data for name in ("transport", "promotion", "approval")}
        rules |= {name: self[name].data for name in usual if self[name].data is not None}
        rules |= {name: self[name].data for name in ("places_per_employee", "no_show_limit")}
        lines = (" ".join(line.split()) for line in (self.departments.data or "").splitlines())
        day, clock = self.cancel_closes_at.data, self.cancel_closes_clock.data or EVENING
        return rules | {
            "cities": self.cities.data or [],
            "departments": list(dict.fromkeys(line for line in lines if line)),
            "cancel_closes_at": moment(day, clock, timezone) if day else None,
        }

    def _span(self, timezone: str) -> tuple[datetime, datetime]:
        first = self._first_day()
        last = self.ends_on.data or first
        if self.date_precision.data != "minute":
            return period(first, last, self.date_precision.data, timezone)
        return (
            moment(first, self.starts_at.data or BEGINS, timezone),
            moment(last, self.ends_at.data or ENDS, timezone),
        )

    def _first_day(self) -> date:
        assert self.day.data is not None, "asked only after validation"
        return self.day.data

    def _opens(self, timezone: str) -> datetime | None:
        day = self.signup_opens_at.data
        return moment(day, self.signup_opens_clock.data or BEGINS, timezone) if day else None

    def _closes(self, timezone: str) -> datetime | None:
        if self.date_precision.data != "minute":
            return None
        day = self.signup_closes_at.data or self._first_day() - timedelta(days=1)
        clock = self.signup_closes_clock.data or EVENING
        return end_of(day, timezone) if clock == LAST_MINUTE else moment(day, clock, timezone)


def typed(event: Event) -> dict[str, Any]:
    """What the form holds when it opens on this event."""
    zone = event.timezone
    last_day = local_day(event.ends_at - timedelta(microseconds=1), zone)
    same = ("title", "kind", "programme_id", "site_id", "meeting_point", "date_precision", "audience", "institution_id")
    more = ("min_age", "max_age", "capacity", "on_full", "lunch", "is_hidden", "coordinator_id", "description", "bring")
    rules = ("cities", "places_per_employee", "no_show_limit", "transport", "promotion", "offer_hours")
    queue = ("offer_from_hours", "pass_limit", "approval", "approval_hours")
    return {name: getattr(event, name) for name in (*same, *more, *rules, *queue)} | {
        "departments": "\n".join(event.departments),
        "version": version_of(event),
        "day": event.local_date,
        "starts_at": local_clock(event.starts_at, zone),
        "ends_at": local_clock(event.ends_at, zone),
        "ends_on": last_day if last_day != event.local_date else None,
        **_typed_moment("signup_opens", event.signup_opens_at, zone),
        **_typed_moment("signup_closes", event.signup_closes_at or event.starts_at, zone),
        **_typed_moment("cancel_closes", event.cancel_closes_at, zone),
    }


def _typed_moment(name: str, at: datetime | None, zone: str) -> dict[str, date | time]:
    return {f"{name}_at": local_day(at, zone), f"{name}_clock": local_clock(at, zone)} if at else {}
