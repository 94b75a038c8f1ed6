"""The main menu by role. Knows addresses by name, not slices."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext

from app.accounts.actor import COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, Actor
from app.errors import N_


@dataclass(frozen=True)
class Link:
    """One entry of the menu, its label in the reader's language."""

    label: str
    url: str
    current: bool


EVERYBODY = ((N_("Events"), "events.index"), (N_("Results"), "impact.index"))
SIGNED_IN = ((N_("Events"), "events.index"), (N_("Mine"), "signups.mine"), (N_("Results"), "impact.index"))
# What a role adds to the menu: label, endpoint, roles.
FOR_ROLES = (
    (N_("Planning"), "events.planning", (COORDINATOR,)),
    (N_("People"), "people.index", (COORDINATOR, SAFETY_OFFICER)),
    (N_("Gifts"), "gifts.index", (COORDINATOR, GIFT_KEEPER)),
    (N_("Mail"), "mail.index", (COORDINATOR,)),
)


def menu(actor: Actor) -> list[Link]:
    """What this actor finds in the masthead."""
    entries = list(SIGNED_IN if actor.is_signed_in else EVERYBODY)
    entries += [(label, endpoint) for label, endpoint, roles in FOR_ROLES if actor.has_role(*roles)]
    here = request.blueprint
    return [
        Link(gettext(label), url_for(endpoint), request.endpoint == endpoint or _is_home_of(endpoint, here))
        for label, endpoint in entries
    ]


def footer(actor: Actor) -> list[Link]:
    """What stands at the foot of every page."""
    entries = [(N_("Help"), "help.index")]
    if actor.is_signed_in:
        entries += [(N_("My children"), "people.my_children"), (N_("Personal data"), "access.mine")]
    return [Link(gettext(label), url_for(endpoint), request.endpoint == endpoint) for label, endpoint in entries]


def _is_home_of(endpoint: str, blueprint: str | None) -> bool:
    """A page deep in a slice marks that slice's own entry; `events` has two entries, the exact one wins."""
    return blueprint is not None and endpoint.split(".")[0] == blueprint and blueprint != "events"
