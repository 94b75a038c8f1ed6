"""Which questions a party is asked, what is missing, what can't be so, and what is worth keeping. Pure.

Said is {(question's id, person's id, or "" for the party): value}, exactly as it came in. What was said to a question
that nobody asked, or of somebody who isn't in the party, counts for nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.db import Texts
from app.people.values import SIZES

LONGEST_ANSWER = 1000
YES_NO = ("yes", "no")
PARTY = ""

Said = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Option:
    """One choice; no `seats` means that nobody counts them, 0 that it is offered no more."""

    key: str
    label: Texts = field(default_factory=dict)
    seats: int | None = None


@dataclass(frozen=True)
class Asked:
    """A question as far as its rules go. It is shown where `shown_if_id` was shown and got `shown_if_answer`."""

    id: str
    kind: str
    label: Texts = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    is_per_person: bool = False
    is_required: bool = False
    shown_if_id: str | None = None
    shown_if_answer: str = ""

    @property
    def is_limited(self) -> bool:
        """Whether some choice of it can be full."""
        return any(option.seats is not None for option in self.options)

    @property
    def answers(self) -> tuple[str, ...]:
        """All answers that there are, none where people use their own words."""
        keys = tuple(option.key for option in self.options)
        return {"choice": keys, "size": SIZES, "yes-no": YES_NO}.get(self.kind, ())

    def option(self, key: str) -> Option | None:
        """The choice of this key."""
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True)
class Fault:
    """What is wrong with the answer of one person, or of the party: "missing", "unknown" or "too-long"."""

    question: Asked
    person_id: str
    why: str


def faults(questions: Sequence[Asked], person_ids: Iterable[str], said: Said) -> list[Fault]:
    """Everything that keeps the party out, in the order in which it is asked."""
    found = []
    for question, person_id in _shown(questions, list(person_ids), said):
        why = _why_not(question, _value(said, question.id, person_id))
        if why:
            found.append(Fault(question, person_id, why))
    return found


def kept(questions: Sequence[Asked], person_ids: Iterable[str], said: Said) -> dict[tuple[str, str], str]:
    """The answers worth writing down: given to a question that was shown, and not empty."""
    shown = _shown(questions, list(person_ids), said)
    values = {(question.id, person_id): _value(said, question.id, person_id) for question, person_id in shown}
    return {key: value for key, value in values.items() if value}


def wanted(questions: Sequence[Asked], person_ids: Iterable[str], said: Said) -> Counter[tuple[str, str]]:
    """How many people want which limited choice: {(question's id, key): people}. A party's choice is everybody's."""
    people = list(person_ids)
    limited = {question.id: question for question in questions if question.is_limited}
    counted: Counter[tuple[str, str]] = Counter()
    for (question_id, person_id), value in kept(questions, people, said).items():
        if question_id in limited:
            counted[question_id, value] += 1 if person_id else len(people)
    return counted


def _shown(questions: Sequence[Asked], people: Sequence[str], said: Said) -> list[tuple[Asked, str]]:
    """(question, person) for all that is asked; a question whose condition isn't met, or stands later, isn't."""
    shown: dict[tuple[str, str], Asked] = {}
    for question in questions:
        for person_id in people if question.is_per_person else [PARTY]:
            if _is_met(question, person_id, shown, said):
                shown[question.id, person_id] = question
    return [(question, person_id) for (_, person_id), question in shown.items()]


def _is_met(question: Asked, person_id: str, shown: Mapping[tuple[str, str], Asked], said: Said) -> bool:
    parent = question.shown_if_id
    if parent is None:
        return True
    # What one person is asked may hang on their own answer, or on the party's.
    for answered_by in {person_id, PARTY}:
        if (parent, answered_by) in shown and _value(said, parent, answered_by) == question.shown_if_answer:
            return True
    return False


def _value(said: Said, question_id: str, person_id: str) -> str:
    # No database keeps a NUL.
    return said.get((question_id, person_id), "").replace("\x00", "").strip()


def _why_not(question: Asked, value: str) -> str | None:
    if not value:
        return "missing" if question.is_required else None
    if question.kind == "text":
        return "too-long" if len(value) > LONGEST_ANSWER else None
    return None if value in question.answers else "unknown"
