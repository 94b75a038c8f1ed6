"""What operations of safety may say: briefings, signatures under them, incidents. Pure.

Nothing of an incident stands in its body, which other phones and the log of acts may show: all of it is secret.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.desk.log.bodies import (
    GROUP,
    LEAD,
    MANAGE,
    MARK,
    OWN,
    PERSON,
    SAFETY,
    Kind,
    Malformed,
    Raw,
    fields,
    ids,
    text,
    word,
    yes_no,
)

LANGUAGES = ("kk", "ru", "en")
MOST_STROKES, MOST_POINTS, WIDEST = 200, 4000, 4096
MOST_PHOTOS, LONGEST_PHOTO = 3, 700_000  # letters of base64


def strokes(raw: Raw) -> tuple[str, list[list[int]]]:
    """A signature: lines of points, each line as x, y, x, y, ... in whole numbers."""
    said = raw.get("strokes")
    if not isinstance(said, list) or not 0 < len(said) <= MOST_STROKES:
        raise Malformed("strokes")
    for line in said:
        if not isinstance(line, list) or len(line) < 4 or len(line) % 2:
            raise Malformed("strokes")
        if not all(type(value) is int and 0 <= value <= WIDEST for value in line):
            raise Malformed("strokes")
    if sum(map(len, said)) > 2 * MOST_POINTS:
        raise Malformed("strokes")
    return "strokes", said


def photos(raw: Raw) -> tuple[str, list[str]]:
    """Photographs as base64; whether they are any is seen when they are drawn anew."""
    said = raw.get("photos") or []
    if not isinstance(said, list) or len(said) > MOST_PHOTOS:
        raise Malformed("photos")
    if not all(isinstance(one, str) and len(one) <= LONGEST_PHOTO for one in said):
        raise Malformed("photos")
    return "photos", said


def moment(name: str) -> Callable[[Raw], tuple[str, str]]:
    """A moment with its offset, as text."""

    def read(raw: Raw) -> tuple[str, str]:
        said = raw.get(name) or ""
        try:
            found = datetime.fromisoformat(said) if said else None
        except (TypeError, ValueError) as error:
            raise Malformed(name) from error
        if found is not None and (found.tzinfo is None or not 2000 <= found.year <= 2199):
            raise Malformed(name)
        return name, found.isoformat() if found else ""

    return read


def _secret(read: Callable[[Raw], dict[str, Any]]) -> Callable[[Raw], dict[str, Any]]:
    """The same from where a phone puts it: into `secret`, or beside the rest."""

    def from_secret(raw: Raw) -> dict[str, Any]:
        inner = raw.get("secret")
        return read(inner if isinstance(inner, dict) else raw)

    return from_secret


_version = text("version", 20, needed=True)
_language = word("language", LANGUAGES)
SAFETY_KINDS = {
    "briefing": Kind(
        frozenset({MANAGE, SAFETY}),
        frozenset({GROUP}),
        fields(_version, _language, text("instructor", 120, needed=True), text("text", 500, needed=True)),
    ),
    "briefing_signature": Kind(
        frozenset({MARK, LEAD, MANAGE, SAFETY}), PERSON, fields(_version, _language), _secret(fields(strokes))
    ),
    "incident": Kind(
        frozenset({MARK, LEAD, MANAGE, SAFETY}),
        frozenset({OWN}),
        fields(),
        _secret(
            fields(
                yes_no("near_miss"),
                text("place", 200),
                ids("people"),
                text("text", 4000, needed=True),
                text("action", 2000),
                moment("guardian_told_at"),
                photos,
            )
        ),
    ),
}
