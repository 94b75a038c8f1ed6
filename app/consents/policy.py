"""Who may change the texts that guardians agree to. Pure."""

from app.accounts.actor import COORDINATOR, SYSTEM, Actor


def can_publish_text(actor: Actor) -> bool:
    """The texts bind every city: admins and coordinators of all cities; the system installs the first ones."""
    return actor == SYSTEM or actor.is_admin or (actor.has_role(COORDINATOR) and actor.cities(COORDINATOR) is None)


def can_read_versions(actor: Actor) -> bool:
    """Whoever coordinates anything."""
    return actor.has_role(COORDINATOR)
