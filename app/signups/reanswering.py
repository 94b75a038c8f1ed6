"""Changing what was answered with a sign-up: sizes, food, health, questions; until one may cancel no more.

Under the event's lock the old choice comes free and the new one is taken, so that two who want the last seat of a
limited choice don't both get it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db, new_id, transaction
from app.errors import require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.people.models import Person
from app.people.values import DIETS, SIZES
from app.signups.answer_errors import ChoiceFull, DietUnknown, NoteTooLong
from app.signups.answering import ANSWERED, LONGEST_NOTE, keep_note, refusal_of
from app.signups.asked import PARTY, Asked, Said, faults, kept
from app.signups.cancelling import lock_party
from app.signups.checking import check_cancel
from app.signups.errors import EventHasBegun, NothingToCancel, UnknownSize
from app.signups.models import Place, QuestionAnswer, SignUp
from app.signups.policy import can_change_party, can_see_place
from app.signups.queries import family_ids
from app.signups.question_queries import questions_of, seats_chosen
from app.web.words import in_language


@dataclass(frozen=True)
class NewAnswers:
    """What is said anew; whatever is left out stays. All but `questions` by person's id.

    `questions` is {(question's id, person's id or "" for the party): value}, "" takes an answer back. An empty text of
    `medical` forgets the note. `unusual_sizes` are those that the event's own gifts come in.
    """

    sizes: Mapping[str, str] = field(default_factory=dict)
    diets: Mapping[str, str] = field(default_factory=dict)
    medical: Mapping[str, str] = field(default_factory=dict)
    keep_medical: Collection[str] = ()
    questions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unusual_sizes: Collection[str] = ()

    @property
    def about(self) -> set[str]:
        """Whom it is about, "" being the party."""
        return {*self.sizes, *self.diets, *self.medical, *(person_id for _, person_id in self.questions)}


def change_answers(signup: SignUp, answers: NewAnswers, *, now: datetime, actor: Actor) -> None:
    """Replaces what was answered, until people may cancel no more; coordinators until it begins.

    For oneself and one's children; whoever leads the party also answers the questions for its grown-ups. Raises
    NotAllowed, CancelClosed, EventHasBegun, NothingToCancel, ChoiceFull and what is wrong with an answer.
    """
    with transaction():
        lock_party(signup)
        event, places = signup.event, {place.person_id: place for place in signup.standing_places}
        _check(event, signup, places, answers, now=now, actor=actor)
        for place in places.values():
            if changes := _write_usual(event, place, answers, now=now, actor=actor):
                record(actor, "change_answers", place, now=now, changes=changes)
        about = answers.about
        # A new answer of the party may show a question to everybody in it.
        whom = {*about, *places} if PARTY in about else about
        if replace_answers(event, signup, answers.questions, whom=whom, now=now, language=actor.language):
            record(actor, "change_answers", signup, now=now)


def replace_answers(
    event: Event,
    signup: SignUp,
    questions: Mapping[tuple[str, str], str],
    *,
    whom: Collection[str],
    now: datetime,
    language: str,
) -> bool:
    """Writes these instead of what was answered; nothing may be missing of `whom`. Says whether anything changed.

    A plain function: the event's lock is held. Raises ChoiceFull and what is wrong with an answer.
    """
    if not questions:
        return False
    asked, was = questions_of(event.id), answers_of(signup)
    said = {**was, **questions}
    names = {place.person_id: place.person.given_name or place.person.surname for place in signup.standing_places}
    for fault in faults(asked, names, said):
        if fault.person_id in whom:
            raise refusal_of(fault, names, language)
    after = kept(asked, names, said)
    # What is asked no more stays as it was answered.
    ids = {question.id for question in asked}
    before = {key: value for key, value in was.items() if key[0] in ids}
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if not changed:
        return False
    limited = {question.id: question for question in asked if question.is_limited}
    chosen = seats_chosen(limited) if limited else {}
    _replace(signup, changed, after, now=now)
    _check_seats(limited, chosen, changed, after, language=language)
    return True


def answers_of(signup: SignUp) -> dict[tuple[str, str], str]:
    """{(question's id, person's id or "" for the party): value} of those who still go or hope to."""
    by_place: dict[str | None, str] = {place.id: place.person_id for place in signup.standing_places}
    query = select(QuestionAnswer.question_id, QuestionAnswer.place_id, QuestionAnswer.value)
    rows = db.session.execute(query.where(QuestionAnswer.signup_id == signup.id)).all()
    people = by_place | {None: PARTY}
    return {(question_id, people[place_id]): value for question_id, place_id, value in rows if place_id in people}


def may_be_told(actor: Actor, place: Place, *, family: Collection[str]) -> bool:
    """Whether the actor sees and changes size and food of this one: of the household, or of the event's people."""
    return place.person_id in family or can_manage_event(actor, place.event)


