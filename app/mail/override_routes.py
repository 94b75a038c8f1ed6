"""A coordinator's own words in the letters about one event: written, looked at in three languages, then kept."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import NotFound
from app.events.mail_facts import event_facts
from app.events.models import Event
from app.events.queries import event_to_manage
from app.mail.framed import framed
from app.mail.kinds import KINDS
from app.mail.override_models import LANGUAGES
from app.mail.override_words import FIELDS, LETTERS
from app.mail.overriding import Checked, all_standing, checked, digest_of, replace_words, standing
from app.mail.previewing import pictured, shown_to_a_reader
from app.mail.templates import Words
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import BaseForm

bp = Blueprint("own_letters", __name__)


class OwnWordsForm(BaseForm):
    """Subject and first words in three languages; `seen` says for which words the preview was shown."""

    subject_kk = StringField(_("Subject"))
    words_kk = TextAreaField(_("First words"))
    subject_ru = StringField(_("Subject"))
    words_ru = TextAreaField(_("First words"))
    subject_en = StringField(_("Subject"))
    words_en = TextAreaField(_("First words"))
    seen = HiddenField()

    @property
    def wanted(self) -> dict[str, tuple[str, str]]:
        """What was typed, by language."""
        return {code: (self[f"subject_{code}"].data or "", self[f"words_{code}"].data or "") for code in LANGUAGES}


@bp.get("/events/<event_id>/letters")
@with_role(COORDINATOR)
def index(event_id: str) -> str:
    """Which letters about the event may begin otherwise, and which do."""
    event = event_to_manage(current_actor(), event_id)
    own = {row.template for row in all_standing(event.id)}
    return render_template("mail/own_letters.html", event=event, letters=LETTERS, own=own, kinds=KINDS)


@bp.get("/events/<event_id>/letters/<room>/<name>")
@with_role(COORDINATOR)
def edit(event_id: str, room: str, name: str) -> str:
    """The words as they are now."""
    event, template = _letter(event_id, room, name)
    now = {f"{part}_{row.language}": getattr(row, part) for row in standing(event.id, template) for part in PARTS}
    return _page(event, template, OwnWordsForm(data=now))


@bp.post("/events/<event_id>/letters/<room>/<name>")
@with_role(COORDINATOR)
def keep(event_id: str, room: str, name: str) -> ResponseReturnValue:
    """Shows the letter in three languages first; pressed again with the same words, it keeps them."""
    actor, now = current_actor(), clock.now()
    event, template = _letter(event_id, room, name)
    form = OwnWordsForm()
    texts = form.attempt(checked, template, form.wanted) if form.validate_on_submit() else None
    if texts is None:
        return _page(event, template, form), form.status
    if form.seen.data != digest_of(texts):
        form.seen.data = digest_of(texts)
        return _page(event, template, form, texts=texts)
    replace_words(event, template, texts, now=now, actor=actor)
    flash(gettext("Kept. Letters that leave from now on begin so."), "ok")
    return redirect(url_for("own_letters.index", event_id=event.id), 303)


@bp.post("/events/<event_id>/letters/<room>/<name>/preview")
@with_role(COORDINATOR)
def preview(event_id: str, room: str, name: str) -> Response:
    """The whole letter with these words as HTML, in one language."""
    event, template = _letter(event_id, room, name)
    code = request.args.get("language", "")
    form = OwnWordsForm()
    texts = checked(template, form.wanted)
    words = _shown(event, template, texts).get(code)
    if words is None:
        raise NotFound
    return framed(pictured(words.html))


PARTS = ("subject", "words")


def _letter(event_id: str, room: str, name: str) -> tuple[Event, str]:
    event = event_to_manage(current_actor(), event_id)
    if f"{room}/{name}" not in LETTERS:
        raise NotFound
    return event, f"{room}/{name}"


def _page(event: Event, template: str, form: OwnWordsForm, *, texts: Checked | None = None) -> str:
    room, _slash, name = template.partition("/")
    shown = {} if texts is None else _shown(event, template, texts)
    return render_template(
        "mail/own_letter.html", event=event, template=template, room=room, name=name, form=form, fields=FIELDS,
        kinds=KINDS, texts=texts, shown=shown,
    )  # fmt: skip


def _shown(event: Event, template: str, texts: Checked) -> dict[str, Words]:
    settings = current_app.config["TORANGY"]
    return shown_to_a_reader(
        current_app.jinja_env, template, event.id, event_facts(event), texts, base_url=settings.base_url
    )
