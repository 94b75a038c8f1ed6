"""The form of a trip: a row for each stop, and the way between what a person types and a draft."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from app.db import Texts
from app.events.forms import offered, sent
from app.events.models import Event, Site, Stop
from app.events.periods import local_clock, local_day, moment
from app.events.stop_drafts import MOST_STOPS, StopDraft, stops_version
from app.web.fields import DateField, TimeField
from app.web.forms import BaseForm, LongTextsForm, TextsForm, texts
from app.web.words import in_language

LANGUAGES = ("kk", "ru", "en")


class StopForm(Form):
    """One row of the trip."""

    class Meta:
        csrf = False

    id = HiddenField()
    clock = TimeField(_("Arrives at"), [Optional()])
    day = DateField(_("Day"), [Optional()])
    leaves = TimeField(_("Leaves at"), [Optional()])
    leaves_day = DateField(_("Day of leaving"), [Optional()])
    site_id = SelectField(_("Place"), [Optional()], validate_choice=False)
    title = FormField(TextsForm, _("Name"))
    host = StringField(_("Organisation that receives us"), [Optional(), Length(max=200)])
    note = FormField(TextsForm, _("Note"))
    topics = FormField(LongTextsForm, _("Topics heard"))
    instructions = FormField(LongTextsForm, _("Instructions given"))
    gone = BooleanField(_("Take this stop out"))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed, or the stop was ticked to go: such a row is no stop."""
        typed = (self.clock.data, self.leaves.data, self.site_id.data, (self.host.data or "").strip())
        said = any(texts(field) for field in (self.title, self.note, self.topics, self.instructions))
        return bool(self.gone.data) or not (said or any(typed))

    def draft(self, event: Event, sites: dict[str, Site]) -> StopDraft:
        """The row as a stop of this event: its day unless another is told, the place's name unless it has its own."""
        day = self.day.data or event.local_date
        arrives_at = moment(day, self.clock.data, event.timezone) if self.clock.data else None
        leaves_on = self.leaves_day.data or day
        site = sites.get(self.site_id.data or "")
        return StopDraft(
            id=self.id.data or "",
            title=texts(self.title) or (dict(site.name) if site else {}),
            arrives_at=arrives_at,
            departs_at=moment(leaves_on, self.leaves.data, event.timezone) if self.leaves.data else None,
            site_id=self.site_id.data or None,
            host=" ".join((self.host.data or "").split()),
            note=texts(self.note),
            topics=listed(self.topics.data),
            instructions=listed(self.instructions.data),
        )


class StopsForm(BaseForm):
    """The trip, one row for each stop. The rows are sent in the order of the page: `order` names them."""

    version = HiddenField(_("This page"))
    stops = FieldList(FormField(StopForm), _("Stops"), max_entries=MOST_STOPS)

    def drafts(self, event: Event, sites: Sequence[Site]) -> list[StopDraft]:
        """The stops that were typed, in their order."""
        by_id = {site.id: site for site in sites}
        return [row.form.draft(event, by_id) for row in self.stops if not row.form.is_blank]

    def arrange(self, order: Sequence[str], move: str = "") -> None:
        """Puts the rows into the order of the page, then moves one of them: "stops-2:-1" is one up."""
        rank = {name: number for number, name in enumerate(order)}
        rows = self.stops.entries
        rows.sort(key=lambda row: rank.get(row.name, len(rank)))
        name, _colon, step = move.partition(":")
        here = next((number for number, row in enumerate(rows) if row.name == name), None)
        there = None if here is None else here + {"-1": -1, "1": 1}.get(step, 0)
        if here is not None and there is not None and 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]

    @property
    def opened_at(self) -> str:
        """The version of the trip that the page was opened at."""
        return sent(self.version)


def stops_form(event: Event, sites: Sequence[Site], language: str) -> StopsForm:
    """The form as it opens on this event."""
    form = StopsForm(
        data={"version": stops_version(event.stops), "stops": [_typed(stop, event) for stop in event.stops]}
    )
    offer_places(form, event, sites, language)
    return form


def first_row(event: Event) -> dict[str, Any]:
    """What most trips begin with, for a trip without stops: the place of the event, as long as it takes."""
    if event.date_precision != "minute":
        return {}
    begins = _parts("clock", "day", event.starts_at, event.timezone)
    return {"site_id": event.site_id} | begins | _parts("leaves", "leaves_day", event.ends_at, event.timezone)


def offer_places(form: StopsForm, event: Event, sites: Sequence[Site], language: str) -> None:
    """The places to choose from, those of the event's city first."""
    near = sorted(sites, key=lambda site: (site.city != event.site.city, site.city, in_language(site.name, language)))
    choices = offered(((site.id, in_language(site.name, language)) for site in near), may_be_none=True)
    for row in form.stops:
        row.form.site_id.choices = choices


def listed(said: Mapping[str, str | None]) -> list[Texts]:
    """{"kk": "a\\nb", "ru": "c\\nd"} as [{"kk": "a", "ru": "c"}, {"kk": "b", "ru": "d"}]: a line each."""
    lines = [[line.strip() for line in (said.get(code) or "").splitlines()] for code in LANGUAGES]
    rows = ({code: text for code, text in zip(LANGUAGES, row, strict=True) if text} for row in zip_longest(*lines))
    return [row for row in rows if row]


def unlisted(rows: Sequence[Texts]) -> Texts:
    """The way back; a language that lacks a line keeps an empty one, so that lines stay together."""
    said = {code: "\n".join(row.get(code, "") for row in rows) for code in LANGUAGES}
    return {code: text for code, text in said.items() if text.strip()}


def _typed(stop: Stop, event: Event) -> dict[str, Any]:
    """What a row holds when the form opens."""
    zone = event.timezone
    same = {name: getattr(stop, name) for name in ("id", "title", "note", "host")}
    lists = {"topics": unlisted(stop.topics), "instructions": unlisted(stop.instructions)}
    arrives = _parts("clock", "day", stop.arrives_at, zone)
    return (
        same | lists | {"site_id": stop.site_id or ""} | arrives | _parts("leaves", "leaves_day", stop.departs_at, zone)
    )


def _parts(clock: str, day: str, at: datetime | None, zone: str) -> dict[str, Any]:
    return {clock: local_clock(at, zone), day: local_day(at, zone)} if at else {}


def spans_days(event: Event) -> bool:
    """Whether the event takes several days, so that a time alone doesn't say enough."""
    last = event.ends_at - timedelta(microseconds=1)
    return event.date_precision != "minute" or event.local_date != local_day(last, event.timezone)
