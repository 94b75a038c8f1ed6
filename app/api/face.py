"""The JSON face: wiring of its blueprints, its document, who calls, and what is answered to strangers."""

import re
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from app.access.login import bearer_token, load_program
from app.api.appeals import bp as appeals
from app.api.blueprint import PREFIX, Api, Blueprint
from app.api.carriers import bp as carriers
from app.api.changes import bp as changes
from app.api.consents import bp as consents
from app.api.delegations import bp as delegations
from app.api.departures import bp as departures
from app.api.desk_exchange import bp as desk_exchange
from app.api.desk_pack import bp as desk_pack
from app.api.desk_snapshot import bp as desk_snapshot
from app.api.desk_steps import bp as desk_steps
from app.api.duties import bp as duties
from app.api.events import bp as events
from app.api.follow_ups import bp as follow_ups
from app.api.gifts import bp as gifts
from app.api.groups import bp as groups
from app.api.hands import bp as hands
from app.api.health_notes import bp as health_notes
from app.api.history import bp as history
from app.api.hr_columns import bp as hr_columns
from app.api.impact import bp as impact
from app.api.invitations import bp as invitations
from app.api.kiosks import bp as kiosks
from app.api.letters import bp as letters
from app.api.mails import bp as mails
from app.api.messages import bp as messages
from app.api.money import bp as money
from app.api.overviews import bp as overviews
from app.api.parties import bp as parties
from app.api.people import bp as people
from app.api.pictures import bp as pictures
from app.api.placings import bp as placings
from app.api.planning import bp as planning
from app.api.questions import bp as questions
from app.api.queue import bp as queue
from app.api.reanswers import bp as reanswers
from app.api.reminders import bp as reminders
from app.api.roster_actions import bp as roster_actions
from app.api.roster_views import bp as roster_views
from app.api.rosters import bp as rosters
from app.api.rotations import bp as rotations
from app.api.search import bp as search
from app.api.signups import bp as signups
from app.api.thanks import bp as thanks
from app.api.trips import bp as trips
from app.desk.phone.phones import is_phone_key
from app.errors import NotSignedIn
from app.web.access import open_to_all
from app.web.actor import current_actor

BLUEPRINTS = (
    consents,
    people,
    hr_columns,
    parties,
    reanswers,
    events,
    signups,
    rosters,
    roster_actions,
    follow_ups,
    impact,
    money,
    pictures,
    thanks,
    mails,
    letters,
    rotations,
    appeals,
    questions,
    queue,
    kiosks,
    invitations,
    groups,
    changes,
    departures,
    planning,
    search,
    history,
    delegations,
    trips,
    duties,
    placings,
    hands,
    overviews,
    health_notes,
    roster_views,
    messages,
    carriers,
    desk_steps,
    desk_exchange,
    gifts,
    desk_pack,
    desk_snapshot,
    reminders,
)
DESK = re.compile(rf"{PREFIX}/events/[^/]+/desk(/|$)")
DESCRIPTION = (
    "Everything that pages do, for programs. A token comes from `flask tokens create EMAIL` and acts as that login. "
    "Send `Idempotency-Key` with a POST, and it is done once however often it arrives."
)
KEY_PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key and body give the same answer, made once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100},
}


def init_api(app: Flask, csrf: CSRFProtect) -> None:
    """Hangs the calls under /api/v1. They need no CSRF token, because no cookie counts here."""
    app.config.update(API_TITLE="Torangy", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    app.login_manager.request_loader(load_program)  # type: ignore[attr-defined]
    app.extensions["torangy_api"] = api = Api(app, spec_kwargs={"info": {"description": DESCRIPTION}})
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.options["security"] = [{"bearer": []}]
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    document = _finished(api.spec.to_dict())

    @app.get(f"{PREFIX}/openapi.json", endpoint="openapi")
    @open_to_all
    def openapi() -> ResponseReturnValue:
        """The document that describes all this."""
        return jsonify(document)

    app.before_request(_refuse_forged_tokens)
    app.after_request(_name_the_scheme)


def _refuse_forged_tokens() -> None:
    """A forged token is refused even where strangers may look."""
    if not request.path.startswith("/api/"):
        return
    if is_phone_key(bearer_token(request) or "") and DESK.match(request.path):
        return  # the gate of the desk knows it; everywhere else it is forged
    if request.headers.get("Authorization") and not (bearer_token(request) and current_actor().is_signed_in):
        raise NotSignedIn


def _name_the_scheme(response: Response) -> Response:
    if response.status_code == 401 and request.path.startswith("/api/"):
        response.headers["WWW-Authenticate"] = 'Bearer realm="Torangy"'
    return response


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    """Every POST takes an Idempotency-Key, every call has a name."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method not in ("get", "post", "patch"):
                continue
            words = [part.strip("{}") for part in path.removeprefix(PREFIX).split("/") if part]
            operation["tags"] = [tag.removeprefix("api_") for tag in operation["tags"]]
            operation["operationId"] = "_".join([method, *words])
            if method == "post":
                operation.setdefault("parameters", []).append(KEY_PARAMETER)
    return document


__all__ = ["Blueprint", "init_api"]
