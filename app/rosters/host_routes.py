"""Hosts and guides: the coordinator's pages, and the pages that a host opens by the link of a letter.

Mail scanners open every address, so a GET changes nothing; only the POST of a button answers.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.errors import N_, NotFound
from app.events.models import Event
from app.events.queries import event_to_manage
from app.events.trip_models import Host
from app.rosters.host_forms import KINDS, HostAnswerForm, host_form
from app.rosters.host_queries import closes_at, guests_of, host_by_link, host_to_manage, hosts_of
from app.rosters.hosts import OPEN, add_host, answer_host, change_host, invite_host, remove_host, send_list
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.forms import language

bp = Blueprint("hosts", __name__)


@bp.route("/events/<event_id>/hosts", methods=["GET", "POST"])
@with_role(COORDINATOR)
def index(event_id: str) -> ResponseReturnValue:
    """Who receives and guides us, what they answered, and a form for one more."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    form = host_form(event, None, language())
    if form.validate_on_submit() and form.attempt(add_host, event, form.draft(), now=now, actor=actor):
        flash(gettext("Added. The invitation goes when you press it."), "ok")
        return redirect(url_for("hosts.index", event_id=event_id), 303)
    hosts = hosts_of(event)
    may_invite = event.status in OPEN and now < closes_at(event)
    listed = [host for host in hosts if host.state == "confirmed" and host.email]
    page = {"hosts": hosts, "may_invite": may_invite, "confirmed": len(listed)}
    return render_template("rosters/hosts.html", event=event, form=form, **page), form.status


@bp.route("/hosts/<host_id>/edit", methods=["GET", "POST"])
@with_role(COORDINATOR)
def edit(host_id: str) -> ResponseReturnValue:
    """Corrects a host."""
    actor = current_actor()
    host = host_to_manage(actor, host_id)
    form = host_form(host.event, host, language())
    if form.validate_on_submit():
        form.attempt(change_host, host, form.draft(), now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for("hosts.index", event_id=host.event_id), 303)
    return render_template("rosters/host.html", host=host, event=host.event, form=form), form.status


@bp.post("/hosts/<host_id>/invitation")
@with_role(COORDINATOR)
def invitation(host_id: str) -> ResponseReturnValue:
    """The letter with the link goes."""
    actor = current_actor()
    host = host_to_manage(actor, host_id)
    invite_host(host, now=clock.now(), actor=actor)
    flash(gettext("The letter to %(name)s is on its way.", name=host.name), "ok")
    return redirect(url_for("hosts.index", event_id=host.event_id), 303)


@bp.post("/hosts/<host_id>/answer")
@with_role(COORDINATOR)
def told(host_id: str) -> ResponseReturnValue:
    """The answer as the coordinator heard it on the phone."""
    actor = current_actor()
    host = host_to_manage(actor, host_id)
    answer_host(host, request.form.get("answer") == "yes", now=clock.now(), actor=actor)
    flash(gettext(N_("The answer is written down.")), "ok")
    return redirect(url_for("hosts.index", event_id=host.event_id), 303)


@bp.post("/hosts/<host_id>/removal")
@with_role(COORDINATOR)
def removal(host_id: str) -> ResponseReturnValue:
    """They receive us no longer; their link ends."""
    actor = current_actor()
    host = host_to_manage(actor, host_id)
    remove_host(host, now=clock.now(), actor=actor)
    flash(gettext("%(name)s is taken out.", name=host.name), "ok")
    return redirect(url_for("hosts.index", event_id=host.event_id), 303)


@bp.post("/events/<event_id>/hosts/list")
@with_role(COORDINATOR)
def final_list(event_id: str) -> ResponseReturnValue:
    """The final list of names is opened to those who confirmed, and they hear of it."""
    actor = current_actor()
    count = send_list(event_to_manage(actor, event_id), now=clock.now(), actor=actor)
    flash(
        ngettext("%(num)s host hears that the list is ready.", "%(num)s hosts hear that the list is ready.", count),
        "ok",
    )
    return redirect(url_for("hosts.index", event_id=event_id), 303)


@bp.get("/hosts/<token>")
@open_to_all
def asked(token: str) -> ResponseReturnValue:
    """Will you receive us? When, where, how many; two buttons, and what was answered so far."""
    now = clock.now()
    return _asked_page(host_by_link(token, now=now), token, HostAnswerForm(), now=now)


@bp.post("/hosts/<token>/confirmation")
@open_to_all
def confirmation(token: str) -> ResponseReturnValue:
    """Yes."""
    return _answer(token, is_yes=True)


@bp.post("/hosts/<token>/refusal")
@open_to_all
def refusal(token: str) -> ResponseReturnValue:
    """No, perhaps with a word to the coordinator."""
    return _answer(token, is_yes=False)


@bp.get("/hosts/<token>/names")
@open_to_all
def names(token: str) -> ResponseReturnValue:
    """Who comes: names alone. Open once the coordinator sent it, to those who receive us."""
    host = host_by_link(token, now=clock.now())
    if host.list_sent_at is None or host.state != "confirmed" or host.event.status not in OPEN:
        raise NotFound
    with _spoken_to(host):
        return render_template("rosters/host_names.html", host=host, event=host.event, guests=guests_of(host.event))


@bp.app_template_filter("host_kind")
def _kind(word: str) -> str:
    return gettext(KINDS.get(word, word))


def _answer(token: str, *, is_yes: bool) -> ResponseReturnValue:
    now, form = clock.now(), HostAnswerForm()
    host = host_by_link(token, now=now)
    if not form.validate_on_submit():
        return _asked_page(host, token, form, now=now), form.status
    answer_host(host, is_yes, note=form.note_said, now=now, actor=Actor(name=host.name, language=host.language))
    return redirect(url_for("hosts.asked", token=token), 303)


def _asked_page(host: Host, token: str, form: HostAnswerForm, *, now: datetime) -> str:
    event = host.event
    with _spoken_to(host):
        return render_template(
            "rosters/host_asked.html",
            host=host,
            event=event,
            form=form,
            token=token,
            until=closes_at(event),
            is_open=_is_open(event, now=now),
            has_list=host.list_sent_at is not None and host.state == "confirmed" and event.status in OPEN,
        )


def _is_open(event: Event, *, now: datetime) -> bool:
    return event.status in OPEN and now < closes_at(event)


def _spoken_to(host: Host) -> AbstractContextManager[Any]:
    """A page that a letter led to speaks the letter's language, unless this browser chose one."""
    if current_actor().is_signed_in or "language" in session:
        return nullcontext()
    return force_locale(host.language)
