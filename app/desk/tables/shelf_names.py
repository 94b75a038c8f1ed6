"""What a shelf is called where a conflict is about it: the item, its size, the table."""

from collections.abc import Iterable

from flask_babel import get_locale, gettext
from sqlalchemy import select

from app.db import db
from app.gifts.models import GiftItem
from app.web.filters import size_word
from app.web.words import in_language


def shelf_names(keys: Iterable[str]) -> dict[str, str]:
    """{key: its name} of those that are about a table or a store: "T-shirt M, table 1"."""
    shelves = {key: key[2:].split("|") for key in keys if key.startswith("t:") and key.count("|") == 2}
    if not shelves:
        return {}
    wanted = {item_id for _, item_id, _ in shelves.values()}
    query = select(GiftItem.id, GiftItem.name).where(GiftItem.id.in_(wanted))
    items = {row.id: row.name for row in db.session.execute(query)}
    return {key: _spoken(table, items.get(item_id, {}), size) for key, (table, item_id, size) in shelves.items()}


def _spoken(table: str, name: dict[str, str], size: str) -> str:
    locale = get_locale()
    piece = f"{in_language(name, locale.language if locale else 'kk')} {size_word(size)}".strip()
    return piece if table == "*" else gettext("%(piece)s, table %(table)s", piece=piece, table=table)
