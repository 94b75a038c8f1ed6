"""What operations about rides, headcounts, departures and hand-overs may say. Pure."""

from collections.abc import Mapping
from typing import Any

from app.desk.log.bodies import (
    BUS,
    LEAD,
    MANAGE,
    MARK,
    OWN,
    PERSON,
    SAFETY,
    Kind,
    Malformed,
    fields,
    ids,
    text,
    whole,
    word,
    yes_no,
)
from app.desk.trip.rules import CODE, COLLECTOR, COMPLETE, COORDINATOR, GUARDIAN, LEFT_WITHOUT

MOST_HEADS = 2000
LONGEST_ID, LONGEST_NAME = 40, 100
_counts = frozenset({LEAD, MARK, MANAGE, SAFETY})
_leads = frozenset({LEAD, MANAGE, SAFETY})


def _ride(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Bus and leg, beside the subject or within it."""
    subject = raw.get("subject")
    within = subject if isinstance(subject, Mapping) else {}
    said = fields(text("bus_id", LONGEST_ID), text("leg", LONGEST_ID, needed=True))
    return said({name: raw.get(name) or within.get(name) for name in ("bus_id", "leg")})


def _headcount(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A number is never left out: nought is one too. So are the names: an empty list says that nobody was ticked."""
    found = fields(whole("counted", most=MOST_HEADS), yes_no("arrived"), ids("place_ids"))(raw)
    if raw.get("counted") is None:
        raise Malformed("counted")
    return {"counted": 0, **found} | ({"place_ids": []} if raw.get("place_ids") == [] else {})


def _departure(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "place_ids": [],
        **fields(word("decision", (COMPLETE, LEFT_WITHOUT)), ids("missing"), text("reason"), ids("place_ids"))(raw),
    }


def _confirm(raw: Mapping[str, Any]) -> dict[str, Any]:
    if not raw.get("operation_id", raw.get("names")):
        raise Malformed("operation_id")
    return fields(text("by", LONGEST_ID))(raw)


def _hand_over(raw: Mapping[str, Any]) -> dict[str, Any]:
    found = fields(word("how", (GUARDIAN, COLLECTOR, CODE, COORDINATOR)), text("to", LONGEST_ID), text("reason"))(raw)
    if "how" not in found:
        raise Malformed("how")
    return found


def _receiver(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Who took the child over, and the code that they showed."""
    return fields(text("receiver", LONGEST_NAME), text("code", LONGEST_ID))(raw)


def _pin(raw: Mapping[str, Any]) -> dict[str, Any]:
    return fields(text("pin", LONGEST_ID))(raw)


TRIP = {
    "board": Kind(_counts, PERSON, _ride),
    "alight": Kind(_counts, PERSON, _ride),
    "headcount": Kind(_counts, frozenset({BUS}), _headcount),
    "departure": Kind(_leads, frozenset({BUS}), _departure),
    "confirm": Kind(_leads, frozenset({BUS}), _confirm, _pin),
    "hand_over": Kind(_leads, PERSON, _hand_over, _receiver),
    "pack_opened": Kind(_leads, frozenset({OWN}), fields(text("reason"))),
}
