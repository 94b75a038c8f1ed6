"""Pages of thanks: one's own days with certificate and questions, by login or by a letter's link; and verifying."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app import clock
from app.access.tries import count_miss, require_few_misses
from app.accounts.actor import Actor
from app.attendance.hours import spoken_hours
from app.db import db
from app.errors import NotFound
from app.events.models import Event
from app.impact.thanks.certificate_print import certificate
from app.impact.thanks.certificates import certificate_of, issue_certificate, proof_of
from app.impact.thanks.event_routes import bp as of_events
from app.impact.thanks.forms import SurveyForm, typed_answer
from app.impact.thanks.links import thanked_by
from app.impact.thanks.queries import Mine, my_days, own_day, thanked_days
from app.impact.thanks.shares import shares_of
from app.impact.thanks.survey import answer_of, answer_survey
from app.people.models import Person
from app.web.access import open_to_all, signed_in
from app.web.actor import current_actor
from app.web.forms import language

bp = Blueprint("thanks", __name__)
bp.register_blueprint(of_events)
BY_LINK = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


@bp.get("/my/thanks")
@signed_in
def mine() -> ResponseReturnValue:
    """Where one was, with one's own share, certificate and questions."""
    page = my_days(current_actor(), now=clock.now(), cursor=request.args.get("cursor"))
    is_later = "cursor" in request.args
    return render_template("impact/thanks/mine.html", page=page, spoken_hours=spoken_hours, is_later_page=is_later)


@bp.post("/places/<place_id>/certificate")
@signed_in
def issuing(place_id: str) -> ResponseReturnValue:
    """Makes the certificate, once, and leads to it."""
    actor, now = current_actor(), clock.now()
    one = own_day(actor, place_id, now=now)
    issue_certificate(one.place.id, now=now, actor=actor)
    return redirect(url_for(".paper", place_id=place_id, language=request.form.get("language")), 303)


@bp.get("/places/<place_id>/certificate")
@signed_in
def paper(place_id: str) -> ResponseReturnValue:
    """The certificate as PDF, for whoever it is about or decides for them."""
    return _paper(own_day(current_actor(), place_id, now=clock.now()))


@bp.route("/places/<place_id>/survey", methods=["GET", "POST"])
@signed_in
def survey(place_id: str) -> ResponseReturnValue:
    """Three questions about one day, with what was said before; until the survey ends."""
    now = clock.now()
    one = own_day(current_actor(), place_id, now=now)
    form = SurveyForm(data=typed_answer(answer_of(one.place) if one.asks else None))
    if form.validate_on_submit():
        form.attempt(answer_survey, one.place, **form.said(), now=now)
        if not form.errors:
            flash(gettext("Thank you. Nobody sees who said it."), "ok")
            return redirect(url_for(".mine"), 303)
    return render_template("impact/thanks/survey.html", one=one, form=form), form.status


@bp.get("/thanks/<token>")
@open_to_all
def by_letter(token: str) -> ResponseReturnValue:
    """What a letter of thanks led to: everybody of its reader's who was there, and the questions for one of them."""
    days, reader = _thanked(token)
    one = _chosen(days, request.args.get("place"))
    form = SurveyForm(data=typed_answer(answer_of(one.place) if one.asks else None))
    return _letter_page(token, days, one, form, reader)


@bp.post("/thanks/<token>/places/<place_id>/answer")
@open_to_all
def answer(token: str, place_id: str) -> ResponseReturnValue:
    """Takes the answer for one place; sending it again changes it."""
    days, reader = _thanked(token)
    one, form = _named(days, place_id), SurveyForm()
    if not form.validate_on_submit():
        return _letter_page(token, days, one, form, reader)
    form.attempt(answer_survey, one.place, **form.said(), now=clock.now())
    if form.errors:
        return _letter_page(token, days, one, form, reader)
    with _spoken_to(reader):
        flash(gettext("Thank you. Nobody sees who said it."), "ok")
    return redirect(url_for(".by_letter", token=token), 303)


