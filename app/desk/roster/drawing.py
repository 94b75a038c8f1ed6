"""Lines of a page that look alike are drawn once. The template draws one line of each look with marks where the
words differ; the others are the same line with their own words. A page of hundreds has some dozens of looks.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from app.attendance.queries import Attendance
from app.desk.roster.roster import RosterRow
from app.web.dates import clock

# What differs from line to line; each stands in a drawn line as a letter that no text holds.
DIFFER = (
    "number",
    "place_id",
    "name",
    "age",
    "group",
    "bus",
    "personnel_number",
    "department",
    "since",
    "mark_id",
    "id",
)
SLOTS = {name: chr(0xE000 + at) for at, name in enumerate(DIFFER)}
SLOT = re.compile(f"[{SLOTS['number']}-{SLOTS['id']}]")


def drawn_alike(
    rows: Iterable[RosterRow], draw: Callable[..., str], *, first: int, entry_ids: str, timezone: str, **said: Any
) -> Markup:
    """All lines in one text. `draw` is the template's macro of a line, `said` goes to it as it is.

    `entry_ids` is how the ids of this page's forms begin: the line and the form in it make the rest.
    """
    looks: dict[object, str] = {}
    lines = []
    for number, row in enumerate(rows, start=first):
        look = _look(row)
        if look not in looks:
            looks[look] = _line_of(draw(_sample(row), number=SLOTS["number"], since=SLOTS["since"], ids=_Ids(), **said))
        lines.append(looks[look] % _words(row, number, entry_ids, timezone))
    return Markup("".join(lines))


class _Ids:
    """What a macro calls for the id of a form: the line's, and which form of the line it is."""

    def __init__(self) -> None:
        self.forms = 0

    def __call__(self) -> str:
        self.forms += 1
        return f"{SLOTS['id']}{self.forms:02x}"


def _look(row: RosterRow) -> object:
    """Lines with the same are the same but for the words of DIFFER."""
    given = [(gift.size, gift.hand_out_id is None, gift.is_due) for gift in row.gifts]
    filled = (row.age is None, not row.group, not row.bus, not row.personnel_number, not row.department)
    shift = None if row.shift is None else tuple(row.shift.items())
    return (
        row.status, row.attendance.state, row.attendance.arrived_at is None, row.consent, row.has_note, *filled, *given,
        row.size, row.school_class, row.labels, row.notes, row.city, shift,
    )  # fmt: skip


def _sample(row: RosterRow) -> RosterRow:
    """The line with marks for words. What is empty stays empty, because the template leaves it out."""
    marks: dict[str, Any] = {
        name: SLOTS[name]
        for name in ("age", "group", "bus", "personnel_number", "department")
        if getattr(row, name) not in (None, "")
    }
    marks["attendance"] = Attendance(
        row.attendance.state, row.attendance.at, SLOTS["mark_id"], row.attendance.arrived_at
    )
    return row._replace(place_id=SLOTS["place_id"], surname=SLOTS["name"], given_name="", **marks)


def _line_of(drawn: str) -> str:
    return SLOT.sub(lambda found: f"%({DIFFER[ord(found[0]) - 0xE000]})s", str(drawn).replace("%", "%%"))


def _words(row: RosterRow, number: int, entry_ids: str, timezone: str) -> dict[str, object]:
    at: datetime | None = row.attendance.at
    return {
        "number": number,
        "place_id": row.place_id,
        "name": escape(row.name),
        "age": row.age,
        "group": escape(row.group),
        "bus": escape(row.bus),
        "personnel_number": escape(row.personnel_number),
        "department": escape(row.department),
        "since": clock(at, timezone) if at else "",
        "mark_id": row.attendance.entry_id,
        "id": f"{entry_ids}{number:010x}",
    }
