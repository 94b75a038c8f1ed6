"""Pages of what is missing: by city, item and size, with what other cities can send and what has to be ordered."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, Actor
from app.attendance.entry_ids import new_entry_id
from app.errors import N_, NotFound, require
from app.gifts.ledger import enter_stock
from app.gifts.ordering import OrderLine, orders_ahead
from app.gifts.policy import can_keep_stock
from app.gifts.queries import item_of, stores
from app.people.models import City
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.filters import size_word
from app.web.forms import language
from app.web.tables import xlsx_answer
from app.web.words import in_language

bp = Blueprint("orders", __name__)
HEADINGS = (
    N_("City"), N_("Item"), N_("Size"), N_("Needed"), N_("In stock"), N_("Missing"), N_("Other cities can send"),
    N_("To order"), N_("Too late to order"), N_("Given or lent"),
)  # fmt: skip
KINDS = {False: N_("given"), True: N_("lent")}


@bp.get("/gifts/orders")
@with_role(COORDINATOR, GIFT_KEEPER)
def index() -> ResponseReturnValue:
    """What is missing for the events ahead, and where it can come from."""
    actor, now = current_actor(), clock.now()
    cities = _cities(actor)
    ahead = orders_ahead(cities, now=now)
    return render_template(
        "gifts/orders.html",
        cities=[(city, [line for line in ahead.lines if line.city.slug == city.slug]) for city in cities],
        events=ahead.events,
        asked=request.args.get("city", ""),
        own=[city.slug for city in _own(actor)],
        entry_id=new_entry_id,
        now=now,
    )


@bp.get("/gifts/orders.xlsx")
@with_role(COORDINATOR, GIFT_KEEPER)
def file() -> Response:
    """The same as a list to order by."""
    ahead = orders_ahead(_cities(current_actor()), now=clock.now())
    return xlsx_answer("orders", [gettext(heading) for heading in HEADINGS], _rows(ahead.lines))


@bp.post("/gifts/transfers")
@with_role(COORDINATOR, GIFT_KEEPER)
def transfers() -> ResponseReturnValue:
    """Sends pieces from one city that has them to spare to one that lacks them."""
    actor, said = current_actor(), request.form
    item, to_store = item_of(said.get("item", "")), said.get("to", "")
    require(can_keep_stock(actor, said.get("from", "")))
    pieces = said.get("quantity", "")
    enter_stock(
        item,
        size=said.get("size", ""),
        store=said.get("from", ""),
        kind="transfer",
        quantity=int(pieces) if pieces.isascii() and pieces.isdecimal() and len(pieces) < 8 else 0,
        to_store=to_store,
        entry_id=said.get("entry_id", ""),
        now=clock.now(),
        actor=actor,
    )
    name = f"{in_language(item.name, language())} {size_word(said.get('size', ''))}".strip()
    flash(gettext(N_("%(item)s: %(pieces)s are on their way."), item=name, pieces=pieces), "ok")
    return redirect(url_for("gifts.orders.index", city=said.get("asked") or None), 303)


def _own(actor: Actor) -> list[City]:
    return stores(actor.cities(COORDINATOR, GIFT_KEEPER))


def _cities(actor: Actor) -> list[City]:
    """Those whose stock the actor keeps, or the one asked for; raises NotFound, NotAllowed for another's."""
    asked = request.args.get("city", "")
    if not asked:
        return _own(actor)
    found = stores([asked])
    if not found:
        raise NotFound
    require(can_keep_stock(actor, asked))
    return found


def _rows(lines: Sequence[OrderLine]) -> Iterator[list[object]]:
    for line in lines:
        size = gettext(N_("size unknown")) if line.is_size_unknown else size_word(line.size)
        names = in_language(line.city.name, language()), in_language(line.item.name, language())
        order = line.order
        yield [
            *names, size, line.needed, None if line.is_size_unknown else line.on_hand, order.short,
            order.from_others, order.to_order, order.too_late, gettext(KINDS[line.is_lent]),
        ]  # fmt: skip
