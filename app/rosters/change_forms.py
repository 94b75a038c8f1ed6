"""The form of a change, and the way between what other pages know of a day and what it is opened with."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FormField, HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from app.events.drafts import version_of
from app.events.forms import sent
from app.events.models import PRECISIONS, Event
from app.events.periods import local_clock, local_day, moment, period
from app.events.plan_forms import DEADLINES, NO_DEADLINE
from app.rosters.changing import Wanted
from app.web.fields import DateField, TimeField
from app.web.forms import BaseForm, TextsForm, texts

DAY, CLOCK = "%d.%m.%Y", "%H:%M"
OF_MOVE = ("day", "starts_at", "ends_at", "ends_on", "site_id", "date_precision", *DEADLINES)


class ChangeForm(BaseForm):
    """The new day and place of a move; the reason of a cancellation. The same fields arrive with the press."""

    version = HiddenField(_("This page"))
    day = DateField(_("New date"), [InputRequired()])
    starts_at = TimeField(_("Begins at"), [InputRequired()])
    ends_at = TimeField(_("Ends at"), [InputRequired()])
    ends_on = DateField(_("Last day, if it takes several"), [Optional()])
    site_id = SelectField(_("Place"))
    date_precision = HiddenField(_("What is known of the date"))
    signup_opens_at = HiddenField(_("Sign-up opens on"))
    signup_closes_at = HiddenField(_("Sign-up closes on"))
    cancel_closes_at = HiddenField(_("Cancelling closes on"))
    reason = FormField(TextsForm, _("Reason"))

    def wanted(self, kind: str, zones: Mapping[str, str]) -> Wanted:
        """What was typed, with times on the clocks of the place where it goes."""
        version = sent(self.version) or None
        if kind != "move":
            return Wanted(kind, reason=texts(self.reason), version=version)
        day, begins, ends = self.day.data, self.starts_at.data, self.ends_at.data
        if day is None or begins is None or ends is None:
            return Wanted(kind)
        zone, last, precision = zones[self.site_id.data], self.ends_on.data or day, self.precision
        starts_at, ends_at = moment(day, begins, zone), moment(last, ends, zone)
        ends_at += timedelta(days=1) if ends_at <= starts_at and not self.ends_on.data else timedelta(0)
        if precision != "minute":
            starts_at, ends_at = period(day, last, precision, zone)
        more = self._deadlines() | {"date_precision": precision}
        return Wanted(kind, starts_at, ends_at, self.site_id.data, more=more, version=version)

    @property
    def precision(self) -> str:
        """What is known of the new date: the minute, unless the sheet of the plan said less."""
        return self.date_precision.data if self.date_precision.data in PRECISIONS else "minute"

    def _deadlines(self) -> dict[str, datetime | None]:
        """Those that were typed on the sheet of the plan; a word that is no moment says nothing."""
        found: dict[str, datetime | None] = {}
        for name in DEADLINES:
            word = self[name].data or ""
            if word == NO_DEADLINE:
                found[name] = None
            elif at := _moment(word):
                found[name] = at
        return found


def begun_with(event: Event) -> dict[str, Any]:
    """What the form holds when it opens: the day and the place that the event has, to the minute."""
    zone, last = event.timezone, local_day(event.ends_at, event.timezone)
    return {
        "day": event.local_date,
        "starts_at": local_clock(event.starts_at, zone),
        "ends_at": local_clock(event.ends_at, zone),
        "ends_on": last if last != event.local_date else None,
        "site_id": event.site_id,
        "version": version_of(event),
    }


def as_planned(event: Event) -> dict[str, Any]:
    """The form's values for the day that the event has."""
    zone, last = event.timezone, local_day(event.ends_at - timedelta(microseconds=1), event.timezone)
    return {
        "day": f"{event.local_date:{DAY}}",
        "starts_at": f"{local_clock(event.starts_at, zone):{CLOCK}}",
        "ends_at": f"{local_clock(event.ends_at, zone):{CLOCK}}",
        "ends_on": f"{last:{DAY}}" if last != event.local_date else None,
        "site_id": event.site_id,
        "date_precision": event.date_precision,
    }


def on_day(event: Event, day: date) -> dict[str, Any]:
    """The same at its own times on another day."""
    last = local_day(event.ends_at - timedelta(microseconds=1), event.timezone) + (day - event.local_date)
    return as_planned(event) | {"day": f"{day:{DAY}}", "ends_on": f"{last:{DAY}}" if last != day else None}


def for_other_date(event: Event, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What another date of the series is opened with to get the hours that one of it was asked for."""
    return as_planned(event) | {name: asked[name] for name in ("starts_at", "ends_at") if name in asked} | {"all": 1}


def _moment(word: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        return None
    return at if at.tzinfo else None
