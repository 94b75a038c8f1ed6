"""The usual questions of an event, switched on and off; asking for health asks guardians for one consent more."""

from datetime import datetime

from app.accounts.actor import Actor
from app.db import transaction
from app.events.models import Event
from app.events.questions import set_usual
from app.signups.capacity import standing_places
from app.signups.consent_deadlines import ask_again


def ask_usual(event: Event, *, size: bool, diet: bool, medical: bool, now: datetime, actor: Actor) -> None:
    """Whether the sheet asks for the T-shirt size, the diet, and notes of health.

    Who is signed up already stays so; guardians of children are asked to agree to notes of health where those are new.
    """
    with transaction():
        wanted = {"asks_size": size, "asks_diet": diet, "asks_medical": medical}
        changes = set_usual(event, wanted, now=now, actor=actor)
        if "asks_medical" in changes:
            ask_again(event, standing_places(event), now=now, actor=actor)
