"""The version word of a row on an institution's list: who sends an old one hasn't seen what stands there now. Pure."""

import hashlib

from app.signups.models import Place

_OF_THE_PERSON = ("surname", "given_name", "patronymic", "birth_date", "school_class", "phone", "institution_id")
_OF_THE_PLACE = ("id", "person_id", "status", "role", "tshirt_size", "diet", "medical_note")


def version_of(place: Place) -> str:
    """Twelve letters that differ as soon as anything differs that this row's page shows, whoever changed it."""
    shown = [str(getattr(place.person, name) or "") for name in _OF_THE_PERSON]
    shown += [str(getattr(place, name) or "") for name in _OF_THE_PLACE]
    return hashlib.sha256("\x1f".join(shown).encode()).hexdigest()[:12]
