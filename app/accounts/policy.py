"""Who may say what others may. Pure."""

from app.accounts.actor import Actor


def can_grant(actor: Actor) -> bool:
    """Only administrators give and take roles."""
    return actor.is_admin
