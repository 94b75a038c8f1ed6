"""Answers to an event's questions: checked before a party is taken, written down with it. They join its transaction.

The event's lock is held, so what is left of a limited choice can be counted. An event without questions pays one small
indexed read when a party is checked, and none when it is written.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert

from app.db import db, new_id
from app.events.models import Event
from app.people.changing import set_note
from app.people.models import MedicalNote, Person
from app.people.queries import may_decide_for
from app.people.values import DIETS, SIZES
from app.signups.answer_errors import (
    AnswerMissing,
    AnswerMissingOf,
    AnswerTooLong,
    AnswerUnknown,
    ChoiceFull,
    DietUnknown,
    NoteTooLong,
)
from app.signups.answers import Answers
from app.signups.asked import LONGEST_ANSWER, PARTY, Asked, Fault, Said, faults, kept, wanted
from app.signups.errors import SignUpRefused
from app.signups.models import Place, QuestionAnswer, SignUp
from app.signups.question_queries import party_answers, questions_of, seats_chosen
from app.web.words import in_language

LONGEST_NOTE = 2000
ANSWERED = db.metadata.tables[QuestionAnswer.__tablename__]
FAULTS = {"missing": AnswerMissing, "unknown": AnswerUnknown, "too-long": AnswerTooLong}


def check_answers(
    event: Event,
    people: Sequence[Person],
    *,
    answers: Answers,
    signup: SignUp | None = None,
    leaving: Place | None = None,
    language: str = "kk",
) -> None:
    """Raises the first question that keeps this party out: unanswered, answered oddly, or its option is full.

    For people who join a standing party name it as `signup`: what it answered together need not be said again; and
    as `leaving` whose place one of them takes over, because what that person chose comes free. `language` is the
    reader's, in which the question is named.
    """
    _check_usual(event, people, answers=answers)
    questions = questions_of(event.id)
    if not questions:
        return
    before = party_answers(signup.id) if signup else {}
    said = {**answers.questions, **before}
    names = {person.id: person.given_name or person.surname for person in people}
    for fault in faults(questions, names, said):
        raise refusal_of(fault, names, language)
    wishes = wanted(questions, names, said)
    if signup:
        # What the whole party says now for the first time holds for those who stand in it already, too.
        _add_those_beside(wishes, questions, before, len(signup.standing_places) - bool(leaving))
    _check_seats(questions, wishes, said, leaving=leaving, language=language)


def write_answers(event: Event, signup: SignUp, places: Sequence[Place], *, answers: Answers, now: datetime) -> None:
    """Keeps what was answered, by party and by person; sizes and diets are remembered for the next time."""
    for place in places:
        _write_usual(event, signup, place, answers=answers, now=now)
    if not answers.questions:
        return
    questions = questions_of(event.id)
    by_person = {place.person_id: place.id for place in places}
    before = party_answers(signup.id)
    values = kept(questions, by_person, {**answers.questions, **before})
    rows = [
        {"question_id": question_id, "place_id": by_person[person_id] if person_id else None, "value": value}
        for (question_id, person_id), value in values.items()
        if (question_id, person_id) not in before
    ]
    if not rows:
        return
    db.session.flush()
    same = {"signup_id": signup.id, "answered_at": now}
    db.session.execute(insert(ANSWERED), [{"id": new_id(), **row, **same} for row in rows])


def _add_those_beside(wishes: Counter[tuple[str, str]], questions: Sequence[Asked], before: Said, people: int) -> None:
    new = {one.id for one in questions if not one.is_per_person and (one.id, PARTY) not in before}
    for question_id, key in wishes:
        if question_id in new:
            wishes[question_id, key] += people


def refusal_of(fault: Fault, names: Mapping[str, str], language: str) -> SignUpRefused:
    """What is wrong with an answer, as a refusal that names the question in the reader's language."""
    params = {"person_id": fault.person_id, "question": fault.question.id}
    params["label"] = in_language(fault.question.label, language)
    if fault.person_id and fault.why == "missing":
        return AnswerMissingOf(name=names[fault.person_id], **params)
    return FAULTS[fault.why](longest=LONGEST_ANSWER, **params)


def _check_seats(
    questions: Sequence[Asked], wishes: Counter[tuple[str, str]], said: Said, *, leaving: Place | None, language: str
) -> None:
    if not wishes:
        return
    by_id = {question.id: question for question in questions}
    chosen = seats_chosen([question_id for question_id, _ in wishes], but=leaving)
    for (question_id, key), count in wishes.items():
        option = by_id[question_id].option(key)
        if option is None or option.seats is None or chosen.get((question_id, key), 0) + count <= option.seats:
            continue
        person_id = next((one for (asked, one), value in said.items() if (asked, value) == (question_id, key)), PARTY)
        name = in_language(option.label, language)
        raise ChoiceFull(option=name, people=count, question=question_id, person_id=person_id)


def _check_usual(event: Event, people: Sequence[Person], *, answers: Answers) -> None:
    for person in people:
        params = {"person_id": person.id, "name": person.given_name or person.surname}
        if answers.diets and answers.diets.get(person.id, "ordinary") not in DIETS:
            raise DietUnknown(question="diet", **params)
        if answers.medical and len(answers.medical.get(person.id, "")) > LONGEST_NOTE:
            raise NoteTooLong(question="medical", longest=LONGEST_NOTE, **params)


def _write_usual(event: Event, signup: SignUp, place: Place, *, answers: Answers, now: datetime) -> None:
    person = place.person
    size = answers.sizes.get(person.id, "")
    if size in SIZES and size != person.tshirt_size:
        person.tshirt_size = size
    if event.asks_diet:
        place.diet = answers.diets.get(person.id, person.diet)
        if place.diet != person.diet:
            person.diet = place.diet
    elif place.diet:
        place.diet = ""
    if event.asks_medical:
        text = answers.medical.get(person.id, "").replace("\x00", "").strip()
        place.medical_note = text or None
        keep_note(person, text, by=signup.leader_id, keep=person.id in answers.keep_medical, now=now)


def keep_note(person: Person, text: str, *, by: str, keep: bool, now: datetime) -> None:
    """The profile's own note changes only by who decides for that person: oneself, or a guardian."""
    if not text or (person.id != by and not may_decide_for(by, person.id)):
        return
    note = db.session.get(MedicalNote, person.id)
    if keep:
        set_note(person, text, keep=True, now=now)
    elif note is not None and note.keep:
        note.keep, note.updated_at = False, now
