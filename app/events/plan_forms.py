"""Forms around the plan: the sheet with what there is to choose from, and the small ones of calendar, series, list."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Form, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from app.errors import N_
from app.events import words
from app.events.changing import zone_of
from app.events.forms import BEGINS, ENDS, EventForm, chosen, offered, typed
from app.events.kind_defaults import KindDefaults, planned_by_default
from app.events.models import Event, Site
from app.events.periods import moment
from app.events.queries import PlanChoices, all_cities, site_named
from app.people.queries import institutions
from app.web.dates import HOME_ZONE
from app.web.fields import DateField, TimeField, WholeNumberField
from app.web.forms import BaseForm, TextsForm, language
from app.web.words import in_language

DEADLINES = ("signup_opens_at", "signup_closes_at", "cancel_closes_at")
NO_DEADLINE = "none"
WEEKDAYS = {
    "0": N_("Monday"),
    "1": N_("Tuesday"),
    "2": N_("Wednesday"),
    "3": N_("Thursday"),
    "4": N_("Friday"),
    "5": N_("Saturday"),
    "6": N_("Sunday"),
}


def plan_form(choices: PlanChoices, *, data: dict[str, Any]) -> EventForm:
    """The sheet of the plan with programmes, places and people to choose from."""
    form = EventForm(data=data)
    spoken = language()
    form.programme_id.choices = offered((p.id, in_language(p.name, spoken)) for p in choices.programmes)
    form.site_id.choices = {
        in_language(city.name, spoken): offered(
            (site.id, in_language(site.name, spoken)) for site in choices.sites if site.city == city.slug
        )
        for city in choices.cities
    }
    people = ((person.id, person.short_name) for person in choices.coordinators)
    form.coordinator_id.choices = offered(people, may_be_none=True)
    invited = ((one.id, in_language(one.name, spoken)) for one in institutions())
    form.institution_id.choices = offered(invited, may_be_none=True)
    form.cities.choices = offered((city.slug, in_language(city.name, spoken)) for city in all_cities())
    return form


def zone_chosen(form: EventForm) -> str:
    """The zone of the place that was chosen."""
    return zone_of(site_named(form.site_id.data))


def begun_with(start: KindDefaults, choices: PlanChoices, *, day: date, coordinator_id: str | None) -> dict[str, Any]:
    """What the sheet holds when an event begins from its kind: a place that fits it stands there already."""
    fitting = [site for kind in start.site_kinds for site in choices.sites if site.kind == kind]
    place = {"site_id": fitting[0].id} if fitting else {}
    return planned_by_default(start) | place | {"day": day, "coordinator_id": coordinator_id}


def move_typed(form: EventForm, event: Event) -> dict[str, Any]:
    """What the sheet says of day and place, as the page that moves the event is opened with it.

    Deadlines that nobody touched are left out: they keep their distance from the day.
    """
    fields: dict[str, Any] = form.data
    before = typed(event)
    days = {name: f"{fields[name]:%d.%m.%Y}" for name in ("day", "ends_on") if fields[name]}
    clocks = {name: f"{fields[name]:%H:%M}" for name in ("starts_at", "ends_at") if fields[name]}
    asked: dict[str, Any] = days | clocks | {"site_id": fields["site_id"], "date_precision": fields["date_precision"]}
    values = form.values(zone_chosen(form))
    for name in DEADLINES:
        clock = f"{name.removesuffix('_at')}_clock"
        day = fields[name]
        if day != before.get(name) or (day and fields[clock] != before.get(clock)):
            asked[name] = values[name].isoformat() if values[name] else NO_DEADLINE
    return asked


class HalfTyped(Form):
    """What is on the sheet while somebody types: whatever can be read of it counts, the rest is not known yet."""

    day = DateField(validators=[Optional()])
    ends_on = DateField(validators=[Optional()])
    starts_at = TimeField(validators=[Optional()])
    ends_at = TimeField(validators=[Optional()])
    site_id = StringField()
    coordinator_id = StringField()
    kind = StringField()
    date_precision = StringField()

    def known(self, site: Site | None) -> dict[str, Any]:
        """The plan as far as it can be read, as plan_warnings() takes it."""
        self.validate()
        zone = zone_of(site) if site else HOME_ZONE
        about = {"site": site, "coordinator_id": self.coordinator_id.data or None, "timezone": zone}
        about["kind"] = self.kind.data if self.kind.data in words.KINDS else "other"
        if self.day.data is None or self.day.errors or (self.date_precision.data or "minute") not in ("minute", "day"):
            return about
        last = self.day.data if self.ends_on.errors else self.ends_on.data or self.day.data
        starts_at = moment(self.day.data, self.starts_at.data or BEGINS, zone)
        return about | {"starts_at": starts_at, "ends_at": moment(last, self.ends_at.data or ENDS, zone)}


class DayForm(BaseForm):
    """Another day for an event, or the day of its clone."""

    day = DateField(_("Date"), [InputRequired()])


class SeriesForm(BaseForm):
    """Every such weekday between two days."""

    weekday = SelectField(_("Day of the week"), choices=chosen(WEEKDAYS))
    first_on = DateField(_("First day of the series"), [InputRequired()])
    last_on = DateField(_("Last day of the series"), [InputRequired()])


class ChecklistForm(BaseForm):
    """One line more on the list."""

    text = FormField(TextsForm, _("What is to be done"))
    days_before = WholeNumberField(_("Days before the event"), [InputRequired()], default=7)
