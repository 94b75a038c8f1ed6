"""The use cases of rosters in one place to import from."""

from app.rosters.cancelling import cancel_event
from app.rosters.postponing import postpone_event
from app.rosters.publishing import publish_event

__all__ = ["cancel_event", "postpone_event", "publish_event"]
