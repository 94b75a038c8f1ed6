"""Acts in the words of the reader's language: for the page, and for files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from app.history.queries import Line
from app.history.words import FIELDS, SILENT, VALUES, VERBS
from app.web.dates import HOME_ZONE, moment, numeric_date
from app.web.words import in_language

LANGUAGES = ("kk", "ru", "en")
LONGEST = 300
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
# Nobody knows a way back from these: that they changed is all there is to tell.
SECRET = ("hash", "secret", "password", "medical")


@dataclass(frozen=True)
class Change:
    """One field as people call it, before and after; erased when somebody's right to be forgotten took it."""

    field: str
    before: str
    after: str
    is_erased: bool = False


@dataclass(frozen=True)
class Told:
    """One act to read: when, who, for whom, what they did to whom, and what it changed."""

    at: datetime
    who: str
    lender: str
    did: str
    about: str
    about_id: str | None
    changes: list[Change]


class Teller:
    """Tells lines in one language and time zone, with the names of what ids in them point at."""

    def __init__(self, names: Mapping[str, Any], *, language: str, timezone: str = HOME_ZONE) -> None:
        self.names = names
        self.language = language
        self.timezone = timezone

    def told(self, line: Line) -> Told:
        """One line of the history."""
        entry = line.entry
        who = self._person(line.who) if entry.actor_account_id else gettext("Torangy by itself")
        about = self._person(line.about) if line.about else ""
        lender = self._person(line.lender) if line.lender else ""
        return Told(entry.at, who, lender, verb_name(entry.verb), about, entry.person_id, list(self._changes(line)))

    def _changes(self, line: Line) -> Iterator[Change]:
        for field in line.entry.fields:
            if field in SILENT:
                continue
            if line.changes is None or field not in line.changes:
                yield Change(field_name(field), "", "", is_erased=True)
            elif any(word in field for word in SECRET):
                yield Change(field_name(field), "", "•••")
            else:
                yield from self._pairs(field, *line.changes[field])

    def _pairs(self, field: str, before: Any, after: Any) -> Iterator[Change]:
        """A text in three languages is told language by language, and only those that changed."""
        both = [value or {} for value in (before, after)]
        if not all(isinstance(value, dict) and value.keys() <= set(LANGUAGES) for value in both):
            yield Change(field_name(field), self.value(field, before), self.value(field, after))
            return
        for code in LANGUAGES:
            old, new = (str(value.get(code) or "") for value in both)
            if old != new:
                yield Change(f"{field_name(field)} ({code})", _short(old), _short(new))

    def value(self, field: str, value: Any) -> str:
        """One value as people write it: words for statuses, names for ids, times of the place."""
        if value is None or value == "" or value == []:
            return ""
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, list):
            return _short(", ".join(self.value(field, one) for one in value))
        if isinstance(value, dict):
            return _short(self._of_dict(value))
        return self._of_text(field, str(value))

    def _of_text(self, field: str, text: str) -> str:
        known = VALUES.get(field, {}).get(text)
        if known:
            return gettext(known)
        if text in self.names:
            return self._name(self.names[text])
        if _MOMENT.fullmatch(text):
            return moment(datetime.fromisoformat(text), self.language, self.timezone)
        return numeric_date(date.fromisoformat(text)) if _DAY.fullmatch(text) else _short(text)

    def _of_dict(self, value: dict[str, Any]) -> str:
        if value.keys() <= set(LANGUAGES):
            return in_language(value, self.language)
        return "; ".join(f"{field_name(key)}: {self.value(key, inner)}" for key, inner in value.items())

    def _name(self, row: Any) -> str:
        if hasattr(row, "surname"):
            return self._person(row)
        return in_language(getattr(row, "name", None) or getattr(row, "title", None), self.language)

    @staticmethod
    def _person(person: Any) -> str:
        return person.short_name if person and not person.erased_at else gettext("somebody erased")


def verb_name(verb: str) -> str:
    """What was done, as people say it."""
    return gettext(VERBS[verb]) if verb in VERBS else verb.replace("_", " ")


def field_name(field: str) -> str:
    """What a field is called."""
    return gettext(FIELDS[field]) if field in FIELDS else field.removesuffix("_id").replace("_", " ")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
