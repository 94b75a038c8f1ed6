"""Sign-ups for programs: taking seats, giving them back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import Actor
from app.api.blueprint import Blueprint
from app.api.events import local_iso
from app.api.fields import Text, UpTo, Word, YesNo
from app.api.once import once
from app.attendance.no_shows import AbsencesWhenAsked
from app.errors import N_, Invalid
from app.events.models import Event
from app.gifts.queries import unusual_sizes
from app.people.models import Person
from app.people.queries import guardians_of, may_decide_for
from app.people.values import DIETS
from app.signups.answering import LONGEST_NOTE
from app.signups.asked import LONGEST_ANSWER
from app.signups.errors import NobodyChosen
from app.signups.models import Place, SignUp
from app.signups.operations import Answers, cancel_signup, sign_up
from app.signups.queries import event_named, people_ahead_of, people_named, signup_to_cancel, spoken_for
from app.signups.question_queries import questions_of
from app.signups.rules import ON_SHIFT
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("api_signups", __name__, description="Sign-ups")

MOST = 200  # people in one call: more than any party may have, so that the rule itself says how many
NO_SUCH_QUESTION = N_("This event asks no such question.")
NOT_ASKED_OF_THEM = N_("This question is not asked of this person.")


class QuestionAnswerIn(Schema):
    """An answer to a question of the event, of one person, or without one of the party."""

    question_id = Text(up_to=16, required=True)
    person_id = Text(up_to=16, load_default="", allow_none=True)
    value = Text(up_to=LONGEST_ANSWER, lines=True, required=True)


class NoteIn(Schema):
    """A note of health for those who lead the group and the medic; `keep` leaves it on the child's own profile."""

    text = Text(up_to=LONGEST_NOTE, lines=True, required=True)
    keep = YesNo(load_default=False)


class NoteOfIn(NoteIn):
    """The same with whom it is about."""

    person_id = Text(up_to=16, required=True)


class SignUpIn(Schema):
    """A party that goes together."""

    participant_ids = fields.List(
        Text(up_to=16), required=True, validate=UpTo(max=MOST), metadata={"description": "People, the eldest first"}
    )
    accept_fewer = YesNo(load_default=False, metadata={"description": "Some may be seated while the others wait"})
    sizes = fields.Dict(
        keys=Text(up_to=16),
        values=Text(up_to=10),
        load_default=dict,
        validate=UpTo(max=MOST),
        metadata={"description": "T-shirts"},
    )
    despite = fields.List(
        Word((ON_SHIFT,)), load_default=list, metadata={"maxItems": 5, "description": "Warnings to go on in spite of"}
    )
    diets = fields.Dict(
        keys=Text(up_to=16),
        values=Word(DIETS),
        load_default=dict,
        validate=UpTo(max=MOST),
        metadata={"description": "Food by person"},
    )
    answers = fields.List(
        fields.Nested(QuestionAnswerIn), load_default=list, metadata={"description": "To the event's questions"}
    )
    medical = fields.List(
        fields.Nested(NoteOfIn),
        load_default=list,
        metadata={"description": "Written by oneself or a guardian; never given out here", "maxItems": 60},
    )


class PlaceOut(Schema):
    """One person in the party. A child's place without a guardian's consent says until when it is kept."""

    id = fields.String(required=True)
    person_id = fields.String(required=True)
    status = fields.String(required=True)
    ticket = fields.String(required=True)
    consent_due_at = fields.String(allow_none=True, metadata={"format": "date-time"})


class SignUpOut(Schema):
    """The party and, while it waits, its position in the queue."""

    id = fields.String(required=True)
    event_id = fields.String(required=True)
    status = fields.String(required=True)
    places = fields.List(fields.Nested(PlaceOut), required=True)
    position = fields.Integer(required=True, allow_none=True)


class Promoted(Schema):
    """Who got the seats that came free."""

    promoted = fields.List(fields.String(), required=True, metadata={"description": "Ids of sign-ups"})


