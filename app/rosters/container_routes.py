"""The page of one group or bus: its list to read and print, its name, leader and driver, where a bus stops."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event
from app.events.queries import event_to_manage, visible_event
from app.rosters.bus_stops import add_stop, choose_pick_up, remove_stop
from app.rosters.containers import change_container, close_container, leader_numbered, reopen_container
from app.rosters.group_forms import BusStopForm, ContainerForm, container_form
from app.rosters.group_policy import can_read_list, is_around
from app.rosters.group_words import container_name
from app.rosters.lists import NameList, lists_of
from app.rosters.models import Bus, Group
from app.rosters.placing import container_of
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("containers", __name__)


@bp.get("/events/<event_id>/<any(groups,buses):what>/<container_id>")
@signed_in
def show(event_id: str, what: str, container_id: str) -> ResponseReturnValue:
    """The list of names; whoever leads it reads it too."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    container = container_of(event.id, what, container_id)
    if not can_read_list(actor, event, container):
        raise NotFound
    names = lists_of(event, what, [container])[0]
    # The first place is mostly where everybody was told to meet.
    begun = {} if names.stops else {"place": event.meeting_point or {}}
    return _page(event, what, names, _form(names), BusStopForm(data=begun), may=can_manage_event(actor, event))


@bp.post("/events/<event_id>/<any(groups,buses):what>/<container_id>")
@with_role(COORDINATOR)
def change(event_id: str, what: str, container_id: str) -> ResponseReturnValue:
    """Another name, leader, number of places, driver."""
    event, container = _to_manage(event_id, what, container_id)
    names = lists_of(event, what, [container])[0]
    form = _form(names)
    if form.validate_on_submit():
        form.attempt(_change, container, form, what)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return _back(event, what, container)
    return _page(event, what, names, form, BusStopForm(formdata=None), may=True), form.status


@bp.post("/events/<event_id>/<any(groups,buses):what>/<container_id>/closing")
@with_role(COORDINATOR)
def closing(event_id: str, what: str, container_id: str) -> ResponseReturnValue:
    """Nobody is in it any more."""
    event, container = _to_manage(event_id, what, container_id)
    num = close_container(container, now=clock.now(), actor=current_actor())
    words = ngettext("Closed. %(num)s person has no place now.", "Closed. %(num)s people have no place now.", num)
    flash(words, "look" if num else "ok")
    return redirect(url_for("groups.board", event_id=event.id, what=what), 303)


@bp.post("/events/<event_id>/<any(groups,buses):what>/<container_id>/reopening")
@with_role(COORDINATOR)
def reopening(event_id: str, what: str, container_id: str) -> ResponseReturnValue:
    """It takes people again."""
    event, container = _to_manage(event_id, what, container_id)
    reopen_container(container, now=clock.now(), actor=current_actor())
    flash(gettext("It takes people again."), "ok")
    return redirect(url_for("groups.board", event_id=event.id, what=what), 303)


@bp.post("/events/<event_id>/buses/<bus_id>/stops")
@with_role(COORDINATOR)
def stop(event_id: str, bus_id: str) -> ResponseReturnValue:
    """The bus stops there too."""
    event, bus = _bus_to_manage(event_id, bus_id)
    form = BusStopForm()
    if form.validate_on_submit() and not form.places():
        form.place.kk.errors = [gettext("Please fill this in.")]
    if form.leaves_at.data and not form.errors:
        way, at = form.direction.data or "out", form.leaves_at.data
        add_stop(bus, form.places(), at, direction=way, now=clock.now(), actor=current_actor())
        return _back(event, "buses", bus, anchor="stops")
    names = lists_of(event, "buses", [bus])[0]
    return _page(event, "buses", names, _form(names, blank=True), form, may=True), 422


@bp.post("/events/<event_id>/buses/<bus_id>/stops/<stop_id>/removal")
@with_role(COORDINATOR)
def stop_removal(event_id: str, bus_id: str, stop_id: str) -> ResponseReturnValue:
    """The bus stops there no more."""
    event, bus = _bus_to_manage(event_id, bus_id)
    remove_stop(bus, stop_id, now=clock.now(), actor=current_actor())
    return _back(event, "buses", bus, anchor="stops")


@bp.post("/events/<event_id>/buses/<bus_id>/pick-ups")
@with_role(COORDINATOR)
def pick_ups(event_id: str, bus_id: str) -> ResponseReturnValue:
    """Those who are picked get on at the chosen stop."""
    event, bus = _bus_to_manage(event_id, bus_id)
    picked, stop_id = request.form.getlist("place"), request.form.get("stop") or None
    num = choose_pick_up(bus, picked, stop_id=stop_id, now=clock.now(), actor=current_actor())
    flash(ngettext("Saved for %(num)s person.", "Saved for %(num)s people.", num), "ok")
    return _back(event, "buses", bus)


def _change(container: Group | Bus, form: ContainerForm, what: str) -> None:
    number = (form.leader_number.data or "").strip()
    leader_id = leader_numbered(number) if number else form.leader.data or None
    fields, actor = form.fields(what), current_actor()
    change_container(container, fields, leader_id=leader_id, now=clock.now(), actor=actor)


def _to_manage(event_id: str, what: str, container_id: str) -> tuple[Event, Group | Bus]:
    event = event_to_manage(current_actor(), event_id)
    return event, container_of(event.id, what, container_id)


def _bus_to_manage(event_id: str, bus_id: str) -> tuple[Event, Bus]:
    event, bus = _to_manage(event_id, "buses", bus_id)
    if not isinstance(bus, Bus):
        raise NotFound
    return event, bus


def _form(names: NameList, *, blank: bool = False) -> ContainerForm:
    adults = [(line.person_id, line.name) for line in names.lines if not line.is_child]
    return container_form(names.container, adults, names.leader, is_sent=not blank)


def _page(event: Event, what: str, names: NameList, form: ContainerForm, stop_form: BusStopForm, *, may: bool) -> str:
    return render_template(
        "rosters/container.html", event=event, what=what, names=names, form=form, stop_form=stop_form, may=may,
        named=container_name, asks_health=what == "groups" and is_around(event, clock.now()),
    )  # fmt: skip


def _back(event: Event, what: str, container: Group | Bus, *, anchor: str | None = None) -> ResponseReturnValue:
    url = url_for("groups.containers.show", event_id=event.id, what=what, container_id=container.id, _anchor=anchor)
    return redirect(url, 303)
