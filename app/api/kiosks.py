"""Kiosks and tickets for programs: a shared computer to enrol, and what stands on one person's ticket."""

from typing import Any

from flask import current_app, url_for
from marshmallow import Schema, fields

from app import clock
from app.access.kiosks import add_kiosk, kiosks_kept_by, revoke_kiosk
from app.access.models import Kiosk
from app.accounts.actor import COORDINATOR
from app.api.blueprint import Blueprint, PageArguments, page_schema
from app.api.events import local_iso
from app.api.fields import Text, Texts
from app.api.once import once
from app.errors import NotFound
from app.signups.queries import place_to_cancel
from app.web.access import signed_in, with_role
from app.web.actor import current_actor

bp = Blueprint("api_kiosks", __name__, description="Kiosks and tickets")


class KioskIn(Schema):
    """A shared computer to be enrolled."""

    name = Text(up_to=100, required=True, metadata={"description": "Where it stands"})
    city = Text(up_to=40, required=True, metadata={"description": "The city's slug"})


class KioskOut(Schema):
    """A shared computer. `enrolled` once its code was typed there."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    city = fields.String(required=True)
    enrolled = fields.Boolean(required=True)
    last_used_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    revoked_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})


class NewKiosk(KioskOut):
    """With the code, which is told this once and opens one computer within a day."""

    code = fields.String(required=True)
    url = fields.String(required=True, metadata={"description": "Where the code is typed"})


class TicketOut(Schema):
    """What lets one person in; `url` is a page that opens without a login."""

    ticket = fields.String(required=True)
    url = fields.String(required=True)
    status = fields.String(required=True)
    given_name = fields.String(required=True)
    event_id = fields.String(required=True)
    title = fields.Nested(Texts, required=True)
    starts_at = fields.String(required=True, metadata={"format": "date-time"})


@bp.route("/kiosks", methods=["GET"])
@with_role(COORDINATOR)
@bp.arguments(PageArguments, location="query")
@bp.response(200, page_schema(KioskOut))
def list_kiosks(_wanted: dict[str, Any]) -> Any:
    """The shared computers of the caller's cities, all in one part."""
    return {"items": [_kiosk_json(kiosk) for kiosk, _ in kiosks_kept_by(current_actor())], "next": None}


@bp.route("/kiosks", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.arguments(KioskIn)
@bp.response(201, NewKiosk)
def new_kiosk(wanted: dict[str, Any]) -> Any:
    """A computer to be enrolled, with the code to type on it."""
    kiosk, code = add_kiosk(wanted["name"], wanted["city"], now=clock.now(), actor=current_actor())
    return _kiosk_json(kiosk) | {"code": code, "url": _whole(url_for("kiosk.enrolment"))}


@bp.route("/kiosks/<kiosk_id>/revocation", methods=["POST"])
@with_role(COORDINATOR)
@once
@bp.response(201, KioskOut)
def end_kiosk(kiosk_id: str) -> Any:
    """This computer is a kiosk no longer."""
    return _kiosk_json(revoke_kiosk(kiosk_id, now=clock.now(), actor=current_actor()))


@bp.route("/places/<place_id>/ticket", methods=["GET"])
@signed_in
@bp.response(200, TicketOut)
def ticket(place_id: str) -> Any:
    """The ticket of a confirmed seat, for its person, the guardians, who leads the party and coordinators."""
    place = place_to_cancel(current_actor(), place_id)
    if not place.is_confirmed:
        raise NotFound
    return {
        "ticket": place.ticket,
        "url": _whole(url_for("tickets.show", ticket=place.ticket)),
        "status": place.status,
        "given_name": place.person.given_name,
        "event_id": place.event_id,
        "title": place.event.title,
        "starts_at": local_iso(place.event.starts_at, place.event.timezone),
    }


def _kiosk_json(kiosk: Kiosk) -> dict[str, Any]:
    facts = {name: getattr(kiosk, name) for name in ("id", "name", "city")}
    times = {name: local_iso(getattr(kiosk, name), "UTC") for name in ("last_used_at", "revoked_at")}
    return {**facts, "enrolled": kiosk.last_used_at is not None, **times}


def _whole(path: str) -> str:
    return f"{current_app.config['TORANGY'].base_url}{path}"
