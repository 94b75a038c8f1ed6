"""Pages of gifts: the stock and its ledger, the items, what an event gives, and giving."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, Actor
from app.desk.roster.answers import after_mark
from app.desk.roster.queries import event_of_roster, place_of_hand_out, place_of_roster
from app.errors import N_, Invalid, require
from app.gifts.entitlement import ALL, Due
from app.gifts.event_page import event_page
from app.gifts.forms import EntryForm, ItemForm
from app.gifts.lending_routes import bp as lending
from app.gifts.models import GiftItem
from app.gifts.operations import change_item, choose_gifts, create_item, enter_stock, hand_out, take_back
from app.gifts.order_routes import bp as orders
from app.gifts.policy import can_change_items, can_hand_out, can_keep_stock
from app.gifts.queries import (
    all_items,
    hand_out_of,
    item_of,
    ledger_page,
    left_of,
    stock_lines,
    stores,
)
from app.gifts.sizes import read_sizes
from app.people.models import City
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.filters import size_word
from app.web.forms import language, texts
from app.web.words import in_language

bp = Blueprint("gifts", __name__)
bp.register_blueprint(lending)
bp.register_blueprint(orders)


@bp.get("/gifts")
@with_role(COORDINATOR, GIFT_KEEPER)
def index() -> ResponseReturnValue:
    """What is left by item, size and city, what will be short, and the latest entries."""
    return _stock_page(EntryForm(formdata=None))


@bp.post("/gifts/entries")
@with_role(COORDINATOR, GIFT_KEEPER)
def entries() -> ResponseReturnValue:
    """Writes one entry into the ledger."""
    actor, form = current_actor(), EntryForm()
    _offer(form, actor)
    if not form.validate_on_submit():
        return _stock_page(form), form.status
    item_id, size = form.item_and_size
    item = item_of(item_id)
    require(can_keep_stock(actor, form.store.data))
    written = form.attempt(
        enter_stock,
        item,
        size=size,
        store=form.store.data,
        kind=form.kind.data,
        quantity=form.quantity.data or 0,
        to_store=form.to_store.data or None,
        note=form.note.data or "",
        entry_id=form.entry_id.data or "",
        now=clock.now(),
        actor=actor,
    )
    if not written:
        return _stock_page(form), form.status
    _say_what_is_left(item, size, form.store.data)
    return redirect(url_for("gifts.index"), 303)


@bp.route("/gifts/items/new", methods=["GET", "POST"])
@with_role(COORDINATOR, GIFT_KEEPER)
def new_item() -> ResponseReturnValue:
    """Another thing to give."""
    actor, form = current_actor(), ItemForm()
    require(can_change_items(actor))
    if form.validate_on_submit():
        sizes = read_sizes(form.sizes.data or "")
        item = form.attempt(create_item, name=texts(form.name), sizes=sizes, now=clock.now(), actor=actor)
        if item:
            flash(gettext(N_("Saved. Now write down how many pieces came.")), "ok")
            return redirect(url_for("gifts.index"), 303)
    return render_template("gifts/item.html", form=form, item=None), form.status


@bp.route("/gifts/items/<item_id>", methods=["GET", "POST"])
@with_role(COORDINATOR, GIFT_KEEPER)
def item(item_id: str) -> ResponseReturnValue:
    """Its name and sizes."""
    actor, found = current_actor(), item_of(item_id)
    require(can_change_items(actor))
    form = ItemForm(data={"name": found.name, "sizes": ", ".join(found.sizes)})
    if form.validate_on_submit():
        sizes = read_sizes(form.sizes.data or "")
        form.attempt(change_item, found, name=texts(form.name), sizes=sizes, now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext(N_("Saved.")), "ok")
            return redirect(url_for("gifts.index"), 303)
    return render_template("gifts/item.html", form=form, item=found), form.status


@bp.get("/events/<event_id>/gifts")
@with_role(COORDINATOR, GIFT_KEEPER)
def of_event(event_id: str) -> ResponseReturnValue:
    """What this event gives, how much of it is needed by size, and what is there."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    require(can_hand_out(actor, event))
    return event_page(event, actor)


