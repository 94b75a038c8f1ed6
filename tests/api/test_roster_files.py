"""The roster as a file for a program: with the staff of the day, written down as any list that leaves the house."""

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db
from app.rosters.duty_models import Duty, Need
from tests import factories


def test_it_names_the_staff_says_who_took_it_and_is_written_down(program):
    event, bolat = factories.event(), factories.employee("Жүнісов", "Болат")
    need = factories.saved(Need(event_id=event.id, position=1, role="driver", minimum=1, maximum=1))
    factories.saved(Duty(need_id=need.id, person_id=bolat.id, how="placed", taken_at=factories.LONG_AGO))
    answer = program(factories.coordinator()).get(f"/events/{event.id}/roster?format=csv")
    assert "Жүнісов Болат" in answer.text and "Омарова Айгүл" in answer.text
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "export")).one().event_id == event.id
    for stranger in (factories.coordinator("zhezkazgan"), factories.employee("Стан", "Стэн")):
        assert program(stranger).get(f"/events/{event.id}/roster?format=csv").status_code in (403, 404)
