"""Who may see what lies behind the figures. Pure."""

from app.accounts.actor import COORDINATOR, Actor


def can_see_sources(actor: Actor) -> bool:
    """Who said a figure, suppliers and notes are for coordinators; the figures themselves are for everybody."""
    return actor.has_role(COORDINATOR)