def _check(
    event: Event, signup: SignUp, places: Mapping[str, Place], answers: NewAnswers, *, now: datetime, actor: Actor
) -> None:
    if not places:
        raise NothingToCancel
    family = family_ids(actor)
    about = answers.about - {PARTY}
    require(about <= places.keys() and all(can_see_place(actor, places[one], family=family) for one in about))
    require((PARTY not in answers.about) or can_change_party(actor, signup))
    usual = {*answers.sizes, *answers.diets}
    require(all(may_be_told(actor, places[one], family=family) for one in usual))
    # A coordinator reads a note on the roster, where the reading is written down; here nobody but the family writes.
    require(answers.medical.keys() <= {*family})
    if event.starts_at <= now:
        raise EventHasBegun
    check_cancel(event, actor, now=now, places=[places[one] for one in about] or list(places.values()))
    for person_id in usual | answers.medical.keys():
        _check_usual(places[person_id].person, answers)


def _check_usual(person: Person, answers: NewAnswers) -> None:
    params = {"person_id": person.id, "name": person.given_name or person.surname}
    size = answers.sizes.get(person.id, "")
    if size and size not in SIZES and size not in answers.unusual_sizes:
        raise UnknownSize(value=size[:20])
    if answers.diets.get(person.id, "ordinary") not in DIETS:
        raise DietUnknown(question="diet", **params)
    if len(answers.medical.get(person.id, "")) > LONGEST_NOTE:
        raise NoteTooLong(question="medical", longest=LONGEST_NOTE, **params)


def _write_usual(
    event: Event, place: Place, answers: NewAnswers, *, now: datetime, actor: Actor
) -> dict[str, tuple[object, object]]:
    """Returns what changed, {field: (before, after)}; of health only that it did."""
    person, id_ = place.person, place.person_id
    wanted = {
        "tshirt_size": answers.sizes.get(id_) or None,
        "diet": answers.diets.get(id_) if event.asks_diet else None,
    }
    changes = differences(place, {name: value for name, value in wanted.items() if value is not None})
    for name, (_, value) in changes.items():
        setattr(place, name, value)
        if value in SIZES or value in DIETS:
            setattr(person, name, value)
    if event.asks_medical and id_ in answers.medical:
        text = answers.medical[id_].replace("\x00", "").strip()
        if text != (place.medical_note or ""):
            place.medical_note = text or None
            changes["medical_note"] = ("", "")
        keep_note(person, text, by=str(actor.person_id), keep=id_ in answers.keep_medical, now=now)
    return changes


def _replace(signup: SignUp, changed: Collection[tuple[str, str]], said: Said, *, now: datetime) -> None:
    places: dict[str, str | None] = {place.person_id: place.id for place in signup.standing_places}
    new = []
    for question_id, person_id in changed:
        place_id = places.get(person_id)
        row = {"question_id": question_id, "signup_id": signup.id, "place_id": place_id}
        mine = [ANSWERED.c[name] == value for name, value in row.items()]  # NULL compares as IS NULL
        db.session.execute(delete(ANSWERED).where(*mine))
        if (question_id, person_id) in said:
            new.append({"id": new_id(), **row, "value": said[question_id, person_id], "answered_at": now})
    if new:
        db.session.execute(insert(ANSWERED), new)


def _check_seats(
    limited: Mapping[str, Asked],
    before: Mapping[tuple[str, str], int],
    changed: Collection[tuple[str, str]],
    said: Said,
    *,
    language: str,
) -> None:
    """Raises ChoiceFull for a choice that more people want than before, and more than it has seats."""
    for (question_id, key), count in (seats_chosen(limited) if limited else {}).items():
        option, added = limited[question_id].option(key), count - before.get((question_id, key), 0)
        if option is None or option.seats is None or added <= 0 or count <= option.seats:
            continue
        who = next((one for asked, one in changed if asked == question_id and said.get((asked, one)) == key), PARTY)
        name = in_language(option.label, language)
        raise ChoiceFull(option=name, people=added, question=question_id, person_id=who)
