"""What those who come answered: for one of them, for the columns of a file, and counted for the whole event."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select, union_all

from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor
from app.db import db
from app.events.models import Event, Question
from app.people.models import MedicalNote, Person
from app.signups.models import SEATED, STANDING, Place, QuestionAnswer

# {place's id: {question's id: value}}
ByPlace = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Tally:
    """How many people gave one answer: those with a seat, and those who wait. `seats` limits both together."""

    value: str
    seated: int
    waiting: int
    seats: int | None = None


@dataclass(frozen=True)
class Told:
    """An answer in somebody's own words."""

    place_id: str
    name: str
    value: str
    is_waiting: bool


@dataclass(frozen=True)
class Result:
    """One question with its answers counted, or, where they are words, listed. `silent` are those who said nothing."""

    question: Question
    tallies: Sequence[Tally] = ()
    told: Sequence[Told] = ()
    silent: int = 0


@dataclass(frozen=True)
class Summary:
    """All that an event was told. People are counted, not parties."""

    people: int
    results: Sequence[Result] = ()
    sizes: Sequence[Tally] = ()
    diets: Sequence[Tally] = ()
    notes: int = 0


@dataclass(frozen=True)
class AnswerColumns:
    """What a file holds beyond the roster itself, as far as its reader may see answers."""

    has_diet: bool = False
    questions: Sequence[Question] = ()
    said: ByPlace = field(default_factory=dict)


NO_COLUMNS = AnswerColumns()


def can_see_answers(actor: Actor, event: Event) -> bool:
    """Coordinators and safety officers here; whoever gives the gifts needs no answers."""
    site = event.site
    return actor.holds(COORDINATOR, SAFETY_OFFICER, city=site.city, programme_id=event.programme_id, event_id=event.id)


def answer_columns(actor: Actor, event: Event) -> AnswerColumns:
    """The columns of answers for this reader."""
    if not can_see_answers(actor, event):
        return NO_COLUMNS
    questions = questions_answered(event.id)
    return AnswerColumns(event.asks_diet, questions, answers_by_place(event.id) if questions else {})


def questions_answered(event_id: str) -> list[Question]:
    """What the event asks, and what it asked once and somebody answered."""
    answered = select(QuestionAnswer.id).where(QuestionAnswer.question_id == Question.id).exists()
    query = select(Question).where(Question.event_id == event_id, or_(Question.deactivated_at.is_(None), answered))
    return list(db.session.scalars(query.order_by(Question.position, Question.created_at, Question.id)))


def answers_by_place(event_id: str, *, place_id: str | None = None) -> dict[str, dict[str, str]]:
    """What each person answered, what their party answered among it; of one place if it is named."""
    found: dict[str, dict[str, str]] = {}
    alone = QuestionAnswer.place_id == Place.id
    together = QuestionAnswer.place_id.is_(None) & (QuestionAnswer.signup_id == Place.signup_id)
    here = Place.event_id == event_id if place_id is None else (Place.event_id == event_id) & (Place.id == place_id)
    columns = (Place.id, QuestionAnswer.question_id, QuestionAnswer.value)
    query = union_all(*(select(*columns).join(QuestionAnswer, joined).where(here) for joined in (together, alone)))
    for id_, question_id, value in db.session.execute(query):
        found.setdefault(id_, {})[question_id] = value
    return found


def summary_of(event: Event) -> Summary:
    """The answers of those who go or hope to, counted; people in their own words by name."""
    query = (
        select(Place.id, Place.status, Place.tshirt_size, Place.diet, Person.surname, Person.given_name)
        .join(Person, Person.id == Place.person_id)
        .where(Place.event_id == event.id, Place.status.in_(STANDING))
        .order_by(Person.name_sort, Place.id)
    )
    lines, said = db.session.execute(query).all(), answers_by_place(event.id)
    return Summary(
        people=len(lines),
        results=[_result(question, lines, said) for question in questions_answered(event.id)],
        sizes=_tallies([(line.tshirt_size, line.status) for line in lines]) if event.asks_size else (),
        diets=_tallies([(line.diet, line.status) for line in lines]) if event.asks_diet else (),
        notes=_notes(event.id),
    )


def _result(question: Question, lines: Sequence[Any], said: ByPlace) -> Result:
    """`lines` are the rows of summary_of()."""
    given = [(line, said.get(line.id, {}).get(question.id, "")) for line in lines]
    silent = sum(not value for _, value in given)
    if question.kind == "text":
        told = [
            Told(line.id, f"{line.surname} {line.given_name}".strip(), value, line.status == "waiting")
            for line, value in given
            if value
        ]
        return Result(question, told=told, silent=silent)
    seats = {option["key"]: option.get("seats") for option in question.options}
    known = [*seats] if question.kind == "choice" else ["yes", "no"] if question.kind == "yes-no" else []
    pairs = [(value, line.status) for line, value in given if value]
    return Result(question, _tallies(pairs, known, seats), silent=silent)


def _tallies(
    pairs: Sequence[tuple[str, str]], known: Sequence[str] = (), seats: Mapping[str, int | None] | None = None
) -> list[Tally]:
    """Counted by answer: the known ones in their order, then others by number."""
    seated = Counter(value for value, status in pairs if status in SEATED)
    waiting = Counter(value for value, status in pairs if status not in SEATED)
    others = [value for value, _ in (seated + waiting).most_common() if value not in known]
    return [Tally(value, seated[value], waiting[value], (seats or {}).get(value)) for value in [*known, *others]]


def _notes(event_id: str) -> int:
    """How many of those who come have a note of health, here or on their profile."""
    noted = select(MedicalNote.person_id).where(MedicalNote.person_id == Place.person_id).exists()
    query = select(func.count()).where(
        Place.event_id == event_id, Place.status.in_(STANDING), or_(Place.medical_note.is_not(None), noted)
    )
    return db.session.scalar(query) or 0
