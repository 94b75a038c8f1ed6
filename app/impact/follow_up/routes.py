"""Pages of follow-ups: the board, one with its history, and the protocol of a working visit."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.events.forms import offered
from app.events.queries import event_to_manage
from app.files import FileStore, open_store
from app.impact.follow_up import words
from app.impact.follow_up.answer_routes import bp as answers
from app.impact.follow_up.evidence import ENDINGS
from app.impact.follow_up.forms import FollowUpForm, MoveForm, NoteForm, fresh, typed
from app.impact.follow_up.operations import (
    add_follow_up,
    adopt_instructions,
    ask_owner,
    change_follow_up,
    move_follow_up,
    not_adopted,
    note_follow_up,
    note_told,
)
from app.impact.follow_up.protocol import printed_protocol
from app.impact.follow_up.queries import (
    Filters,
    board,
    choices,
    entry_with_file,
    events_to_name,
    follow_up_to_manage,
    history_of,
    last_words,
    of_event,
)
from app.impact.follow_up.readers import FollowUp
from app.impact.follow_up.states import MOVES
from app.people.queries import cities_of
from app.tasks.models import STATES
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.dates import local_date, numeric_date
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("follow_ups", __name__)
bp.register_blueprint(answers)


@bp.get("/follow-ups")
@with_role(COORDINATOR)
def index() -> str:
    """The board: a column for each state, or one state in pages."""
    actor, now = current_actor(), clock.now()
    asked = {name: request.args.get(name, "") for name in ("city", "event", "owner", "late", "unreached", "state")}
    filters = Filters(asked["city"], asked["event"], asked["owner"], asked["late"] == "1", asked["unreached"] == "1")
    state = asked["state"] if asked["state"] in STATES else ""
    return render_template(
        "impact/follow_up/board.html",
        board=board(actor, filters, state=state, cursor=request.args.get("cursor"), now=now),
        filters=filters, asked={name: value for name, value in asked.items() if value}, state=state, words=words,
        offers=choices(actor), cities=cities_of(actor, COORDINATOR), is_later_page="cursor" in request.args,
    )  # fmt: skip


@bp.route("/follow-ups/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new() -> ResponseReturnValue:
    """One more: what, who, until when."""
    actor = current_actor()
    form = FollowUpForm(data=fresh(actor.city, request.args.get("event", ""), language()))
    _offer(form, actor)
    if form.validate_on_submit():
        task = form.attempt(add_follow_up, form.draft(), now=clock.now(), actor=actor)
        if task is not None:
            flash(_told(task.unreached_at is not None), "ok")
            return redirect(url_for(".show", task_id=task.id), 303)
    return render_template("impact/follow_up/edit.html", form=form, one=None), form.status


@bp.get("/follow-ups/<task_id>")
@with_role(COORDINATOR)
def show(task_id: str) -> str:
    """How it stands, what was done, and what may be done next."""
    return _page(follow_up_to_manage(current_actor(), task_id), NoteForm(formdata=None), MoveForm(formdata=None))


@bp.route("/follow-ups/<task_id>/edit", methods=["GET", "POST"])
@with_role(COORDINATOR)
def edit(task_id: str) -> ResponseReturnValue:
    """Corrects it. Where somebody was faster, what stands now is shown above what was typed."""
    actor = current_actor()
    one = follow_up_to_manage(actor, task_id)
    form = FollowUpForm(data=typed(one))
    _offer(form, actor, beside=one.task.event_id)
    if form.validate_on_submit():
        seen = form.version_seen
        form.attempt(change_follow_up, one.task, form.draft(), version=seen, now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".show", task_id=task_id), 303)
        one = follow_up_to_manage(actor, task_id)
        form.version.raw_data, form.version.data = None, str(one.task.version)
    page = {"one": one, "form": form, "was_changed": bool(form.errors) and one.task.version != 0}
    return render_template("impact/follow_up/edit.html", **page), form.status


@bp.post("/follow-ups/<task_id>/state")
@with_role(COORDINATOR)
def state(task_id: str) -> ResponseReturnValue:
    """Takes it up, finishes it, drops it, opens it again."""
    actor = current_actor()
    one, form = follow_up_to_manage(actor, task_id), MoveForm()
    if form.validate_on_submit():
        note = (form.note.data or "").strip()
        form.attempt(move_follow_up, one.task, str(form.state.data), note=note, now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved. The history says who moved it and when."), "ok")
            is_on_board = request.form.get("from_board") == "1"
            return redirect(url_for(".index") if is_on_board else url_for(".show", task_id=task_id), 303)
    return _page(follow_up_to_manage(actor, task_id), NoteForm(formdata=None), form), form.status or 422


@bp.post("/follow-ups/<task_id>/notes")
@with_role(COORDINATOR)
def notes(task_id: str) -> ResponseReturnValue:
    """Adds words or a file."""
    actor = current_actor()
    one, form = follow_up_to_manage(actor, task_id), NoteForm()
    if form.validate_on_submit():
        form.attempt(note_follow_up, one.task, form.said, form.upload, store=_store(), now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("It stands in the history."), "ok")
            return redirect(url_for(".show", task_id=task_id), 303)
    return _page(follow_up_to_manage(actor, task_id), form, MoveForm(formdata=None)), form.status


@bp.get("/follow-ups/<task_id>/files/<entry_id>")
@with_role(COORDINATOR)
def evidence(task_id: str, entry_id: str) -> Response:
    """What was added, to keep: never shown as a page of ours."""
    one = follow_up_to_manage(current_actor(), task_id)
    entry = entry_with_file(one.task, entry_id)
    response = Response(_store().read(str(entry.file_key)), mimetype=entry.media_type)
    name = f"follow-up-{entry.id}.{ENDINGS[str(entry.media_type)]}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.post("/follow-ups/<task_id>/letter")
@with_role(COORDINATOR)
def letter(task_id: str) -> ResponseReturnValue:
    """The letter with the link goes to the owner once more."""
    actor = current_actor()
    one = follow_up_to_manage(actor, task_id)
    ask_owner(one.task, now=clock.now(), actor=actor)
    flash(gettext("The letter to %(name)s is on its way.", name=one.owner_name), "ok")
    return redirect(url_for(".show", task_id=task_id), 303)


@bp.post("/follow-ups/<task_id>/telling")
@with_role(COORDINATOR)
def telling(task_id: str) -> ResponseReturnValue:
    """The owner has no e-mail and heard of it from somebody."""
    actor = current_actor()
    note_told(follow_up_to_manage(actor, task_id).task, now=clock.now(), actor=actor)
    flash(gettext("Written down: they know."), "ok")
    return redirect(url_for(".show", task_id=task_id), 303)


@bp.get("/events/<event_id>/protocol")
@with_role(COORDINATOR)
def protocol(event_id: str) -> str:
    """What was said at which stop, what was given to whom, and how it stands. To print."""
    event = event_to_manage(current_actor(), event_id)
    rows = of_event(event)
    return render_template(
        "impact/follow_up/protocol.html", event=event, rows=rows, words=words, today=local_date(clock.now()),
        last=last_words([one.task.id for one in rows]), missing=len(not_adopted(event)),
    )  # fmt: skip


@bp.get("/events/<event_id>/protocol.pdf")
@with_role(COORDINATOR)
def protocol_pdf(event_id: str) -> Response:
    """The same as a document to sign."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    rows = of_event(event)
    footer = gettext("%(name)s, %(day)s", name=actor.name, day=numeric_date(now))
    last = last_words([one.task.id for one in rows])
    paper = printed_protocol(event, rows, last, language=language(), footer=footer)
    return paper.answer(f"{gettext('Protocol')} {in_language(event.title, language())}")


