"""Parties and brigades for programs: who may be signed up together, and changing a party that stands."""

from typing import Any

from flask import request
from marshmallow import Schema, fields

from app import clock
from app.access.tries import count_try, forget_tries
from app.accounts.actor import Actor
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.fields import Text, YesNo
from app.api.once import once, once_apart
from app.api.signups import Promoted, SignUpIn, SignUpOut, answers_said, signup_json
from app.db import db
from app.errors import NotFound
from app.events.policy import can_manage_event
from app.people.brigade_queries import brigade_to_change, members_of, shown_brigades
from app.people.brigades import add_colleague, found_brigade
from app.people.models import Brigade
from app.signups.changing import add_to_party, reorder_party, replace_in_party
from app.signups.models import Place, SignUp
from app.signups.operations import cancel_place
from app.signups.policy import can_change_party
from app.signups.queries import people_named, place_to_cancel, seen_places, signup_to_cancel, signup_to_change
from app.web.access import signed_in
from app.web.actor import current_actor
from app.web.paging import page_of

bp = Blueprint("api_parties", __name__, description="Parties and brigades")


class BrigadeIn(Schema):
    """A new brigade; a coordinator may name its leader."""

    name = Text(up_to=100, required=True)
    leader_id = Text(up_to=16, load_default=None, allow_none=True)


class ColleagueIn(Schema):
    """Whom to add: both must fit, and a miss never says whose the number is."""

    personnel_number = Text(up_to=20, required=True)
    surname = Text(up_to=100, required=True)


class BrigadeOut(Schema):
    """A brigade with its members of today."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    leader_id = fields.String(required=True)
    member_ids = fields.List(fields.String(), required=True)


class MoreIn(SignUpIn):
    """People who go along too, with what is asked beside the names. A child's consent may follow."""

    class Meta:
        """Whether some may go alone was said with the sign-up."""

        exclude = ("accept_fewer",)


class InsteadIn(SignUpIn):
    """Who takes the place over, with what is asked beside the name."""

    class Meta:
        """One for one."""

        exclude = ("accept_fewer", "participant_ids")

    person_id = Text(up_to=16, required=True)


class OrderIn(Schema):
    """Everybody in the party, whoever goes first in front."""

    order = fields.List(Text(up_to=16), required=True, metadata={"description": "Ids of people", "maxItems": 60})


class PartyOut(SignUpOut):
    """The party as far as the caller reads it: colleagues don't see each other's tickets."""

    leader_id = fields.String(required=True)
    brigade_id = fields.String(required=True, allow_none=True)
    accept_fewer = YesNo(required=True)
    others = fields.Integer(required=True, metadata={"description": "People in it whom the caller does not see"})


@bp.route("/brigades", methods=["GET"])
@signed_in
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(BrigadeOut))
def list_brigades(asked: dict[str, Any]) -> Any:
    """The brigades that the caller leads; a coordinator's program sees those of its cities."""
    query, keys = shown_brigades(current_actor())
    page = page_of(db.session(), query, keys, cursor=asked["cursor"], limit=asked["limit"])
    members = members_of([brigade.id for brigade in page.items])
    return {"items": [_brigade(brigade, [m.person_id for m in members[brigade.id]]) for brigade in page.items],
            "next": page.next}  # fmt: skip


@bp.route("/brigades", methods=["POST"])
@signed_in
@once
@bp.arguments(BrigadeIn)
@bp.response(201, BrigadeOut)
def add_brigade(wanted: dict[str, Any]) -> Any:
    """Founds a brigade."""
    actor = current_actor()
    leader_id = wanted["leader_id"] or actor.person_id or ""
    return _brigade(found_brigade(wanted["name"], leader_id=leader_id, now=clock.now(), actor=actor), [])


