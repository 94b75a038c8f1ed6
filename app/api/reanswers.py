"""Changing what was answered with a sign-up, for programs: size, food, health, answers to the event's questions."""

from typing import Any

from marshmallow import Schema, fields

from app import clock
from app.api.blueprint import Blueprint
from app.api.fields import Text, Word
from app.api.signups import NO_SUCH_QUESTION, NoteIn
from app.db import db
from app.errors import Invalid
from app.gifts.queries import unusual_sizes
from app.people.values import DIETS
from app.signups.asked import LONGEST_ANSWER, PARTY
from app.signups.models import Place
from app.signups.queries import family_ids, place_to_cancel
from app.signups.question_queries import questions_of
from app.signups.reanswering import NewAnswers, answers_of, change_answers, may_be_told
from app.web.access import signed_in
from app.web.actor import current_actor

bp = Blueprint("api_reanswers", __name__, description="Answers given with a sign-up")


class SaidIn(Schema):
    """An answer to one question; empty takes it back."""

    question_id = Text(up_to=16, required=True)
    value = Text(up_to=LONGEST_ANSWER, lines=True, required=True)


class PlaceChange(Schema):
    """What is said anew; what is left out stays. A question for the whole party is answered for all of it."""

    tshirt_size = Text(up_to=10)
    diet = Word(DIETS)
    medical = fields.Nested(NoteIn, metadata={"description": "Written by the family alone; never given out here"})
    answers = fields.List(fields.Nested(SaidIn), load_default=list, metadata={"maxItems": 60})


class SaidOut(Schema):
    """An answer as it stands, of this person or of the party."""

    question_id = fields.String(required=True)
    value = fields.String(required=True)


class PlaceSaidOut(Schema):
    """What is known of this place; size and food only for the household and those who run the event."""

    id = fields.String(required=True)
    person_id = fields.String(required=True)
    tshirt_size = fields.String()
    diet = fields.String()
    answers = fields.List(fields.Nested(SaidOut), required=True)


@bp.route("/places/<place_id>", methods=["PATCH"])
@signed_in
@bp.arguments(PlaceChange)
@bp.response(200, PlaceSaidOut)
def change(wanted: dict[str, Any], place_id: str) -> Any:
    """Changes what was answered for one person, until people may cancel no more."""
    actor = current_actor()
    place = place_to_cancel(actor, place_id)
    change_answers(place.signup, _said(wanted, place), now=clock.now(), actor=actor)
    db.session.expire(place.signup, ["places"])
    return _json(place, told=may_be_told(actor, place, family=family_ids(actor)))


def _said(wanted: dict[str, Any], place: Place) -> NewAnswers:
    id_, note = place.person_id, wanted.get("medical")
    sizes = {id_: wanted["tshirt_size"]} if "tshirt_size" in wanted else {}
    asked = {question.id: question for question in questions_of(place.event_id)} if wanted["answers"] else {}
    if any(answer["question_id"] not in asked for answer in wanted["answers"]):
        raise Invalid({"answers": NO_SUCH_QUESTION})
    return NewAnswers(
        sizes=sizes,
        unusual_sizes=unusual_sizes(place.event_id, sizes.values()),
        diets={id_: wanted["diet"]} if "diet" in wanted else {},
        medical={id_: note["text"]} if note else {},
        keep_medical=[id_] if note and note["keep"] else [],
        questions={
            (one["question_id"], id_ if asked[one["question_id"]].is_per_person else PARTY): one["value"]
            for one in wanted["answers"]
        },
    )


def _json(place: Place, *, told: bool) -> dict[str, Any]:
    said = answers_of(place.signup).items()
    answers = [{"question_id": one, "value": value} for (one, who), value in said if who in (PARTY, place.person_id)]
    usual = {"tshirt_size": place.tshirt_size, "diet": place.diet} if told else {}
    return {"id": place.id, "person_id": place.person_id, "answers": answers, **usual}
