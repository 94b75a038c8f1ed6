"""Forms of hosts, guides and the caterer; what a person types becomes a draft."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice, SelectField, StringField, TextAreaField  # type: ignore[attr-defined] # the stubs lag behind 3.3
from wtforms.validators import InputRequired, Length, Optional

from app.errors import N_
from app.events.forms import chosen
from app.events.models import Event
from app.events.periods import local_clock, local_day, moment
from app.events.trip_models import Host
from app.people.forms import Reads, ReadsEmail
from app.people.values import read_email, read_phone, read_text
from app.rosters.hosts import HostDraft
from app.rosters.lunches import LunchDraft
from app.web.fields import DateField, TimeField
from app.web.forms import BaseForm
from app.web.words import in_language

KINDS = {"host": N_("Receives us"), "guide": N_("Guides us")}
LANGUAGES = [SelectChoice("kk", "Қазақша"), SelectChoice("ru", "Русский"), SelectChoice("en", "English")]


class CellsForm(BaseForm):
    """A form some of whose fields are read as the cells of a file are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.clean: dict[str, Any] = {}
        super().__init__(*args, **options)


class HostForm(CellsForm):
    """Who receives or guides us, at one stop or on the whole trip."""

    name = StringField(_("Full name"), [InputRequired(_("Please fill this in.")), Length(max=200)])
    kind = SelectField(_("What they do"), choices=chosen(KINDS))
    stop_id = SelectField(_("At which stop"), [Optional()])
    email = StringField(_("E-mail"), [Optional(), ReadsEmail()])
    phone = StringField(_("Phone"), [Optional(), Reads(read_phone)])
    language = SelectField(_("Language of the letters"), choices=LANGUAGES)
    note = StringField(_("Note"), [Optional(), Length(max=500)])

    def draft(self) -> HostDraft:
        """What was typed, once it is valid."""
        return HostDraft(
            name=read_text(self.name.data),
            kind=self.kind.data,
            stop_id=self.stop_id.data or None,
            email=read_email(self.email.data) or "",
            phone=read_phone(self.phone.data) or "",
            language=self.language.data,
            note=" ".join((self.note.data or "").split()),
        )


class HostAnswerForm(BaseForm):
    """What a host writes beside a yes or a no."""

    note = TextAreaField(_("A word to the coordinator"), [Optional(), Length(max=500)])

    @property
    def note_said(self) -> str:
        """The note without spaces around it."""
        return (self.note.data or "").strip()


class LunchForm(CellsForm):
    """Who cooks, when people eat, when the numbers go out."""

    caterer_name = StringField(_("Who cooks"), [Optional(), Length(max=200)])
    caterer_email = StringField(_("E-mail"), [Optional(), ReadsEmail()])
    caterer_language = SelectField(_("Language of the letters"), choices=LANGUAGES)
    lunch_day = DateField(_("Day of the lunch"), [Optional()])
    lunch_at = TimeField(_("Lunch begins at"), [Optional()])
    lunch_cutoff_at = DateField(_("The numbers go to the caterer on"), [Optional()])
    cutoff_clock = TimeField(_("At what time"), [Optional()])

    def draft(self, event: Event) -> LunchDraft:
        """What was typed, in the zone of the event."""
        zone = event.timezone
        lunch_day, cutoff = self.lunch_day.data or event.local_date, self.lunch_cutoff_at.data
        clock = self.cutoff_clock.data or local_clock(event.starts_at, zone)
        return LunchDraft(
            caterer_name=read_text(self.caterer_name.data),
            caterer_email=read_email(self.caterer_email.data) or "",
            caterer_language=self.caterer_language.data,
            lunch_at=moment(lunch_day, self.lunch_at.data, zone) if self.lunch_at.data else None,
            lunch_cutoff_at=moment(cutoff, clock, zone) if cutoff else None,
        )


def host_form(event: Event, host: Host | None, language: str) -> HostForm:
    """The form, empty or as this host stands."""
    names = ("name", "kind", "email", "phone", "language", "note")
    data: dict[str, Any] = {name: getattr(host, name) for name in names} if host else {"language": language}
    form = HostForm(data=data | {"stop_id": (host.stop_id if host else "") or ""})
    stops = [SelectChoice(s.id, f"{s.position}. {in_language(s.title, language)}") for s in event.stops]
    form.stop_id.choices = [SelectChoice("", _("The whole trip")), *stops]
    return form


def lunch_form(event: Event) -> LunchForm:
    """The form as the event's lunch is planned."""
    data: dict[str, Any] = {
        name: getattr(event, name) for name in ("caterer_name", "caterer_email", "caterer_language")
    }
    data |= _parts("lunch_day", "lunch_at", event.lunch_at, event.timezone)
    return LunchForm(data=data | _parts("lunch_cutoff_at", "cutoff_clock", event.lunch_cutoff_at, event.timezone))


def _parts(day: str, clock: str, at: datetime | None, zone: str) -> dict[str, Any]:
    return {day: local_day(at, zone), clock: local_clock(at, zone)} if at else {}
