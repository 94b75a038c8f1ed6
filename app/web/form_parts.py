"""What the form macros ask about WTForms fields: which are wrong, and which sentences on the page describe one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}  # the parts of a text in three languages


class WrongField(NamedTuple):
    """Where to jump to, and what it is called there."""

    id: str
    label: str


def wrong_fields(fields: Iterable[Any]) -> list[WrongField]:
    """The wrong fields of a WTForms form, those inside field groups and lists too."""
    found: list[WrongField] = []
    for field in fields:
        if not field.errors:
            continue
        inner = wrong_fields(_fields_within(field))
        group = f"{field.label.text}: " if field.label.text else ""
        found += [WrongField(part.id, group + part.label) for part in inner] or [WrongField(field.id, _label(field))]
    return found


def described_by(field: Any, help_text: object = None) -> dict[str, str]:
    """The attributes that tie a field to its help (id-h) and its error (id-e) for a screen reader."""
    ids = [f"{field.id}-h"] if help_text else []
    ids += [f"{field.id}-e"] if field.errors else []
    attributes = {"aria-describedby": " ".join(ids)} if ids else {}
    return attributes | {"aria-invalid": "true"} if field.errors else attributes


def _fields_within(field: Any) -> Iterable[Any]:
    inner: Iterable[Any] = field.form if hasattr(field, "form") else getattr(field, "entries", ())
    return inner


def _label(field: Any) -> str:
    return OWN_NAMES.get(field.short_name, str(field.label.text))
