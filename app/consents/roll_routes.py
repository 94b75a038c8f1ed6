"""Pages of coordinators: whose consent is there, answers on paper with their scan, the register as evidence.
Part of the consents' blueprint."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.consents.cover import kinds_for
from app.consents.forms import PaperForm
from app.consents.operations import log_scan_view
from app.consents.queries import texts_in_force
from app.consents.scans import ENDINGS, scan_type
from app.consents.words import CHANNEL_NAMES, KIND_NAMES, LANGUAGE_NAMES, RELATION_NAMES
from app.events.models import Event
from app.events.queries import event_to_manage
from app.events.words import HAZARD_CLASSES, TRANSPORTS
from app.files import FileStore, open_store
from app.signups.consent_queries import (
    ChildLine,
    Entry,
    child_line,
    children_of_event,
    childs_place,
    consent_with_scan,
    register_of,
)
from app.signups.consenting import record_paper_consent
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.tables import csv_answer
from app.web.words import in_language

bp = Blueprint("roll", __name__)

WORDS = {
    "names": KIND_NAMES,
    "channels": CHANNEL_NAMES,
    "relations": RELATION_NAMES,
    "own_languages": LANGUAGE_NAMES,
    "transports": TRANSPORTS,
    "hazards": HAZARD_CLASSES,
}


@bp.get("/events/<event_id>/consents")
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """Every child who goes or waits: who answered, who not, until when."""
    event = event_to_manage(current_actor(), event_id)
    only_open = request.args.get("open") == "1"
    page = children_of_event(event, only_open=only_open, cursor=request.args.get("cursor"))
    return render_template("consents/roll.html", event=event, page=page, only_open=only_open, **WORDS)


@bp.get("/events/<event_id>/consents/register")
@with_role(COORDINATOR)
def register(event_id: str) -> ResponseReturnValue:
    """All answers that were ever given, to print."""
    event = event_to_manage(current_actor(), event_id)
    return render_template(
        "consents/register.html", event=event, entries=register_of(event), printed_at=clock.now(), **WORDS
    )


@bp.get("/events/<event_id>/consents/register.csv")
@with_role(COORDINATOR)
def register_csv(event_id: str) -> Response:
    """The same for a spreadsheet."""
    event = event_to_manage(current_actor(), event_id)
    name = f"{gettext('Consents')} {in_language(event.title, language())} {event.local_date:%d.%m.%Y}"
    return csv_answer(name, _headings(), _cells(event), timezone=event.timezone)


@bp.get("/places/<place_id>/consent/form")
@with_role(COORDINATOR)
def paper_form(place_id: str) -> ResponseReturnValue:
    """The sheet to print and sign, in the language that is asked for."""
    place = childs_place(current_actor(), place_id)
    guardians = child_line(place).guardians
    wanted = request.args.get("language") or (guardians[0].guardian.language if guardians else language())
    chosen = wanted if wanted in LANGUAGE_NAMES else language()
    texts = texts_in_force(kinds_for(place.event))
    with force_locale(chosen):
        return render_template(
            "consents/form.html", place=place, event=place.event, texts=texts, language=chosen, **WORDS
        )


@bp.route("/places/<place_id>/consent/paper", methods=["GET", "POST"])
@with_role(COORDINATOR)
def paper(place_id: str) -> ResponseReturnValue:
    """An answer that came on paper, with its scan."""
    actor = current_actor()
    place = childs_place(actor, place_id)
    line, form = child_line(place), PaperForm()
    event_id, name = place.event_id, place.person.given_name or place.person.surname
    form.offer(kinds_for(place.event), _guardians(line))
    if form.validate_on_submit():
        new = form.attempt(
            record_paper_consent,
            place,
            form.answers(),
            guardian_id=form.guardian_id.data or "",
            language=form.language.data,
            scan=form.content(),
            store=_store(),
            now=clock.now(),
            actor=actor,
        )
        if new is not None:
            _say(name, changed=bool(new))
            return redirect(url_for(".index", event_id=event_id), 303)
        line = child_line(childs_place(actor, place_id))
    return render_template("consents/paper.html", line=line, event=line.place.event, form=form, **WORDS), form.status


@bp.get("/consents/<consent_id>/scan")
@with_role(COORDINATOR)
def scan(consent_id: str) -> Response:
    """The scanned paper; who looked is written down."""
    actor = current_actor()
    consent = consent_with_scan(actor, consent_id)
    content = _store().read(str(consent.scan_key))
    media_type = scan_type(content)
    log_scan_view(consent, now=clock.now(), actor=actor)
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="consent-{consent.id}.{ENDINGS[media_type]}"'
    return response


def _store() -> FileStore:
    return open_store(current_app.config["TORANGY"])


def _guardians(line: ChildLine) -> list[tuple[str, str]]:
    return [
        (row.guardian_id, f"{row.guardian.full_name}, {gettext(RELATION_NAMES[row.relation])}")
        for row in line.guardians
    ]


def _say(name: str, *, changed: bool) -> None:
    if changed:
        flash(gettext("The answer on paper for %(name)s is written down.", name=name), "ok")
    else:
        flash(gettext("The same answer for %(name)s was there already. Nothing changed.", name=name), "look")


def _headings() -> list[str]:
    return [
        gettext("Child"),
        gettext("Date of birth"),
        gettext("Consent to"),
        gettext("Answer"),
        gettext("Who answered"),
        gettext("Relation"),
        gettext("When"),
        gettext("Version of the text"),
        gettext("Language"),
        gettext("How"),
        gettext("Recorded by"),
        gettext("Taken back"),
        gettext("Taken back by"),
        gettext("Lapsed by a change of the plan"),
        gettext("Given for"),
    ]


def _cells(event: Event) -> Iterator[tuple[object, ...]]:
    for entry in register_of(event):
        one = entry.consent
        yield (
            entry.child.full_name,
            entry.child.birth_date,
            gettext(KIND_NAMES[one.kind]),
            gettext("yes") if one.is_yes else gettext("no"),
            entry.who,
            gettext(RELATION_NAMES[entry.relation]) if entry.relation else "",
            one.given_at,
            entry.text.version,
            one.language,
            gettext(CHANNEL_NAMES[one.channel]),
            entry.recorded_by,
            one.revoked_at,
            entry.revoked_by,
            one.lapsed_at,
            _given_for(entry),
        )


def _given_for(entry: Entry) -> str:
    """Where and when the event was to be as the answer was given."""
    plan = entry.consent.bound_to
    site = in_language(plan.get("site") or {}, language())
    return ", ".join(part for part in (site, plan.get("starts_on", "")) if part)
