"""Replacing subject and first words of a letter about one event, and what then goes into the letters."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select, tuple_

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import N_, DomainError, Invalid, NotFound
from app.mail.override_models import LANGUAGES, LetterOverride
from app.mail.override_words import LETTERS, parsed, tidy

log = logging.getLogger(__name__)

Words = Mapping[str, tuple[str, str]]  # language -> subject, words
Checked = dict[str, tuple[str, str]]  # the same, tidy and without the languages that say nothing
Which = tuple[str, str, str]  # event, template, language


class NothingToReplace(DomainError):
    """Neither words before nor words now."""

    type = "nothing-to-replace"
    title = N_("Nothing was written")
    message = N_("Write subject and first words in at least one language.")


def replace_words(event: Any, template: str, wanted: Words, *, now: datetime, actor: Actor) -> list[LetterOverride]:
    """From now on the letter `template` about this event begins with these words.

    A language with neither subject nor words gets the house's letter. Raises NotFound for a letter whose words are not
    to be replaced, Invalid by field ("subject_ru"), NothingToReplace.
    """
    texts = checked(template, wanted)
    with transaction() as session:
        lock(event)
        before = {row.language: row for row in standing(event.id, template)}
        if not texts and not before:
            raise NothingToReplace
        changed = {code: row for code, row in before.items() if (row.subject, row.words) != texts.get(code)}
        for row in changed.values():
            row.ended_at = now
        session.flush()
        for code, (subject, words) in texts.items():
            if code in changed or code not in before:
                session.add(_row(event.id, template, code, subject, words, now=now, actor=actor))
        session.flush()
        _log(event, template, before, texts, now=now, actor=actor)
    return standing(event.id, template)


def checked(template: str, wanted: Words) -> Checked:
    """The words to keep, by language; raises NotFound, and Invalid with all that is wrong."""
    if template not in LETTERS:
        raise NotFound
    texts = {code: (tidy(subject), tidy(words)) for code, (subject, words) in wanted.items() if code in LANGUAGES}
    said = {code: pair for code, pair in texts.items() if any(pair)}
    for code, (subject, words) in said.items():
        parsed(subject, words, language=code)
    return said


def digest_of(texts: Words) -> str:
    """Tells whether the words that are to be kept are those that were looked at."""
    return hashlib.sha256(json.dumps(dict(texts), sort_keys=True).encode()).hexdigest()


def standing(event_id: str, template: str) -> list[LetterOverride]:
    """The words that go into letters now."""
    query = select(LetterOverride).where(LetterOverride.event_id == event_id, LetterOverride.template == template)
    return list(db.session.scalars(query.where(LetterOverride.ended_at.is_(None)).order_by(LetterOverride.language)))


def all_standing(event_id: str) -> list[LetterOverride]:
    """The same of all letters about the event, as pages list them."""
    query = select(LetterOverride).where(LetterOverride.event_id == event_id, LetterOverride.ended_at.is_(None))
    rows = db.session.scalars(query.order_by(LetterOverride.language)).all()
    return sorted(rows, key=lambda row: LETTERS.index(row.template))


def overrides_of(letters: Iterable[tuple[str | None, str, str]], *, at: datetime) -> dict[Which, dict[str, Any]]:
    """For letters (event, template, language), what takes the place of the house's words at this moment.

    One question for the whole batch; the answer is what `Claimed.override` wants. Words that can't be read any more
    (their field is gone since) are left out: letters must leave.
    """
    wanted = {each for each in letters if each[0] is not None and each[1] in LETTERS}
    if not wanted:
        return {}
    key = tuple_(LetterOverride.event_id, LetterOverride.template, LetterOverride.language)
    query = select(LetterOverride).where(
        key.in_(wanted),
        LetterOverride.created_at <= at,
        or_(LetterOverride.ended_at.is_(None), LetterOverride.ended_at > at),
    )
    found: dict[Which, dict[str, Any]] = {}
    for row in db.session.scalars(query):
        try:
            found[row.event_id, row.template, row.language] = override(row.id, row.subject, row.words)
        except Invalid:
            log.warning("own words %s can't be read any more; the house's go", row.id)
    return found


def override_at(event_id: str | None, template: str, language: str, *, at: datetime) -> dict[str, Any] | None:
    """The same for one letter; None where the house's words went."""
    return next(iter(overrides_of([(event_id, template, language)], at=at).values()), None)


@lru_cache(maxsize=256)
def override(override_id: str, subject: str, words: str) -> dict[str, Any]:
    """The words as a letter's frame prints them."""
    return {"id": override_id, **parsed(subject, words)}


def _row(
    event_id: str, template: str, language: str, subject: str, words: str, *, now: datetime, actor: Actor
) -> LetterOverride:
    return LetterOverride(
        event_id=event_id, template=template, language=language, subject=subject, words=words, created_at=now,
        created_by_id=actor.account_id,
    )  # fmt: skip


def _log(
    event: Any, template: str, before: Mapping[str, LetterOverride], after: Words, *, now: datetime, actor: Actor
) -> None:
    changes: dict[str, tuple[object, object]] = {"letter": (None, template)}
    for code in LANGUAGES:
        old = before.get(code)
        pair = (f"{old.subject}\n{old.words}" if old else None, "\n".join(after[code]) if code in after else None)
        if pair[0] != pair[1]:
            changes[f"words_{code}"] = pair
    record(actor, "replace_words", event, now=now, changes=changes)
