"""The main menu by role. Knows addresses by name, not slices."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext

from app.accounts.actor import COORDINATOR, GIFT_KEEPER, MANAGEMENT, SAFETY_OFFICER, Actor
from app.errors import N_


@dataclass(frozen=True)
class Link:
    """One entry of the menu, its label in the reader's language."""

    label: str
    url: str
    current: bool


EVERYBODY = ((N_("Events"), "events.index"), (N_("Results"), "face.index"))
SIGNED_IN = ((N_("Events"), "events.index"), (N_("Mine"), "signups.mine"), (N_("Results"), "face.index"))
# What a role adds to the menu: label, endpoint, roles.
FOR_ROLES = (
    (N_("Planning"), "events.planning", (COORDINATOR,)),
    (N_("People"), "people.index", (COORDINATOR, SAFETY_OFFICER)),
    (N_("Gifts"), "gifts.index", (COORDINATOR, GIFT_KEEPER)),
    (N_("Mail"), "mail.index", (COORDINATOR,)),
    (N_("Overview"), "overview.index", (MANAGEMENT,)),
    (N_("Budget"), "money.budgets.index", (MANAGEMENT,)),
)
# Where pages and whole slices belong; the most exact name wins.
HOMES = {
    "events": "events.planning",
    "events.index": "events.index",
    "events.past": "events.index",
    "events.show": "events.index",
    "desk": "events.planning",
    "rosters": "events.planning",
    "groups": "events.planning",
    "hosts": "events.planning",
    "lunches": "events.planning",
    "reminders": "events.planning",
    "duties": "events.planning",
    "duties.tasks": "signups.mine",
    "duties.skills": "people.index",
    "changes": "events.planning",
    "departures": "events.planning",
    "tickets.event": "events.planning",
    "overview": "overview.index",
    "invitations": "events.planning",
    "consents.roll": "events.planning",
    "consents.version": "events.planning",
    "consents.versions": "events.planning",
    "consents.answers.sheet": "signups.mine",
    "signups": "signups.mine",
    "signups.create": "events.index",
    "signups.someone": "events.planning",
    "parties": "signups.mine",
    "parties.unreached": "events.planning",
    "people.guardians.sharing": "signups.mine",
    "answers": "signups.mine",
    "queues": "signups.mine",
    "queues.of_event": "events.planning",
    "people": "people.index",
    "people.my_children": "signups.mine",
    "people.child": "signups.mine",
    "people.new_child": "signups.mine",
    "people.brigades": "signups.mine",
    "access.inviting": "people.index",
    "access.accounts": "people.index",
    "history": "events.planning",
    "hands": "events.planning",
    "access.delegation": "signups.mine",
    "history.of_person": "people.index",
    "gifts": "gifts.index",
    "mail": "mail.index",
    "mail.letters": "signups.mine",
    "letters": "mail.index",
    "suppressions": "mail.index",
    "own_letters": "events.planning",
    "proof": "mail.index",
    "proof.of_event": "events.planning",
    "proof.of_person": "people.index",
    "thanks": "signups.mine",
    "thanks.of_events": "events.planning",
    "face": "face.index",
    "impact": "face.index",
    "engagement": "impact.index",
    "engagement.mine": "signups.mine",
    "follow_ups": "events.planning",
    "follow_ups.answers": "signups.mine",
    "outcomes": "face.index",
    "pictures": "events.planning",
    "pictures.album": "events.index",
    "pictures.refusals.mine": "signups.mine",
    "money": "face.index",
    "money.budgets": "money.budgets.index",
    "money.files": "money.budgets.index",
    "plans": "events.planning",
}


def menu(actor: Actor) -> list[Link]:
    """What this actor finds in the masthead."""
    entries = list(SIGNED_IN if actor.is_signed_in else EVERYBODY)
    entries += [(label, endpoint) for label, endpoint, roles in FOR_ROLES if actor.has_role(*roles)]
    home = _home_of(request.endpoint or "")
    return [Link(gettext(label), url_for(endpoint), endpoint == home) for label, endpoint in entries]


def footer(actor: Actor) -> list[Link]:
    """What stands at the foot of every page."""
    entries = [(N_("Help"), "help.index")]
    if actor.is_signed_in:
        entries += [(N_("My children"), "people.my_children"), (N_("My brigade"), "people.brigades.mine")]
        entries += [(N_("Approvals"), "answers.approvals"), (N_("Personal data"), "access.mine")]
    return [Link(gettext(label), url_for(endpoint), request.endpoint == endpoint) for label, endpoint in entries]


def _home_of(endpoint: str) -> str:
    """The entry that a page lies under: its own, that of its blueprint, or that of its slice."""
    while endpoint:
        if endpoint in HOMES:
            return HOMES[endpoint]
        endpoint = endpoint.rpartition(".")[0]
    return ""
