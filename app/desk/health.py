"""Notes of health on the day: who may read one, and that every reading is written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, transaction
from app.desk.question_answers import can_see_answers
from app.errors import NotFound, require
from app.people.models import MedicalNote
from app.signups.models import Place

AFTER_RETURN = timedelta(days=14)


@dataclass(frozen=True)
class HealthNotes:
    """What was told for this event, and what stands on the person's own profile; "" where there is none."""

    here: str
    on_profile: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.here or self.on_profile)


def read_health(place: Place, *, now: datetime, actor: Actor) -> HealthNotes:
    """The notes of somebody who comes, for coordinators and safety officers of the event; the reading is logged.

    Raises NotAllowed for others, and NotFound for whoever doesn't come, or 14 days after the return.
    """
    with transaction():
        require(can_see_answers(actor, place.event))
        if not place.is_standing or place.event.ends_at < now - AFTER_RETURN:
            raise NotFound
        note = db.session.get(MedicalNote, place.person_id)
        record(actor, "view_medical", place, now=now)
        return HealthNotes(here=place.medical_note or "", on_profile=note.text if note else "")
