"""What legs and the ways of handing a child over are called. Pure."""

from flask_babel import gettext

from app.desk.trip.riders import LegOfTrip
from app.desk.trip.rules import BACK, CODE, COLLECTOR, COORDINATOR, GUARDIAN, OUT
from app.errors import N_
from app.web.words import in_language

LEGS = {OUT: N_("There"), BACK: N_("Home")}
HOW = {
    GUARDIAN: N_("guardian"),
    COLLECTOR: N_("on the guardians' list"),
    CODE: N_("by the code"),
    COORDINATOR: N_("by the coordinator's word"),
}


def leg_name(leg: LegOfTrip | None, language: str) -> str:
    """In words: there, from a stop on, home."""
    if leg is None:
        return ""
    if leg.code in LEGS:
        return gettext(LEGS[leg.code])
    return gettext("From %(stop)s", stop=in_language(leg.title or {}, language))
