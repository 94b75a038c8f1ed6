"""Who may open a total down to its entries, and ask by department. Pure."""

from app.accounts.actor import COORDINATOR, MANAGEMENT, Actor


def can_open_entries(actor: Actor) -> bool:
    """Coordinators and management anywhere: figures know no city; the totals themselves are for everybody."""
    return actor.has_role(COORDINATOR, MANAGEMENT)
