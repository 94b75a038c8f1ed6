"""Acts in the words of the reader's language: for the page, and for files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from app.errors import N_
from app.history.queries import IDS, Line, Name, scope_of
from app.history.values import words_for
from app.history.words import FIELDS, FIELDS_OF, SILENT, VERBS
from app.rosters.duty_words import SKILL_NAMES
from app.rosters.group_words import container_name
from app.web.dates import HOME_ZONE, moment, numeric_date
from app.web.words import in_language

LANGUAGES = {"kk": N_("in Kazakh"), "ru": N_("in Russian"), "en": N_("in English")}
LONGEST = 300
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?(, \d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?)*")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
# Nobody knows a way back from these: that they changed is all there is to tell.
SECRET = ("hash", "secret", "password", "medical")
# These hold several of our words in one, or one of our words and where it holds.
SEVERAL, CONTAINERS = {"kinds"}, {"group": "groups", "bus": "buses"}


Act = tuple[str, str]  # the table of the row, and what was done


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

    def __init__(self, names: Mapping[str, Name], *, language: str, timezone: str = HOME_ZONE) -> None:
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
        entry, act = line.entry, (line.entry.object_type, line.entry.verb)
        for field in entry.fields:
            if field in SILENT:
                continue
            name = field_name(field, *act)
            if line.changes is None or field not in line.changes:
                yield Change(name, "", "", is_erased=True)
            elif any(word in field for word in SECRET):
                yield Change(name, "", "•••")
            else:
                yield self._pair(act, field, name, *line.changes[field])

    def _pair(self, act: Act, field: str, name: str, before: Any, after: Any) -> Change:
        both = [value or {} for value in (before, after)]
        if any(both) and all(isinstance(value, dict) and value.keys() <= LANGUAGES.keys() for value in both):
            return self._texts(name, *both)
        return Change(name, self.value(act, field, before), self.value(act, field, after))

    def _texts(self, name: str, before: dict[str, Any], after: dict[str, Any]) -> Change:
        """A text in three languages: in the reader's own, and in which others it changed too."""
        pairs = {code: (str(before.get(code) or ""), str(after.get(code) or "")) for code in LANGUAGES}
        changed = [code for code, (old, new) in pairs.items() if old != new] or [self.language]
        shown = self.language if self.language in changed else changed[0]
        others = [gettext(LANGUAGES[code]) for code in changed if code != shown]
        said = [gettext(LANGUAGES[shown])] if shown != self.language else []
        said += [gettext("and %(languages)s", languages=", ".join(others))] if others else []
        old, new = pairs[shown]
        return Change(f"{name} ({' '.join(said)})" if said else name, _short(old), _short(new))

    def value(self, act: Act, field: str, value: Any) -> str:
        """One value as people write it: words for statuses, names for ids, times of the place."""
        if value is None or value == "" or value == [] or value == {}:
            return ""
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, list):
            between = "; " if isinstance(value[0], dict) else ", "
            return _short(between.join(self.value(act, field, one) for one in value))
        if isinstance(value, dict):
            return _short(self._of_dict(act, field, value))
        return self._of_text(act, field, str(value))

    def _of_text(self, act: Act, field: str, text: str) -> str:
        words = words_for(*act, field)
        if text in words:
            return gettext(words[text])
        if field in IDS and text in self.names:
            return self._name(self.names[text])
        if field in SEVERAL:
            return ", ".join(gettext(words.get(part) or FIELDS.get(part, part)) for part in re.split(", ?", text))
        if field == "role":
            where = [self._name(self.names[part]) for part in scope_of(text) if part in self.names]
            role = text.partition(" ")[0]
            return ", ".join([gettext(words[role]) if role in words else role, *where])
        if field == "field":
            return field_name(text)
        return self._of_figures(text, CONTAINERS.get(field))

    def _of_figures(self, text: str, what: str | None) -> str:
        if what:
            return container_name(what, text)
        if _MOMENT.fullmatch(text):
            return moment(datetime.fromisoformat(text), self.language, self.timezone)
        if _DAYS.fullmatch(text):
            return _DAY.sub(lambda day: numeric_date(date.fromisoformat(day[0])), text).replace("/", "–")
        return _short(text)

    def _of_dict(self, act: Act, field: str, value: dict[str, Any]) -> str:
        if value.keys() <= LANGUAGES.keys():
            return in_language(value, self.language)
        words = words_for(*act, field)
        # Not every database keeps the order in which the parts were written.
        order = [*words, *FIELDS]
        keys = sorted(value, key=lambda key: (order.index(key) if key in order else len(order), key))
        names = {key: gettext(words[key]) if key in words else field_name(key, *act) for key in keys}
        told = {key: self.value(act, key, value[key]) for key in keys if key not in SILENT}
        return ", ".join(f"{names[key]}: {one}" for key, one in told.items() if one)

    def _name(self, found: Name) -> str:
        if found.kind == "person":
            return found.name or gettext("somebody erased")
        if found.kind in CONTAINERS:
            return container_name(CONTAINERS[found.kind], found.name)
        return in_language(found.name, self.language) if isinstance(found.name, dict) else str(found.name)

    @staticmethod
    def _person(person: Any) -> str:
        return person.short_name if person and not person.erased_at else gettext("somebody erased")


def verb_name(verb: str) -> str:
    """What was done, as people say it."""
    return gettext(VERBS[verb]) if verb in VERBS else verb.replace("_", " ")


def field_name(field: str, table: str = "", verb: str = "") -> str:
    """What a field is called, in the rows of that table and in that act."""
    if field.startswith("skill_"):
        return f"{gettext('Skill')}: {gettext(SKILL_NAMES[field.removeprefix('skill_')])}"
    own = FIELDS_OF.get(verb, {}).get(field) or FIELDS_OF.get(table, {}).get(field) or FIELDS.get(field)
    return gettext(own) if own else field.removesuffix("_id").replace("_", " ")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
