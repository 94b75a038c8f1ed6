"""Forms of gifts: an item, an entry in the ledger."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from wtforms import FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.attendance.entry_ids import new_entry_id
from app.errors import N_
from app.gifts.models import GiftItem
from app.people.models import City
from app.web.fields import DateField
from app.web.filters import size_word
from app.web.forms import BaseForm, TextsForm, language
from app.web.words import in_language

KINDS = {
    "receipt": N_("Receipt: pieces came"),
    "loss": N_("Loss: pieces are gone"),
    "correction": N_("Correction: counted anew (may be below zero)"),
    "return": N_("Return: somebody gave one back"),
    "transfer": N_("Transfer to another city"),
}
# Between an item's id and its size in one choice; no id holds it.
OF_SIZE = ":"


class ItemForm(BaseForm):
    """A thing to give and the sizes it comes in."""

    name = FormField(TextsForm, label=lazy_gettext("Name"))
    sizes = StringField(lazy_gettext("Sizes"), [Optional(), Length(max=400)])


class EntryForm(BaseForm):
    """So many came or went. Item and size are one choice, so that no size is asked of a cap."""

    entry_id = HiddenField()
    kind = SelectField(lazy_gettext("What happened"), [InputRequired()])
    piece = SelectField(lazy_gettext("Item and size"), [InputRequired()])
    quantity = IntegerField(lazy_gettext("Pieces"), [InputRequired()])
    store = SelectField(lazy_gettext("City"), [InputRequired()])
    to_store = SelectField(lazy_gettext("To which city (for a transfer)"), [Optional()])
    note = StringField(lazy_gettext("Note"), [Optional(), Length(max=200)])

    def offer(self, items: Sequence[GiftItem], own: Sequence[City], others: Sequence[City]) -> None:
        """Fills the choices: the actor's own stores, and any city to send pieces to."""
        self.kind.choices = [(kind, gettext(word)) for kind, word in KINDS.items()]
        self.piece.choices = [("", "—"), *((value, word) for item in items for value, word in _pieces(item))]
        self.store.choices = [(city.slug, in_language(city.name, language())) for city in own]
        self.to_store.choices = [("", "—"), *((city.slug, in_language(city.name, language())) for city in others)]
        if not self.entry_id.data:
            self.entry_id.data = new_entry_id()

    @property
    def item_and_size(self) -> tuple[str, str]:
        """What was chosen."""
        item_id, _, size = str(self.piece.data).partition(OF_SIZE)
        return item_id, size


class OrderDateForm(BaseForm):
    """Until when gifts are ordered; left empty where nobody orders."""

    day = DateField(lazy_gettext("Order until"), [Optional()])


def _pieces(item: GiftItem) -> list[tuple[str, str]]:
    name = in_language(item.name, language())
    return [(f"{item.id}{OF_SIZE}{size}", f"{name} {size_word(size)}".strip()) for size in item.sizes or [""]]
