"""What lies in a store, asked under the lock of the item: nobody gives away on-line what isn't there.

What phones gave away without signal is a fact, whatever the ledger says; that the sum is below zero then comes up to be
explained.
"""

from app.db import lock
from app.gifts.errors import OutOfStock, TooFewInStock
from app.gifts.models import GiftItem
from app.gifts.queries import left_of
from app.web.filters import size_word
from app.web.words import in_language


def take_from_shelf(item: GiftItem, size: str, store: str, *, language: str, pieces: int = 1) -> None:
    """Locks the item; raises OutOfStock or TooFewInStock unless so many pieces lie there.

    Inside a transaction(), after the lock of the place.
    """
    lock(item)
    left = left_of(item.id, size, store)
    if left < pieces:
        name = f"{in_language(item.name, language)} {size_word(size)}".strip()
        raise TooFewInStock(item=name, left=left) if pieces > 1 else OutOfStock(item=name)
