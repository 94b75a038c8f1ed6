"""Pages of groups and of buses: the board on which people are arranged and moved. `what` says which of the two."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER
from app.errors import N_, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.events.queries import event_to_manage, visible_event
from app.rosters.boards import SHOWN, Board, Shown, board_of, rules_of
from app.rosters.container_errors import NowhereChosen
from app.rosters.container_routes import bp as containers
from app.rosters.containers import make_containers
from app.rosters.group_forms import MakingForm, RulesForm
from app.rosters.group_policy import can_see_groups
from app.rosters.group_words import container_name, unmet_sentence
from app.rosters.lists import lists_of
from app.rosters.placing import arrange_people, move_people, open_containers, swap_people
from app.rosters.sending_lists import Sent, send_lists
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("groups", __name__)
bp.register_blueprint(containers)

MOST_REASONS = 40


@bp.route("/events/<event_id>/<any(groups,buses):what>", methods=["GET", "POST"])
@with_role(COORDINATOR, SAFETY_OFFICER)
def board(event_id: str, what: str) -> ResponseReturnValue:
    """All groups or buses with their people; a POST adds more of them."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_see_groups(actor, event))
    form = MakingForm()
    if request.method == "POST":
        require(can_manage_event(actor, event))
        if form.validate_on_submit():
            now, drafts = clock.now(), form.drafts()
            made = form.attempt(make_containers, event, what, drafts, now=now, actor=actor)
            if made:
                flash(gettext("Added."), "ok")
                return redirect(url_for("groups.board", event_id=event.id, what=what), 303)
    return _page(event, what, form, may=can_manage_event(actor, event)), form.status


@bp.post("/events/<event_id>/<any(groups,buses):what>/arrangement")
@with_role(COORDINATOR)
def arrangement(event_id: str, what: str) -> ResponseReturnValue:
    """Fills them all by the rules that are ticked."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    form, (usual, _) = RulesForm(), rules_of(event, what)
    keep = form.keep.data == "keep"
    found = arrange_people(event, what, form.rules(usual.bands), keep=keep, now=clock.now(), actor=actor)
    num = len(found.placement)
    flash(ngettext("%(num)s person is placed.", "%(num)s people are placed.", num), "look" if found.unmet else "ok")
    return _back(event, what)


@bp.post("/events/<event_id>/<any(groups,buses):what>/moves")
@with_role(COORDINATOR)
def moves(event_id: str, what: str) -> ResponseReturnValue:
    """Those who are picked go into the chosen one, or out of theirs."""
    actor, chosen = current_actor(), request.form.get("to", "")
    event = event_to_manage(actor, event_id)
    if not chosen:
        raise NowhereChosen
    to = None if chosen == "nowhere" else chosen
    num = move_people(event, what, request.form.getlist("place"), to=to, now=clock.now(), actor=actor)
    flash(ngettext("%(num)s person is moved.", "%(num)s people are moved.", num), "ok")
    return _back(event, what, anchor=f"c-{chosen}")


@bp.post("/events/<event_id>/<any(groups,buses):what>/swaps")
@with_role(COORDINATOR)
def swaps(event_id: str, what: str) -> ResponseReturnValue:
    """Two people change places."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    swap_people(event, what, request.form.getlist("place"), now=clock.now(), actor=actor)
    flash(gettext("They have changed places."), "ok")
    return _back(event, what)


@bp.post("/events/<event_id>/<any(groups,buses):what>/letters")
@with_role(COORDINATOR)
def letters(event_id: str, what: str) -> ResponseReturnValue:
    """Each leader gets the names as they stand."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    _say(what, send_lists(event, what, now=clock.now(), actor=actor))
    return _back(event, what)


@bp.get("/events/<event_id>/<any(groups,buses):what>/lists")
@with_role(COORDINATOR, SAFETY_OFFICER)
def lists(event_id: str, what: str) -> ResponseReturnValue:
    """Every list on a page of its own, to print."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_see_groups(actor, event))
    found = lists_of(event, what, open_containers(event.id, what))
    return render_template("rosters/lists.html", event=event, what=what, lists=found, named=container_name)


def _page(event: Event, what: str, form: MakingForm, *, may: bool) -> str:
    found = board_of(event, what, shown := _shown())
    return render_template(
        "rosters/board.html",
        event=event,
        what=what,
        board=found,
        reasons=[(unmet, unmet_sentence(unmet, found)) for unmet in found.unmet[:MOST_REASONS]],
        more_reasons=max(0, len(found.unmet) - MOST_REASONS),
        rules=_rules_form(found),
        making=form,
        shown=shown,
        may=may,
        named=container_name,
    )


def _rules_form(found: Board) -> RulesForm:
    """As it was arranged last; whoever is placed by hand since stays."""
    rules = found.rules
    said: dict[str, Any] = {name: getattr(rules, name) for name in ("by", "brigades", "escorts", "balanced")}
    return RulesForm(formdata=None, data=said | {"keep": "keep" if found.placed else "anew"})


def _shown() -> Shown:
    who = request.args.get("who", "")
    return Shown(request.args.get("q", "")[:100], who if who in SHOWN else "")


def _say(what: str, sent: Sent) -> None:
    flash(ngettext("%(num)s list is on its way.", "%(num)s lists are on their way.", sent.sent), "ok")
    for names, words in (
        (sent.without_leader, N_("Nobody leads: %(names)s.")),
        (sent.without_address, N_("The leader has no e-mail: %(names)s. Print the list.")),
    ):
        if names:
            flash(gettext(words, names=", ".join(container_name(what, name) for name in names)), "look")


def _back(event: Event, what: str, *, anchor: str | None = None) -> ResponseReturnValue:
    """To the board as it was filtered."""
    kept: dict[str, Any] = {name: value for name in ("q", "who") if (value := request.form.get(name))}
    return redirect(url_for("groups.board", event_id=event.id, what=what, _anchor=anchor, **kept), 303)
