"""What a coordinator asks those who sign up, as plain values, and whether it can be asked so. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha256
from typing import Any

from app.db import Texts, new_id
from app.errors import N_
from app.events.models import QUESTION_KINDS, Question

MOST_QUESTIONS, MOST_OPTIONS, MOST_SEATS = 30, 30, 100_000
LONGEST_LABEL = 300
YES_NO = ("yes", "no")
DECIDES = ("choice", "yes-no")


@dataclass(frozen=True)
class OptionDraft:
    """One choice; a new one has no key yet. No seats: nobody counts; 0: it is offered no more."""

    label: Texts
    seats: int | None = None
    key: str = ""


@dataclass(frozen=True)
class QuestionDraft:
    """A question as a coordinator means it."""

    kind: str
    label: Texts
    options: tuple[OptionDraft, ...] = ()
    is_per_person: bool = False
    is_required: bool = False
    shown_if_id: str | None = None
    shown_if_answer: str = ""


PLAIN = tuple(item.name for item in fields(QuestionDraft) if item.name != "options")


def question_values(draft: QuestionDraft) -> dict[str, Any]:
    """The draft as {column: value}; a new choice gets the key that it keeps for good."""
    options = draft.options if draft.kind == "choice" else ()
    listed = [{"key": one.key or new_id()[:8], "label": one.label, "seats": one.seats} for one in options]
    answer = draft.shown_if_answer if draft.shown_if_id else ""
    return {name: getattr(draft, name) for name in PLAIN} | {"options": listed, "shown_if_answer": answer}


def question_version(question: Question) -> str:
    """A word that changes with the question: a form carries it, so that nobody overwrites another's work."""
    plain = [getattr(question, name) for name in (*PLAIN, "options")]
    return sha256(repr(plain).encode()).hexdigest()[:16]


def answers_that_decide(question: Question) -> list[str]:
    """The answers on which another question may hang."""
    if question.kind == "choice":
        return [option["key"] for option in question.options]
    return list(YES_NO) if question.kind in DECIDES else []


@dataclass(frozen=True)
class Surroundings:
    """What stands around a question: those before it, how it stands itself, and which of its answers were given."""

    before: Sequence[Question] = ()
    itself: Question | None = None
    given: Mapping[str, int] = field(default_factory=dict)
    hanging: Sequence[Question] = ()


def question_problems(draft: QuestionDraft, around: Surroundings) -> dict[str, str]:
    """{field: sentence} for everything that can't be so; empty when it can be asked."""
    return _label(draft) | _options(draft, around) | _condition(draft, around) | _what_stays(draft, around)


def _label(draft: QuestionDraft) -> dict[str, str]:
    texts = [text.strip() for text in draft.label.values() if text.strip()]
    if not texts:
        return {"label": N_("Write the question in one language at least.")}
    return {"label": N_("Make it shorter.")} if max(map(len, texts)) > LONGEST_LABEL else {}


def _options(draft: QuestionDraft, around: Surroundings) -> dict[str, str]:
    if draft.kind not in QUESTION_KINDS:
        return {"kind": N_("Choose one of the list.")}
    if draft.kind != "choice":
        return {}
    if not 2 <= len(draft.options) <= MOST_OPTIONS:
        return {"options": N_("A choice has 2 to 30 answers.")}
    if not all(any(text.strip() for text in option.label.values()) for option in draft.options):
        return {"options": N_("Name each answer in one language at least.")}
    if any(option.seats is not None and not 0 <= option.seats <= MOST_SEATS for option in draft.options):
        return {"options": N_("Seats are a whole number; 0 offers the answer no more.")}
    keys = [option.key for option in draft.options if option.key]
    known = {one["key"] for one in around.itself.options} if around.itself else set()
    if len(set(keys)) != len(keys) or set(keys) - known:
        return {"options": N_("Somebody changed this question meanwhile. Open it anew.")}
    return {}


def _condition(draft: QuestionDraft, around: Surroundings) -> dict[str, str]:
    if draft.shown_if_id is None:
        return {}
    parent = next((one for one in around.before if one.id == draft.shown_if_id), None)
    if parent is None or draft.shown_if_answer not in answers_that_decide(parent):
        return {"shown_if": N_("Choose an answer of a question that stands before this one.")}
    if parent.is_per_person and not draft.is_per_person:
        return {"shown_if": N_("A question for the whole party can't hang on the answer of one person.")}
    return {}


def _what_stays(draft: QuestionDraft, around: Surroundings) -> dict[str, str]:
    if around.itself is None:
        return {}
    if around.given and draft.kind != around.itself.kind:
        return {"kind": N_("Some have answered already: the kind stays. Change the words, or ask a new question.")}
    if around.given and draft.is_per_person != around.itself.is_per_person:
        return {"is_per_person": N_("Some have answered already: whom it is asked stays. Ask a new question.")}
    return _hangs_still(draft, around) | _answers_stay(draft, around)


def _answers_stay(draft: QuestionDraft, around: Surroundings) -> dict[str, str]:
    keys = {option.key for option in draft.options}
    if draft.kind == "choice" and set(around.given) - keys:
        return {"options": N_("Somebody chose the answer that is missing now. Give it 0 seats to offer it no more.")}
    return {}


def _hangs_still(draft: QuestionDraft, around: Surroundings) -> dict[str, str]:
    """Others may be shown by its answers: those answers stay, and so does whom it is asked."""
    if not around.hanging:
        return {}
    stay = {"choice": [option.key for option in draft.options], "yes-no": list(YES_NO)}.get(draft.kind, [])
    if any(one.shown_if_answer not in stay for one in around.hanging):
        name = "options" if draft.kind == "choice" else "kind"
        return {name: N_("Another question is shown by one of its answers. Change that one first.")}
    if draft.is_per_person and not all(one.is_per_person for one in around.hanging):
        return {"is_per_person": N_("Another question is shown by one of its answers. Change that one first.")}
    return {}
