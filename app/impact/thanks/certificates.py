"""Certificates: made when somebody first asks for one, and asked about by whoever knows the code."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.actor import Actor
from app.attendance.days import is_final
from app.attendance.hour_models import HoursEntry
from app.audit.operations import record
from app.db import connection, db, new_id, transaction
from app.errors import NotFound
from app.impact.thanks.codes import new_code, read_code
from app.impact.thanks.errors import NoCertificate
from app.impact.thanks.models import Certificate
from app.impact.thanks.shares import came, final_place, with_event
from app.people.models import Person
from app.signups.models import Place

INSERT = {
    name: dialect.insert(Certificate.__table__).on_conflict_do_nothing(index_elements=["place_id"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


@dataclass(frozen=True)
class Proof:
    """What a code stands for, while it does; `minutes` is None for whoever was no volunteer."""

    place: Place
    minutes: int | None


def issue_certificate(place_id: str, *, now: datetime, actor: Actor) -> Certificate:
    """The certificate of this place, made if there is none yet; asking twice changes nothing. Raises NoCertificate."""
    with transaction() as session:
        place = final_place(place_id)
        if place is None:
            raise NoCertificate
        row = {"id": new_id(), "code": new_code(), "place_id": place.id, "event_id": place.event_id, "issued_at": now}
        insert = INSERT[session.get_bind().dialect.name].returning(Certificate.__table__.c.id)
        is_new = connection().execute(insert, row).first() is not None
        found = session.scalars(select(Certificate).where(Certificate.place_id == place.id)).one()
        if is_new:
            record(actor, "issue_certificate", place, now=now)
    return found


def certificate_of(place_id: str) -> tuple[Certificate, Place]:
    """The certificate with its place, while the marks say that its person was there. Raises NotFound."""
    place = final_place(place_id)
    found = db.session.scalar(select(Certificate).where(Certificate.place_id == place_id))
    if place is None or found is None:
        raise NotFound
    return found, place


def proof_of(typed: str) -> Proof:
    """What somebody's code proves. Raises NotFound, in the same way for a code that never was, for one that no longer
    counts, since the marks were corrected or the day was opened again, and for somebody who was erased."""
    query = (
        select(Place, HoursEntry.minutes)
        .join(Certificate, Certificate.place_id == Place.id)
        .join(Place.event)
        .join(Place.person)
        .outerjoin(HoursEntry, and_(HoursEntry.place_id == Place.id, HoursEntry.replaced_by_id.is_(None)))
        .where(Certificate.code == (read_code(typed) or ""), came(), is_final(), Person.erased_at.is_(None))
        .options(*with_event())
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    return Proof(row[0], row[1] or None)
