"""The use cases of gifts in one place to import from; each is written in the file of its verb."""

from app.gifts.handing_out import exchange_gift, hand_out, take_back
from app.gifts.items import change_item, choose_gifts, choose_kit, create_item, set_order_date
from app.gifts.kit_lending import lend, take_kit_back
from app.gifts.ledger import enter_stock

__all__ = [
    "change_item",
    "choose_gifts",
    "choose_kit",
    "create_item",
    "enter_stock",
    "exchange_gift",
    "hand_out",
    "lend",
    "set_order_date",
    "take_back",
    "take_kit_back",
]