@bp.route("/events/<event_id>/signups", methods=["POST"])
@signed_in
@once
@bp.arguments(SignUpIn)
@bp.response(201, SignUpOut)
def add_signup(wanted: dict[str, Any], event_id: str) -> Any:
    """Seats the party, or puts it in the queue. A child's consent may follow; the guardians are asked for it."""
    actor = current_actor()
    event, people = event_named(event_id), people_named(wanted["participant_ids"])
    if not people:
        raise NobodyChosen
    now = clock.now()
    signup = sign_up(
        event.id,
        [person.id for person in people],
        leader_id=_leader(actor, people, event).id,
        answers=answers_said(wanted, event, people, now=now),
        accept_fewer=wanted["accept_fewer"],
        now=now,
        actor=actor,
    )
    return signup_json(signup)


@bp.route("/signups/<signup_id>/cancellation", methods=["POST"])
@signed_in
@once
@bp.response(201, Promoted)
def cancel(signup_id: str) -> Any:
    """Takes the whole party out; its seats go to the first in the queue that fit."""
    actor = current_actor()
    promoted = cancel_signup(signup_to_cancel(actor, signup_id), now=clock.now(), actor=actor)
    return {"promoted": [signup.id for signup in promoted]}


def signup_json(signup: SignUp) -> dict[str, Any]:
    """The party as it stands."""
    position = people_ahead_of(signup) + 1 if signup.status == "waiting" else None
    places = [_place_json(place, signup.event) for place in signup.places]
    return {
        "id": signup.id,
        "event_id": signup.event_id,
        "status": signup.status,
        "places": places,
        "position": position,
    }


def _place_json(place: Place, event: Event) -> dict[str, Any]:
    due = local_iso(place.consent_due_at, event.timezone)
    plain = {name: getattr(place, name) for name in ("id", "person_id", "status", "ticket")}
    return plain | ({"consent_due_at": due} if due else {})


def answers_said(wanted: dict[str, Any], event: Event, people: Sequence[Person], *, now: datetime) -> Answers:
    """What was said beside the names."""
    sizes, ids = wanted["sizes"], {person.id for person in people}
    return Answers(
        sizes=sizes,
        unusual_sizes=unusual_sizes(event.id, sizes.values()),
        diets=wanted["diets"],
        medical=_notes(wanted["medical"], event, ids),
        keep_medical=[note["person_id"] for note in wanted["medical"] if note["keep"]],
        questions=_answered(wanted["answers"], event, ids),
        consent_may_follow=True,
        despite=wanted["despite"],
        no_shows=AbsencesWhenAsked([person.id for person in people], now=now),
    )


def _notes(given: list[dict[str, str]], event: Event, people: set[str]) -> dict[str, str]:
    """{person: note}. Only the family writes about health: oneself, or who decides for the child."""
    if given and not event.asks_medical:
        raise Invalid({"medical": N_("This event asks nothing about health.")})
    me = current_actor().person_id
    for note in given:
        whom = note["person_id"]
        if whom not in people:
            raise Invalid({"medical": NOT_ASKED_OF_THEM})
        if whom != me and not (me and may_decide_for(me, whom)):
            raise Invalid({"medical": N_("Only people themselves and their guardians write about health.")})
    return {note["person_id"]: note["text"] for note in given}


def _answered(given: list[dict[str, str]], event: Event, people: set[str]) -> dict[tuple[str, str], str]:
    """{(question, person or "" for the party): value}; a program hears at once of a question that there is not."""
    if not given:
        return {}
    asked = {question.id: question for question in questions_of(event.id)}
    for answer in given:
        question = asked.get(answer["question_id"])
        if question is None:
            raise Invalid({"answers": NO_SUCH_QUESTION})
        if (answer["person_id"] or "") not in (people if question.is_per_person else {""}):
            raise Invalid({"answers": NOT_ASKED_OF_THEM})
    return {(answer["question_id"], answer["person_id"] or ""): answer["value"] for answer in given}


def _leader(actor: Actor, people: Sequence[Person], event: Event) -> Person:
    """Who speaks for the party: the caller if it is their family or brigade, else its first adult or a guardian."""
    theirs = spoken_for(actor)
    if all(person.id in theirs.family | theirs.brigade for person in people):
        return people_named([str(actor.person_id)])[0]
    adults = [person for person in people if not person.is_minor_on(event.local_date)]
    return next(iter([*adults, *guardians_of(people[0].id), people[0]]))
