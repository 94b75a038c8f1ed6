"""The roster as a spreadsheet, in the reader's language. Nothing medical leaves the system this way."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from flask_babel import gettext

from app.db import Texts
from app.desk.roster.question_answers import NO_COLUMNS, AnswerColumns
from app.desk.roster.roster import GiftLine, RosterRow
from app.errors import N_
from app.events.models import Question
from app.events.question_forms import spoken_answer
from app.gifts.queries import EventItem
from app.signups.question_forms import diet_word
from app.web.words import in_language

T = TypeVar("T")
NO_CITIES: Mapping[str, Texts] = MappingProxyType({})
HEADINGS = (
    N_("No."), N_("Surname and name"), N_("Age"), N_("Personnel number"), N_("Department"), N_("Class"), N_("City"),
    N_("Group"), N_("Bus"), N_("Shift"), N_("Labels"),
    N_("Status"), N_("Consent"), N_("Ticket"), N_("Attendance"), N_("Came at"), N_("T-shirt size"),
)  # fmt: skip
# Under which column of the page each of these is chosen; "" is in every file, None in the whole one alone.
CHOSEN_AS = (
    "", "", "age", "number", "department", "department", "city", "group",
    "bus", "shift", "labels",
    "status", "consent", None, "attendance", "attendance", "gifts",
)  # fmt: skip
# The same words as the chips on the page.
STATUSES = {
    "confirmed": N_("Confirmed"),
    "waiting": N_("In the queue"),
    "offered": N_("Seat offered"),
    "declined": N_("Offer declined"),
    "cancelled": N_("Withdrawn"),
}
ATTENDANCES = {
    "expected": N_("Expected"),
    "present": N_("Present"),
    "absent": N_("Did not come"),
    "excused": N_("Excused"),
    "left": N_("Left"),
}
CONSENTS = {"given": N_("Consent given"), "missing": N_("No consent")}


def headings(gifts: Sequence[EventItem], language: str, columns: AnswerColumns = NO_COLUMNS) -> list[str]:
    """The heads of the columns; each gift of the event has two, each of its questions one."""
    of_gifts = []
    for name in (in_language(gift.name, language) for gift in gifts):
        of_gifts += [gettext("%(item)s: size", item=name), gettext("%(item)s: given at", item=name)]
    food = [gettext("Food")] if columns.has_diet else []
    questions = [in_language(question.label, language) for question in columns.questions]
    return [gettext(heading) for heading in HEADINGS] + of_gifts + food + questions


def cells(
    rows: Iterable[RosterRow],
    columns: AnswerColumns = NO_COLUMNS,
    *,
    language: str = "kk",
    cities: Mapping[str, Texts] = NO_CITIES,
) -> Iterator[list[object]]:
    """The lines under these heads; `cities` are their names by id.

    The few words are translated once, not for each of thousands of lines.
    """
    named = {slug: in_language(name, language) for slug, name in cities.items()}
    statuses, consents, states = _spoken(STATUSES), _spoken(CONSENTS), _spoken(ATTENDANCES)
    for number, row in enumerate(rows, start=1):
        yield [
            number,
            row.full_name,
            row.age,
            row.personnel_number,
            row.department,
            row.school_class,
            named.get(row.city, row.city),
            row.group,
            row.bus,
            in_language(row.shift, language),
            ", ".join(row.labels),
            statuses[row.status],
            consents[row.consent] if row.consent else "",
            row.ticket,
            states[row.attendance.state] if row.is_confirmed else "",
            row.attendance.arrived_at,
            row.size,
            *(cell for gift in row.gifts for cell in _of_gift(gift)),
            *([diet_word(row.diet)] if columns.has_diet else []),
            *_answers(columns.questions, columns.said.get(row.place_id, {})),
        ]


def kept_columns(chosen: Collection[str], gifts: Sequence[EventItem]) -> list[int] | None:
    """Which of all columns go into a file of those chosen for the page; None where nobody chose: all of them."""
    if not chosen:
        return None
    of_gifts = range(len(HEADINGS), len(HEADINGS) + 2 * len(gifts)) if "gifts" in chosen else ()
    return [*(at for at, name in enumerate(CHOSEN_AS) if name == "" or name in chosen), *of_gifts]


def only(kept: Sequence[int] | None, lines: Iterable[Sequence[T]]) -> Iterable[Sequence[T]]:
    """These columns of each line."""
    return lines if kept is None else ([line[at] for at in kept] for line in lines)


def _spoken(words: Mapping[str, str]) -> dict[str, str]:
    return {name: gettext(word) for name, word in words.items()}


def _answers(asked: Sequence[Question], said: Mapping[str, str]) -> list[object]:
    return [spoken_answer(question, said[question.id]) if question.id in said else "" for question in asked]


def _of_gift(gift: GiftLine) -> tuple[object, object]:
    return (gift.size, gift.given_at) if gift.is_due or gift.is_given else ("", None)
