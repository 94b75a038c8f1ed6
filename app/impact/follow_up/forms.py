"""Forms of follow-ups: writing one down, a note with a file, the owner's answer."""

from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import (
    FileField,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.errors import N_
from app.events.forms import chosen, offered
from app.impact.follow_up.answering import CANT
from app.impact.follow_up.drafts import Draft
from app.impact.follow_up.evidence import Upload
from app.impact.follow_up.readers import FollowUp
from app.people.forms import Reads, ReadsEmail
from app.people.values import read_text
from app.tasks.models import DONE, WORKING
from app.web.fields import DateField
from app.web.forms import BaseForm, LongTextsForm, texts

LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
ANSWERS = {
    WORKING: N_("We are at it"),
    DONE: N_("It is finished"),
    CANT: N_("We can't do it: the coordinator decides"),
}


class FollowUpForm(BaseForm):
    """What is to be done, by whom, until when."""

    text = FormField(LongTextsForm, _("What is to be done"))
    due_on = DateField(_("Due day"), [Optional()])
    event_id = SelectField(_("From which event"), [Optional()])
    city = SelectField(_("City"), [Optional()])
    number = StringField(_("A colleague: the personnel number"), [Optional(), Length(max=20)])
    owner = StringField(_("Or somebody outside: a name, an organisation"), [Reads(read_text), Length(max=200)])
    owner_email = StringField(_("Their e-mail"), [ReadsEmail()], render_kw={"type": "email"})
    owner_language = SelectField(_("Language of the letters"), choices=offered(LANGUAGES.items()), default="kk")
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.clean: dict[str, Any] = {}
        super().__init__(*args, **kwargs)

    def draft(self) -> Draft:
        """What was typed."""
        return Draft(
            text=texts(self.text),
            city=self.city.data or "",
            event_id=self.event_id.data or "",
            number=(self.number.data or "").strip(),
            owner=self.clean.get("owner") or "",
            owner_email=self.clean.get("owner_email") or "",
            owner_language=self.owner_language.data,
            due_on=self.due_on.data,
        )

    @property
    def version_seen(self) -> int:
        """Which version the writer saw; an address typed by hand saw none."""
        seen = str(self.version.data or "")
        return int(seen) if seen.isdecimal() else -1


class NoteForm(BaseForm):
    """Words, a paper, a photograph."""

    note = TextAreaField(_("Note"), [Optional(), Length(max=2000)])
    file = FileField(_("A PDF or a photograph"), [Optional()])

    @property
    def said(self) -> str:
        """The words, trimmed."""
        return (self.note.data or "").strip()

    @property
    def upload(self) -> Upload | None:
        """The file, if one was chosen."""
        sent = self.file.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return None
        return Upload(sent.filename, sent.read())


class AnswerForm(NoteForm):
    """What the owner says."""

    state = RadioField(_("How does it stand?"), [InputRequired()], choices=chosen(ANSWERS))


class MoveForm(BaseForm):
    """Where it goes, and why."""

    state = HiddenField(validators=[InputRequired()])
    note = StringField(_("Why"), [Optional(), Length(max=500)])


def typed(one: FollowUp) -> dict[str, Any]:
    """What the form holds when it opens on this follow-up."""
    task = one.task
    names = ("text", "due_on", "event_id", "city", "owner", "owner_email", "owner_language", "version")
    return {name: getattr(task, name) for name in names} | {"number": one.person.personnel_number if one.person else ""}


def fresh(city: str | None, event_id: str, language: str) -> dict[str, Any]:
    """What it holds when it is new."""
    return {"city": city or "", "event_id": event_id, "owner_language": language}
