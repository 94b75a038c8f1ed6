"""Forms: a letter rendered once with gaps, and filled for each reader; and where forms are kept.

The shape of a context is the context with slots for what is the reader's own: texts outside of what SHARED names that
fill a gap the same way whatever they say. Two letters of one shape differ only in what fills them.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from app.db import transaction
from app.mail.form_models import MailForm
from app.mail.slots import Piece, Slot, cut, escaped, filled, squeezed
from app.mail.templates import Words

# What speaks of the event or of all its letters; the rest of a context is taken to be the reader's.
SHARED = frozenset({"event", "language", "base_url", "reader_zone", "own_words"})
LONGEST = 300  # letters of what fills a gap; what is longer was hardly written for one reader

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Shape:
    """A context with slots, what fills them in this letter, where in the context that stands; and all the rest."""

    context: dict[str, Any]
    values: list[str]
    paths: list[Path]
    rest: list[Any]

    @property
    def key(self) -> str:
        """The same for all letters of one form."""
        return repr(self.rest)


@dataclass(frozen=True)
class Form:
    """What the letters of one shape share; `shape` is what is known of it from a letter's row."""

    id: str
    shape: str
    paths: tuple[Path, ...]
    subject: list[Piece]
    text: list[Piece]
    html: list[Piece]
    calendar: str | None

    def filled(self, values: list[str]) -> Words:
        """One reader's letter."""
        return Words(filled(self.subject, values), filled(self.text, values), filled(self.html, values))

    def parts(self) -> dict[str, Any]:
        """As JSON."""
        pieces = {"subject": self.subject, "text": self.text, "html": self.html}
        return {"slots": [list(path) for path in self.paths], "calendar": self.calendar, **pieces}


def shape_of(context: Mapping[str, Any], literal: Collection[Path], base_url: str) -> Shape:
    """Where the slots of this context are; `literal` are places (any number is None) whose values are shared."""
    shape = Shape({}, [], [], [])
    for name, value in context.items():
        shape.rest.append(name)
        if name in SHARED:
            shape.context[name] = value
            shape.rest.append(value)
        else:
            shape.context[name] = _shaped(value, (name,), name, shape, literal, base_url)
    return shape


def with_values(context: Any, values: list[str]) -> Any:
    """The shape's context again with these values in its slots."""
    if isinstance(context, Slot):
        return values[context.number]
    if isinstance(context, dict):
        return {name: with_values(one, values) for name, one in context.items()}
    return [with_values(one, values) for one in context] if isinstance(context, list) else context


def place_of(path: Path) -> Path:
    """The path, whichever of a list's entries it goes through."""
    return tuple(None if isinstance(step, int) else step for step in path)  # type: ignore[misc] # mypy loses what a generator's tuple holds


def form_of(words: Words, paths: list[Path], shape: str, calendar: str | None) -> Form:
    """The form that was rendered with slots at these places."""
    pieces = cut(squeezed(words.subject)), cut(words.text), cut(escaped(words.html))
    form = Form("", shape, tuple(paths), *pieces, calendar)
    written = json.dumps([shape, form.parts()], ensure_ascii=False, sort_keys=True)
    return replace(form, id=hashlib.sha256(written.encode()).hexdigest()[:32])


def form_in(row: MailForm) -> Form:
    """The form that a row keeps."""
    parts = row.parts
    subject, text, html = (
        [one if isinstance(one, str) else (int(one[0]), str(one[1])) for one in parts[name]]
        for name in ("subject", "text", "html")
    )
    return Form(
        row.id, row.shape, tuple(tuple(path) for path in parts["slots"]), subject, text, html, parts["calendar"]
    )


def values_for(form: Form, context: Mapping[str, Any], base_url: str) -> list[str]:
    """What fills the form from a letter's context; raises LookupError where it has nothing at such a place."""
    return [_ready(str(path[-1]), _at(context, path), base_url) for path in form.paths]


def keep(form: Form, template: str, language: str, *, now: datetime) -> None:
    """Puts the form down, or that it was used again today."""
    with transaction() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        known = {"shape": form.shape, "template": template, "language": language, "parts": form.parts()}
        row = insert(MailForm).values(id=form.id, created_at=now, seen_on=now.date(), **known)
        session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"seen_on": now.date()}))


def drop_forms(*, unused_since: date) -> int:
    """Forgets forms that no letter used since that day, and says how many."""
    with transaction() as session:
        gone = delete(MailForm).where(MailForm.seen_on < unused_since).returning(MailForm.id)
        return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def _shaped(value: Any, path: Path, name: str, shape: Shape, literal: Collection[Path], base_url: str) -> Any:
    if isinstance(value, dict):
        shape.rest.append(list(value))
        return {key: _shaped(one, (*path, key), key, shape, literal, base_url) for key, one in value.items()}
    if isinstance(value, list):
        shape.rest.append(len(value))
        return [_shaped(one, (*path, at), name, shape, literal, base_url) for at, one in enumerate(value)]
    if not isinstance(value, str) or not _fills(name, value) or (literal and place_of(path) in literal):
        shape.rest.append((value,))
        return value
    shape.rest.append("slot")
    shape.paths.append(path)
    shape.values.append(_ready(name, value, base_url))
    return Slot(len(shape.paths) - 1)


def _fills(name: str, value: str) -> bool:
    """Whether it comes to the same to put it in later."""
    return 0 < len(value) <= LONGEST and value == value.strip() and not name.endswith(("_at", "_on"))


def _ready(name: str, value: str, base_url: str) -> str:
    return base_url + value if value.startswith("/") and (name == "url" or name.endswith("_url")) else value


def _at(context: Any, path: Path) -> str:
    for step in path:
        context = context[step]
    return str(context)