@bp.post("/events/<event_id>/follow-ups/adoption")
@with_role(COORDINATOR)
def adoption(event_id: str) -> ResponseReturnValue:
    """Instructions that stand at the stops become follow-ups."""
    actor = current_actor()
    count = adopt_instructions(event_to_manage(actor, event_id), now=clock.now(), actor=actor)
    flash(ngettext("%(num)s instruction is followed up now.", "%(num)s instructions are followed up now.", count), "ok")
    return redirect(url_for(".protocol", event_id=event_id), 303)


def _page(one: FollowUp, note: NoteForm, move: MoveForm) -> str:
    page: dict[str, Any] = {"one": one, "lines": history_of(one), "note": note, "move": move, "words": words}
    return render_template(
        "impact/follow_up/show.html", moves=MOVES[one.task.state], today=local_date(clock.now()), **page
    )


def _offer(form: FollowUpForm, actor: Actor, *, beside: str | None = None) -> None:
    events = events_to_name(actor, beside=beside)
    titles = [(one.id, f"{one.local_date:%d.%m.%Y} · {in_language(one.title, language())}") for one in events]
    form.event_id.choices = offered([("", gettext("None: it stands by itself")), *titles])
    named = [(city.slug, in_language(city.name, language())) for city in cities_of(actor, COORDINATOR)]
    form.city.choices = offered(named, may_be_none=True)


def _told(is_unreached: bool) -> str:
    if is_unreached:
        return gettext("Saved. The owner has no e-mail: tell them yourself. Until then it stands on your list.")
    return gettext("Saved.")


def _store() -> FileStore:
    return open_store(current_app.config["TORANGY"])
