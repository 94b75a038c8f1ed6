"""Institutions: a boarding school, a children's home, a partner firm."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import new_id, transaction
from app.errors import N_, Invalid, require
from app.people.models import Institution
from app.people.policy import can_add_person


def add_institution(values: Mapping[str, Any], *, now: datetime, actor: Actor) -> Institution:
    """Somebody who sends people, in a city of one's own. Raises Invalid, NotAllowed."""
    with transaction() as session:
        require(can_add_person(actor, city=values["city"]))
        if not values["name"]:
            raise Invalid({"name": N_("Give it a name in one language at least.")})
        institution = Institution(id=new_id(), **values)
        institution.slug = institution.id
        session.add(institution)
        session.flush()
        record(actor, "create", institution, now=now)
    return institution