@bp.route("/brigades/<brigade_id>/members", methods=["POST"])
@signed_in
@once_apart
@bp.arguments(ColleagueIn)
@bp.response(201, BrigadeOut)
def add_member(wanted: dict[str, Any], brigade_id: str) -> Any:
    """Adds a colleague, who gets a letter. Misses are counted."""
    actor, now = current_actor(), clock.now()
    brigade = brigade_to_change(actor, brigade_id)
    tries = f"brigade:{actor.account_id}"
    count_try(tries, address=request.remote_addr or "", now=now)
    add_colleague(brigade, **wanted, now=now, actor=actor)
    forget_tries(tries)
    return _brigade(brigade, [member.person_id for member in members_of([brigade_id])[brigade_id]])


@bp.route("/signups/<signup_id>", methods=["GET"])
@signed_in
@bp.response(200, PartyOut)
def get_signup(signup_id: str) -> Any:
    """The party as it stands."""
    actor = current_actor()
    return _party(signup_to_cancel(actor, signup_id), actor)


@bp.route("/signups/<signup_id>", methods=["PATCH"])
@signed_in
@bp.arguments(OrderIn)
@bp.response(200, PartyOut)
def change_order(wanted: dict[str, Any], signup_id: str) -> Any:
    """Sets who goes first when there is room only for some."""
    actor = current_actor()
    signup = signup_to_change(actor, signup_id)
    reorder_party(signup, wanted["order"], now=clock.now(), actor=actor)
    db.session.expire(signup, ["places"])
    return _party(signup, actor)


@bp.route("/signups/<signup_id>/people", methods=["POST"])
@signed_in
@once
@bp.arguments(MoreIn)
@bp.response(201, PartyOut)
def add_people(wanted: dict[str, Any], signup_id: str) -> Any:
    """More people go along: a waiting party goes to the end of the queue, a seated one grows only into free seats."""
    actor, now = current_actor(), clock.now()
    signup = signup_to_change(actor, signup_id)
    people = people_named(wanted["participant_ids"])
    answers = answers_said(wanted, signup.event, people, now=now)
    add_to_party(signup, [person.id for person in people], answers=answers, now=now, actor=actor)
    db.session.expire(signup, ["places"])
    return _party(signup, actor)


@bp.route("/places/<place_id>/replacement", methods=["POST"])
@signed_in
@once
@bp.arguments(InsteadIn)
@bp.response(201, PartyOut)
def replace(wanted: dict[str, Any], place_id: str) -> Any:
    """Somebody else takes the seat over, or the place in the queue."""
    actor, now = current_actor(), clock.now()
    place = _place_to_change(actor, place_id)
    [person] = people_named([wanted["person_id"]])
    answers = answers_said(wanted, place.event, [person], now=now)
    replace_in_party(place, person.id, answers=answers, now=now, actor=actor)
    signup = place.signup
    db.session.expire(signup, ["places"])
    return _party(signup, actor)


@bp.route("/places/<place_id>/cancellation", methods=["POST"])
@signed_in
@once
@bp.response(201, Promoted)
def cancel_one(place_id: str) -> Any:
    """Takes one person out of a party; the others stay."""
    actor = current_actor()
    promoted = cancel_place(place_to_cancel(actor, place_id), now=clock.now(), actor=actor)
    return {"promoted": [signup.id for signup in promoted]}


def _place_to_change(actor: Actor, place_id: str) -> Place:
    place = place_to_cancel(actor, place_id)
    if not can_change_party(actor, place.signup):
        raise NotFound
    return place


def _brigade(brigade: Brigade, member_ids: list[str]) -> dict[str, Any]:
    return {"id": brigade.id, "name": brigade.name, "leader_id": brigade.leader_id, "member_ids": member_ids}


def _party(signup: SignUp, actor: Actor) -> dict[str, Any]:
    seen = {place.id for place in seen_places(actor, [signup])[signup.id]}
    whole = can_manage_event(actor, signup.event)
    party = signup_json(signup)
    standing = len(signup.standing_places)
    party["places"] = [one for one in party["places"] if one["id"] in seen or whole]
    party |= {"leader_id": signup.leader_id, "brigade_id": signup.brigade_id, "accept_fewer": signup.accept_fewer}
    return party | {"others": 0 if whole else standing - len(seen)}
