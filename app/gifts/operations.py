"""The use cases of gifts in one place to import from; each is written in the file of its verb."""

from app.gifts.handing_out import hand_out, take_back
from app.gifts.items import change_item, choose_gifts, create_item
from app.gifts.ledger import enter_stock

__all__ = ["change_item", "choose_gifts", "create_item", "enter_stock", "hand_out", "take_back"]
