"""Pages where a guardian answers: by the link of a letter, without a login, or logged in. Part of the consents'
blueprint. Reading changes nothing, so that mail scanners can't agree."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app import clock
from app.accounts.actor import Actor
from app.consents.cover import OPTIONAL, kinds_for
from app.consents.errors import NoAnswer
from app.consents.words import KIND_NAMES, LANGUAGE_NAMES
from app.events.words import HAZARD_CLASSES, TRANSPORTS
from app.people.models import Person
from app.signups.consent_queries import guardian_by_link, own_childs_place, sheet_of
from app.signups.consenting import answer_consents
from app.signups.models import Place
from app.web.access import open_to_all, signed_in
from app.web.actor import current_actor

bp = Blueprint("answers", __name__)


@bp.get("/consents/answers/<token>")
@open_to_all
def by_link(token: str) -> ResponseReturnValue:
    """What the guardian named in the link is asked, in their language."""
    place, guardian = guardian_by_link(token, now=clock.now())
    return _page(place, guardian, language=_language(guardian), action=request.path)


@bp.post("/consents/answers/<token>")
@open_to_all
def answer_by_link(token: str) -> ResponseReturnValue:
    """Writes the answers down; the same link opens them again until the event begins."""
    place, guardian = guardian_by_link(token, now=clock.now())
    language = _language(guardian)
    actor = Actor(person_id=guardian.id, name=guardian.short_name, language=language)
    _answer(place, actor, language=language, channel="link")
    return redirect(url_for(".by_link", token=token, language=language), 303)


@bp.get("/places/<place_id>/consent")
@signed_in
def sheet(place_id: str) -> ResponseReturnValue:
    """The same for a guardian who is logged in."""
    place, guardian = own_childs_place(current_actor(), place_id)
    action = url_for(".answer", place_id=place_id)
    return _page(place, guardian, language=_language(guardian), action=action)


@bp.post("/places/<place_id>/consent/answers")
@signed_in
def answer(place_id: str) -> ResponseReturnValue:
    """Writes down what they answered."""
    actor = current_actor()
    place, guardian = own_childs_place(actor, place_id)
    language = _language(guardian)
    _answer(place, actor, language=language, channel="page")
    return redirect(url_for(".sheet", place_id=place_id, language=language), 303)


def _page(place: Place, guardian: Person, *, language: str, action: str) -> str:
    with force_locale(language):
        return render_template(
            "consents/answer.html",
            sheet=sheet_of(place, guardian, now=clock.now()),
            action=action,
            language=language,
            own_languages=LANGUAGE_NAMES,
            names=KIND_NAMES,
            transports=TRANSPORTS,
            hazards=HAZARD_CLASSES,
        )


def _answer(place: Place, actor: Actor, *, language: str, channel: str) -> None:
    kinds = kinds_for(place.event)
    said = {kind: request.form.get(kind, "") for kind in kinds}
    if any(said[kind] not in ("yes", "no") for kind in kinds if kind not in OPTIONAL):
        raise NoAnswer
    answers = {kind: value == "yes" for kind, value in said.items() if value in ("yes", "no")}
    read = {kind: request.form.get(f"text_{kind}", "") for kind in answers}
    answer_consents(place, answers, now=clock.now(), actor=actor, channel=channel, language=language, read=read)
    with force_locale(language):
        flash(gettext("Your answer is written down. You can change it here until the event begins."), "ok")


def _language(guardian: Person) -> str:
    """The language in which the text is read: the one chosen on the page, else the guardian's own."""
    chosen = request.values.get("language", "")
    return chosen if chosen in LANGUAGE_NAMES else guardian.language
