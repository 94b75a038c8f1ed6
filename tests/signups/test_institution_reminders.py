"""The contacts' reminder of their names goes with a day that is put off, and comes again with the new one."""

from datetime import timedelta

import pytest

from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.rosters.postponing import postpone_event
from app.rosters.publishing import publish_event
from app.signups.capacity import change_event
from tests.signups.inviting import DUE, NOW, School, invited_school

pytestmark = pytest.mark.usefixtures("app")


def planned() -> list[Mail]:
    return db.session.query(Mail).filter_by(template="signups/institution_names_due", status="queued").all()


def put_off(school: School) -> None:
    postpone_event(db.session.get_one(Event, school.event.id), now=NOW, actor=school.coordinator)


def new_day(school: School, *, now=NOW + timedelta(days=1)) -> None:
    event = db.session.get_one(Event, school.event.id)
    later = {name: getattr(event, name) + timedelta(days=14) for name in ("starts_at", "ends_at")}
    change_event(event, later, now=now, actor=school.coordinator)
    publish_event(event, now=now, actor=school.coordinator)


def test_the_reminder_comes_back_with_the_new_day():
    school = invited_school()
    assert len(planned()) == 2
    put_off(school)
    assert planned() == []
    new_day(school)
    assert {mail.recipient for mail in planned()} == {"gulnar@school.example", "serik@school.example"}
    assert {mail.not_before for mail in planned()} == {DUE - timedelta(days=2)}


def test_a_deadline_that_is_over_is_reminded_of_no_more():
    school = invited_school()
    put_off(school)
    new_day(school, now=DUE)
    assert planned() == []
