"""Reads of questions and answers: what an event asks, what was said, what is left of a limited choice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, func, select

from app.db import db
from app.events.models import Event, Question
from app.people.models import MedicalNote, Person
from app.people.values import DIETS
from app.rows import read
from app.signups.asked import PARTY, Asked, Option, Said
from app.signups.models import STANDING, Place, QuestionAnswer, SignUp

Q, A, P = Question.__table__, QuestionAnswer.__table__, Place.__table__
# Tables rather than models, built once: every sign-up asks this, and most events have none.
QUESTIONS = (
    select(
        Q.c.id, Q.c.kind, Q.c.label, Q.c.options, Q.c.is_per_person, Q.c.is_required, Q.c.shown_if_id,
        Q.c.shown_if_answer,
    )
    .where(Q.c.event_id == bindparam("event_id"), Q.c.deactivated_at.is_(None))
    .order_by(Q.c.position, Q.c.id)
)  # fmt: skip
TOGETHER = select(A.c.question_id, A.c.value).where(A.c.signup_id == bindparam("signup_id"), A.c.place_id.is_(None))
CHOSEN_ALONE = (
    select(A.c.question_id, A.c.value, func.count())
    .join(P, P.c.id == A.c.place_id)
    .where(
        A.c.question_id.in_(bindparam("questions", expanding=True)),
        P.c.status.in_(STANDING),
        P.c.id != bindparam("but"),
    )
    .group_by(A.c.question_id, A.c.value)
)
CHOSEN_TOGETHER = (
    select(A.c.question_id, A.c.value, func.count())
    .join(P, P.c.signup_id == A.c.signup_id)
    .where(
        A.c.question_id.in_(bindparam("questions", expanding=True)),
        A.c.place_id.is_(None),
        P.c.status.in_(STANDING),
        P.c.id != bindparam("but"),
    )
    .group_by(A.c.question_id, A.c.value)
)


@dataclass(frozen=True)
class Sheet:
    """What is asked beside the names: the event's own questions and the three usual ones, with what is known.

    `said` is what a party that stands already answered together; it isn't asked again.
    """

    questions: Sequence[Asked] = ()
    asks_size: bool = False
    asks_diet: bool = False
    asks_medical: bool = False
    chosen: Mapping[tuple[str, str], int] = field(default_factory=dict)
    diets: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    said: Said = field(default_factory=dict)

    @property
    def of_person(self) -> list[Asked]:
        """Asked of each person."""
        return [question for question in self.questions if question.is_per_person and self._may_show(question)]

    @property
    def of_party(self) -> list[Asked]:
        """Asked once."""
        together = [question for question in self.questions if not question.is_per_person]
        return [question for question in together if (question.id, PARTY) not in self.said and self._may_show(question)]

    @property
    def diet_words(self) -> dict[str, str]:
        """{diet: its name to translate}."""
        return DIETS

    @property
    def asks_people(self) -> bool:
        """Whether anything but the size is asked of each person."""
        return self.asks_diet or self.asks_medical or bool(self.of_person)

    def left_of(self, question: Asked, option: Option) -> int | None:
        """Seats left of a choice, None where nobody counts them."""
        if option.seats is None:
            return None
        return max(0, option.seats - self.chosen.get((question.id, option.key), 0))

    def parent_of(self, question: Asked) -> Asked | None:
        """The question on this sheet whose answer decides whether this one is shown."""
        parent = self._parent(question)
        return None if parent and (parent.id, PARTY) in self.said else parent

    def _may_show(self, question: Asked) -> bool:
        """Unless what the party said already rules it out."""
        parent = self._parent(question)
        if parent is None:
            return True
        return self._may_show(parent) and self.said.get((parent.id, PARTY), question.shown_if_answer) == (
            question.shown_if_answer
        )

    def _parent(self, question: Asked) -> Asked | None:
        return next((one for one in self.questions if one.id == question.shown_if_id), None)


def sheet_for(event: Event, family: Sequence[Person]) -> Sheet:
    """What the sheet of this event asks. Of `family`, the reader and their children, diets and kept notes are known."""
    questions = questions_of(event.id)
    limited = [question.id for question in questions if question.is_limited]
    return Sheet(
        questions=questions,
        asks_size=event.asks_size,
        asks_diet=event.asks_diet,
        asks_medical=event.asks_medical,
        chosen=seats_chosen(limited) if limited else {},
        diets={person.id: person.diet for person in family} if event.asks_diet else {},
        notes=_kept_notes([person.id for person in family]) if event.asks_medical else {},
    )


def sheet_of_party(sheet: Sheet, signup: SignUp) -> Sheet:
    """The same sheet for those who join a party: what it answered together is not asked again."""
    return replace(sheet, said=party_answers(signup.id)) if sheet.questions else sheet


def questions_of(event_id: str) -> list[Asked]:
    """The questions of an event in their order."""
    return [_asked(row) for row in read(QUESTIONS, {"event_id": event_id})]


def party_answers(signup_id: str) -> dict[tuple[str, str], str]:
    """What the party answered together, as {(question's id, ""): value}."""
    rows = db.session.execute(TOGETHER, {"signup_id": signup_id})
    return {(question_id, ""): value for question_id, value in rows}


def seats_chosen(question_ids: Collection[str], *, but: Place | None = None) -> dict[tuple[str, str], int]:
    """{(question's id, key): people who chose it and still go or hope to}; a party's choice is everybody's.

    The place `but` isn't counted: somebody else takes it over.
    """
    chosen: dict[tuple[str, str], int] = {}
    values = {"questions": list(question_ids), "but": but.id if but else ""}
    for statement in (CHOSEN_ALONE, CHOSEN_TOGETHER):
        for question_id, value, count in db.session.execute(statement, values):
            chosen[question_id, value] = chosen.get((question_id, value), 0) + count
    return chosen


def _asked(row: Any) -> Asked:
    options = tuple(Option(one["key"], one["label"], one.get("seats")) for one in row.options)
    return Asked(
        row.id, row.kind, row.label, options, row.is_per_person, row.is_required, row.shown_if_id, row.shown_if_answer
    )


def _kept_notes(person_ids: Sequence[str]) -> dict[str, str]:
    """Notes that somebody chose to keep on the person's own profile."""
    query = select(MedicalNote.person_id, MedicalNote.text)
    rows = db.session.execute(query.where(MedicalNote.person_id.in_(person_ids), MedicalNote.keep.is_(True)))
    return dict(rows.all())
