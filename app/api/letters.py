"""A coordinator's own words in letters about one event, for programs: reading, looking, replacing."""

from typing import Any

from flask import current_app
from marshmallow import Schema, fields

from app import clock
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint
from app.api.fields import Text
from app.api.once import once
from app.errors import NotFound
from app.events.mail_facts import event_facts
from app.events.queries import event_to_manage
from app.mail.override_words import LETTERS, LONGEST_SUBJECT, LONGEST_WORDS
from app.mail.overriding import all_standing, checked, replace_words
from app.mail.previewing import shown_to_a_reader
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("api_letters", __name__, description="Own words in letters")


class PairIn(Schema):
    """Subject and first words in one language; fields like {title} are filled in for each reader."""

    subject = Text(up_to=LONGEST_SUBJECT, required=True)
    words = Text(up_to=LONGEST_WORDS, lines=True, required=True)


class OwnWordsIn(Schema):
    """By language; a language that is left out gets the house's letter."""

    kk = fields.Nested(PairIn)
    ru = fields.Nested(PairIn)
    en = fields.Nested(PairIn)


class OwnWordsOut(Schema):
    """Words that stand."""

    letter = fields.String(required=True, attribute="template")
    language = fields.String(required=True)
    subject = fields.String(required=True)
    words = fields.String(required=True)
    created_at = fields.DateTime(required=True)


class AllOwnWords(Schema):
    """All of one event; there are never so many that they come in parts."""

    items = fields.List(fields.Nested(OwnWordsOut), required=True)
    next = fields.String(required=True, allow_none=True)


class LetterSaysOut(Schema):
    """A letter as a reader would get it."""

    language = fields.String(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)


class LookedAtOut(Schema):
    """The letter in each language."""

    items = fields.List(fields.Nested(LetterSaysOut), required=True)
    next = fields.String(required=True, allow_none=True)


@bp.route("/events/<event_id>/letters", methods=["GET"])
@with_role(COORDINATOR)
@bp.response(200, AllOwnWords)
def own_words(event_id: str) -> Any:
    """Which letters begin otherwise, and how."""
    event = event_to_manage(current_actor(), event_id)
    return {"items": all_standing(event.id), "next": None}


@bp.route("/events/<event_id>/letters/<room>/<name>", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(OwnWordsIn)
@bp.response(201, AllOwnWords)
def replace(wanted: dict[str, Any], event_id: str, room: str, name: str) -> Any:
    """Letters that leave from now on begin so."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    rows = replace_words(event, f"{room}/{name}", _pairs(wanted), now=clock.now(), actor=actor)
    return {"items": rows, "next": None}


@bp.route("/events/<event_id>/letters/<room>/<name>/preview", methods=["POST"])
@with_role(COORDINATOR)
@bp.arguments(OwnWordsIn)
@bp.response(200, LookedAtOut)
def preview(wanted: dict[str, Any], event_id: str, room: str, name: str) -> Any:
    """How it would read in each language; changes nothing."""
    event = event_to_manage(current_actor(), event_id)
    template = f"{room}/{name}"
    if template not in LETTERS:
        raise NotFound
    texts, base_url = checked(template, _pairs(wanted)), current_app.config["TORANGY"].base_url
    shown = shown_to_a_reader(current_app.jinja_env, template, event.id, event_facts(event), texts, base_url=base_url)
    items = [{"language": code, "subject": words.subject, "text": words.text} for code, words in shown.items()]
    return {"items": items, "next": None}


def _pairs(wanted: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {code: (pair["subject"], pair["words"]) for code, pair in wanted.items()}
