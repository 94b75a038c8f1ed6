"""Pages of the trip on its day: legs and buses, handing children over, manifests. Part of the desk."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor
from app.desk.roster.asked_routes import taken_by
from app.desk.trip import legs
from app.desk.trip.manifest_print import printed_manifest
from app.desk.trip.pages import adults_of, legs_page, manifest_of, over_of
from app.desk.trip.queries import event_of_legs
from app.desk.trip.riders import LegOfTrip
from app.desk.trip.rules import ON_FOOT, OUT
from app.desk.trip.words import HOW, leg_name
from app.errors import NotFound
from app.events.models import Event
from app.events.policy import can_manage_event
from app.rosters.group_words import container_name
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("legs", __name__)
ROLES = (COORDINATOR, SAFETY_OFFICER)


@bp.get("/events/<event_id>/legs")
@with_role(*ROLES)
def index(event_id: str) -> ResponseReturnValue:
    """One leg with its buses, and the children who are not home."""
    actor = current_actor()
    event = event_of_legs(actor, event_id)
    page = legs_page(event, request.args.get("leg") or OUT)
    words = {"named": _named, "named_bus": container_name, "how": HOW, "me": actor.account_id}
    return render_template("desk/legs.html", event=event, page=page, **words)


@bp.post("/events/<event_id>/legs/<leg>/rides")
@with_role(*ROLES)
def rides(event_id: str, leg: str) -> ResponseReturnValue:
    """Those who are ticked got in, or off again."""
    actor, event, bus = _here(event_id)
    off = request.form.get("way") == "off"
    legs.board_people(event, request.form.getlist("place"), leg=leg, bus_id=bus, now=clock.now(), actor=actor, off=off)
    return _back(event_id, leg, gettext("Taken off.") if off else gettext("Aboard."))


@bp.post("/events/<event_id>/legs/<leg>/headcounts")
@with_role(*ROLES)
def headcounts(event_id: str, leg: str) -> ResponseReturnValue:
    """The number of heads."""
    actor, event, bus = _here(event_id)
    typed, arrived = request.form.get("counted", "").strip(), request.form.get("arrived") == "1"
    counted = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else None
    legs.count_heads(event, counted, leg=leg, bus_id=bus, arrived=arrived, now=clock.now(), actor=actor)
    return _back(event_id, leg, gettext("Counted."))


@bp.post("/events/<event_id>/legs/<leg>/departures")
@with_role(*ROLES)
def departures(event_id: str, leg: str) -> ResponseReturnValue:
    """The bus leaves; refused while somebody is missing and nobody says why."""
    actor, event, bus = _here(event_id)
    legs.depart_leg(event, leg=leg, bus_id=bus, reason=request.form.get("reason", ""), now=clock.now(), actor=actor)
    return _back(event_id, leg, gettext("The list is closed. Now a second person confirms it."))


@bp.post("/events/<event_id>/legs/<leg>/confirmations")
@with_role(*ROLES)
def confirmations(event_id: str, leg: str) -> ResponseReturnValue:
    """A second person says so too."""
    actor, event, bus = _here(event_id)
    departure = request.form.get("departure", "")
    legs.confirm_leg(event, departure, leg=leg, bus_id=bus, now=clock.now(), actor=actor)
    return _back(event_id, leg, gettext("Confirmed with your name."))


@bp.post("/events/<event_id>/legs/<leg>/undoings")
@with_role(*ROLES)
def undoings(event_id: str, leg: str) -> ResponseReturnValue:
    """It was a slip."""
    actor, event, _ = _here(event_id)
    said = request.form
    legs.take_back(event, said.get("operation", ""), reason=said.get("reason", ""), now=clock.now(), actor=actor)
    return _back(event_id, leg, gettext("Taken back."))


@bp.route("/events/<event_id>/hand-overs/<place_id>", methods=["GET", "POST"])
@with_role(*ROLES)
def hand_over(event_id: str, place_id: str) -> ResponseReturnValue:
    """One child, the adults who may collect it, and the other ways."""
    actor, now = current_actor(), clock.now()
    event = event_of_legs(actor, event_id)
    place = legs.place_of(event, place_id)
    if not place.person.is_minor_on(event.local_date):
        raise NotFound
    if request.method == "POST":
        how, _, to = request.form.get("who", "").partition(":")
        said = {name: request.form.get(name, "") for name in ("code", "receiver", "reason")}
        legs.hand_over_child(event, place, how=how, to=to, **said, now=now, actor=actor)
        flash(gettext("%(name)s was handed over.", name=place.person.given_name), "ok")
        return redirect(url_for(".index", event_id=event_id, leg="back"), 303)
    guardians, listed = adults_of(place)
    may = can_manage_event(actor, event)
    values = {"guardians": guardians, "listed": listed, "over": over_of(place), "how": HOW, "may_decide": may}
    return render_template("desk/hand_over.html", event=event, place=place, **values)


@bp.get("/events/<event_id>/manifests/<departure_id>")
@with_role(*ROLES)
def manifest(event_id: str, departure_id: str) -> ResponseReturnValue:
    """Who left in one bus, as it was said then."""
    event = event_of_legs(current_actor(), event_id)
    found = manifest_of(event, departure_id)
    return render_template("desk/manifest.html", event=event, found=found, named=_named, named_bus=container_name)


@bp.get("/events/<event_id>/manifests/<departure_id>.pdf")
@with_role(*ROLES)
def manifest_pdf(event_id: str, departure_id: str) -> Response:
    """The same on paper; who took it is written down."""
    actor, now = current_actor(), clock.now()
    event = event_of_legs(actor, event_id)
    found = manifest_of(event, departure_id)
    legs.log_manifest(event, count=len(found.row.people), now=now, actor=actor)
    paper = printed_manifest(event, found, language=language(), footer=taken_by(actor, event, now))
    answer = paper.answer(f"{in_language(event.title, language())} manifest {found.row.version}")
    answer.headers["Content-Disposition"] = answer.headers["Content-Disposition"].replace("attachment", "inline", 1)
    return answer


def _here(event_id: str) -> tuple[Actor, Event, str | None]:
    """Who, where, and the bus that the form names."""
    actor, bus = current_actor(), request.form.get("bus", "")
    return actor, event_of_legs(actor, event_id), None if bus in ("", ON_FOOT) else bus


def _named(leg: LegOfTrip | None) -> str:
    return leg_name(leg, language())


def _back(event_id: str, leg: str, words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return redirect(url_for(".index", event_id=event_id, leg=leg), 303)
