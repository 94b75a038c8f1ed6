"""The page of one event's gifts: enough for everybody, the tables, what is still lent, and what it gives to whom."""

from datetime import datetime

from flask import render_template

from app.accounts.actor import Actor
from app.events.models import Event
from app.events.periods import local_day
from app.gifts.entitlement import FOR_WHOM
from app.gifts.forms import OrderDateForm
from app.gifts.gift_rules import COUNTING, LENDING
from app.gifts.kit import slug_of
from app.gifts.kit_lending import chosen_kit, lent_by
from app.gifts.queries import all_items, gifts_of, need_by_size
from app.gifts.saying import operations_at
from app.gifts.tables import tables_of


def event_page(event: Event, actor: Actor, form: OrderDateForm | None = None) -> str:
    """Drawn; `form` is that of the order date, where it was wrong."""
    items, gifts = all_items(), gifts_of(event.id)
    said = operations_at(event.id, (*COUNTING, *LENDING))
    slugs = {slug_of(word) for word in event.site.ppe}
    return render_template(
        "gifts/event.html",
        event=event,
        items=items,
        given={item.id: item.due for item in gifts},
        whom=FOR_WHOM,
        lines=need_by_size(event, gifts),
        tables=tables_of(event.id, said, items),
        kit=chosen_kit(event.id),
        asked_for={item.id for item in items if item.slug in slugs},
        lent=lent_by(said),
        form=form or OrderDateForm(formdata=None, data={"day": _day(event.gifts_order_by, event)}),
    )


def _day(moment: datetime | None, event: Event) -> object:
    return local_day(moment, event.timezone) if moment else None
