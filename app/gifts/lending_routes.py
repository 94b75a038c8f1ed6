"""Pages around one person's gifts and kit: another size, lending, taking back; and what an event lends and orders."""

from datetime import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER
from app.attendance.entry_ids import new_entry_id
from app.attendance.queries import attendance_of
from app.desk.roster.answers import after_mark
from app.desk.roster.queries import event_of_roster, place_of_hand_out, place_of_roster
from app.errors import N_, require
from app.events.periods import moment
from app.gifts.event_page import event_page
from app.gifts.forms import OrderDateForm
from app.gifts.kit_lending import kit_of, loans_of
from app.gifts.operations import choose_kit, exchange_gift, lend, set_order_date, take_kit_back
from app.gifts.policy import can_hand_out, can_lend
from app.gifts.queries import hand_out_of, item_of
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("lending", __name__)
END_OF_DAY = time(23, 59)


@bp.post("/hand-outs/<hand_out_id>/exchange")
@with_role(COORDINATOR, GIFT_KEEPER, HELPER)
def exchange(hand_out_id: str) -> ResponseReturnValue:
    """Another size for what they have."""
    actor, now = current_actor(), clock.now()
    given = hand_out_of(hand_out_id)
    place = place_of_hand_out(actor, given)
    require(can_hand_out(actor, place.event))
    size, entry_id = request.form.get("size", ""), request.form.get("entry_id", "")
    exchange_gift(place, item_of(given.item_id), size=size, entry_id=entry_id, at=now, now=now, actor=actor)
    return after_mark(place_of_roster(actor, place.id))


@bp.get("/places/<place_id>/kit")
@with_role(COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER)
def show(place_id: str) -> ResponseReturnValue:
    """What is lent to one person."""
    actor = current_actor()
    place = place_of_roster(actor, place_id)
    require(can_lend(actor, place.event))
    return render_template(
        "gifts/kit.html",
        event=place.event,
        place=place,
        items=kit_of(place.event),
        loans=loans_of(place),
        is_here=attendance_of(place.id).was_here,
        may_choose=can_hand_out(actor, place.event),
        entry_id=new_entry_id,
    )


@bp.post("/places/<place_id>/kit")
@with_role(COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER)
def lending(place_id: str) -> ResponseReturnValue:
    """Lends one thing to one person."""
    actor, now, said = current_actor(), clock.now(), request.form
    place = place_of_roster(actor, place_id)
    require(can_lend(actor, place.event))
    lend(
        place,
        item_of(said.get("item", "")),
        size=said.get("size", ""),
        piece=said.get("piece", ""),
        entry_id=said.get("entry_id", ""),
        at=now,
        now=now,
        actor=actor,
    )
    return redirect(url_for(".show", place_id=place_id), 303)


@bp.post("/places/<place_id>/kit/<loan_id>/return")
@with_role(COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER)
def kit_return(place_id: str, loan_id: str) -> ResponseReturnValue:
    """It came back."""
    actor, now = current_actor(), clock.now()
    place = place_of_roster(actor, place_id)
    require(can_lend(actor, place.event))
    damaged, entry_id = request.form.get("damaged") == "1", request.form.get("entry_id", "")
    take_kit_back(place, loan_id, is_damaged=damaged, entry_id=entry_id, at=now, now=now, actor=actor)
    return redirect(url_for(".show", place_id=place_id), 303)


@bp.post("/events/<event_id>/kit")
@with_role(COORDINATOR, GIFT_KEEPER)
def kit(event_id: str) -> ResponseReturnValue:
    """Says what this event lends."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    require(can_hand_out(actor, event))
    choose_kit(event, request.form.getlist("items"), now=clock.now(), actor=actor)
    flash(gettext(N_("Saved.")), "ok")
    return redirect(url_for("gifts.of_event", event_id=event_id), 303)


@bp.post("/events/<event_id>/gifts/order-date")
@with_role(COORDINATOR, GIFT_KEEPER)
def order_date(event_id: str) -> ResponseReturnValue:
    """Says until when gifts for this event are ordered."""
    actor, form = current_actor(), OrderDateForm()
    event = event_of_roster(actor, event_id)
    require(can_hand_out(actor, event))
    if form.validate_on_submit():
        by = moment(form.day.data, END_OF_DAY, event.timezone) if form.day.data else None
        form.attempt(set_order_date, event, by, now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext(N_("Saved.")), "ok")
            return redirect(url_for("gifts.of_event", event_id=event_id), 303)
    return event_page(event, actor, form), form.status