@bp.post("/events/<event_id>/gifts")
@with_role(COORDINATOR, GIFT_KEEPER)
def choice(event_id: str) -> ResponseReturnValue:
    """Says what this event gives."""
    actor = current_actor()
    event = event_of_roster(actor, event_id)
    require(can_hand_out(actor, event))
    chosen = request.form.getlist("items")
    rules = {item_id: _rule(item_id) for item_id in chosen}
    choose_gifts(event, chosen, rules=rules, now=clock.now(), actor=actor)
    flash(gettext(N_("Saved.")), "ok")
    return redirect(url_for("gifts.of_event", event_id=event_id), 303)


@bp.post("/places/<place_id>/hand-outs")
@with_role(COORDINATOR, GIFT_KEEPER, HELPER)
def giving(place_id: str) -> ResponseReturnValue:
    """Gives one item to one person."""
    actor, now = current_actor(), clock.now()
    place = place_of_roster(actor, place_id)
    require(can_hand_out(actor, place.event))
    gift = item_of(request.form.get("item", ""))
    size, entry_id = request.form.get("size") or None, request.form.get("entry_id", "")
    taker = request.form.get("collected_by", "")
    hand_out(place, gift, size=size, entry_id=entry_id, at=now, now=now, actor=actor, collected_by=taker)
    return after_mark(place_of_roster(actor, place_id))


@bp.post("/hand-outs/<hand_out_id>/return")
@with_role(COORDINATOR, GIFT_KEEPER, HELPER)
def returning(hand_out_id: str) -> ResponseReturnValue:
    """The gift comes back."""
    actor = current_actor()
    given = hand_out_of(hand_out_id)
    place = place_of_hand_out(actor, given)
    require(can_hand_out(actor, place.event))
    take_back(given, now=clock.now(), actor=actor)
    return after_mark(place_of_roster(actor, place.id))


def _stock_page(form: EntryForm) -> str:
    actor = current_actor()
    own = _offer(form, actor)
    lines = stock_lines([city.slug for city in own], now=clock.now())
    return render_template(
        "gifts/index.html",
        form=form,
        stores=[(city, [line for line in lines if line.store == city.slug]) for city in own],
        items=all_items(),
        ledger=ledger_page([city.slug for city in own], cursor=request.args.get("cursor")),
        cities={city.slug: city.name for city in own},
        may_change_items=can_change_items(actor),
        is_later_page=bool(request.args.get("cursor")),
    )


def _rule(item_id: str) -> Due:
    """Who gets it, as the page asks: whom, and from which to which age."""
    ages = [request.form.get(f"{name}-{item_id}", "").strip() for name in ("min", "max")]
    if any(age and not (age.isascii() and age.isdecimal() and len(age) < 4) for age in ages):
        raise Invalid({"min_age": N_("Write an age in whole years, or leave it empty.")})
    least, most = (int(age) if age else None for age in ages)
    return Due(request.form.get(f"whom-{item_id}") or ALL, least, most)


def _offer(form: EntryForm, actor: Actor) -> list[City]:
    own = stores(actor.cities(COORDINATOR, GIFT_KEEPER))
    form.offer(all_items(), own, stores())
    return own


def _say_what_is_left(item: GiftItem, size: str, store: str) -> None:
    if not _warn_below_zero(item, size, store):
        name, left = _piece(item, size), left_of(item.id, size, store)
        flash(gettext(N_("Written down. %(item)s: %(left)s left."), item=name, left=left), "ok")


def _warn_below_zero(item: GiftItem, size: str, store: str) -> bool:
    left = left_of(item.id, size, store)
    if left < 0:
        text = N_("%(item)s: the ledger says %(left)s. Count what lies in the store.")
        flash(gettext(text, item=_piece(item, size), left=left), "look")
    return left < 0


def _piece(item: GiftItem, size: str) -> str:
    return f"{in_language(item.name, language())} {size_word(size)}".strip()