@bp.post("/thanks/<token>/places/<place_id>/certificate")
@open_to_all
def issuing_by_letter(token: str, place_id: str) -> ResponseReturnValue:
    """Makes the certificate, once, and leads to it."""
    days, reader = _thanked(token)
    issue_certificate(_named(days, place_id).place.id, now=clock.now(), actor=reader)
    chosen = request.form.get("language")
    return redirect(url_for(".paper_by_letter", token=token, place_id=place_id, language=chosen), 303)


@bp.get("/thanks/<token>/places/<place_id>/certificate")
@open_to_all
def paper_by_letter(token: str, place_id: str) -> ResponseReturnValue:
    """The certificate as PDF, for whoever was written to and has a say about this person still."""
    days, _reader = _thanked(token)
    return _paper(_named(days, place_id))


@bp.get("/verify")
@open_to_all
def asking() -> ResponseReturnValue:
    """Where a code is typed."""
    if typed := request.args.get("code", "").strip():
        return redirect(url_for(".verify", code=typed.replace("/", " ")[:40]), 303)
    return render_template("impact/thanks/verify.html", proof=None, typed="")


@bp.get("/verify/<code>")
@open_to_all
def verify(code: str) -> ResponseReturnValue:
    """Whether this certificate is true. A code that never was and one that counts no more are answered alike, and who
    tries many of them is asked to wait."""
    now, address = clock.now(), request.remote_addr or ""
    require_few_misses("certificate", address=address, now=now)
    try:
        proof = proof_of(code)
    except NotFound:  # a guess is counted, then answered as any unknown code
        count_miss("certificate", address=address, now=now)
        return render_template("impact/thanks/verify.html", proof=None, typed=code), 404, BY_LINK
    shown = {"proof": proof, "typed": code, "spoken_hours": spoken_hours}
    return render_template("impact/thanks/verify.html", **shown), BY_LINK


def _thanked(token: str) -> tuple[list[Mine], Actor]:
    """The days of a letter's link, and its reader, known by name and without any role. Raises LinkWrong, LinkExpired,
    NotFound."""
    now = clock.now()
    event_id, reader_id = thanked_by(token, now=now)
    person = db.session.get(Person, reader_id)
    if person is None or person.deactivated_at is not None or person.erased_at is not None:
        raise NotFound
    days = thanked_days(event_id, reader_id, now=now)
    if not days:
        raise NotFound
    return days, Actor(person_id=person.id, name=person.short_name, language=person.language, city=person.city)


def _named(days: list[Mine], place_id: str) -> Mine:
    found = next((one for one in days if one.place.id == place_id), None)
    if found is None:
        raise NotFound
    return found


def _chosen(days: list[Mine], place_id: str | None) -> Mine:
    """The place asked for, else the first that has not answered."""
    waiting = [one for one in days if one.asks and not one.has_answered]
    return next((one for one in days if one.place.id == place_id), (waiting or days)[0])


def _letter_page(token: str, days: list[Mine], one: Mine, form: SurveyForm, reader: Actor) -> ResponseReturnValue:
    event: Event = one.place.event
    told = {"event": event, "days": days, "one": one, "form": form, "token": token, "spoken_hours": spoken_hours}
    with _spoken_to(reader):
        return render_template("impact/thanks/letter.html", **told, reader=reader), form.status, BY_LINK


def _paper(one: Mine) -> Response:
    found, place = certificate_of(one.place.id)
    wanted = request.args.get("language", "")
    settings = current_app.config["TORANGY"]
    with force_locale(wanted) if wanted in settings.languages else nullcontext():
        share = shares_of([place])[place.id]
        made = certificate(place, share, found.code, language=language(), base_url=settings.base_url)
        answer = made.answer(f"{gettext('Certificate')} {place.person.full_name}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _spoken_to(reader: Actor) -> AbstractContextManager[Any]:
    """A page that a letter led to speaks the letter's language, unless this browser chose one."""
    if current_actor().is_signed_in or "language" in session:
        return nullcontext()
    return force_locale(reader.language)
