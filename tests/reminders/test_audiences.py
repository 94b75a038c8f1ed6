"""To whom reminders go: those who go and guardians, escorts and staff, hosts, institutions; and when they are awake."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.db import db, transaction
from app.desk.trip.codes import code_of, printed_code
from app.events.models import Event
from app.events.trip_models import Host
from app.mail.models import Mail
from app.people.models import City, Person
from app.reminders import audiences
from app.reminders.models import ReminderRun
from app.reminders.operations import queue_due_reminders
from app.reminders.plans import AUDIENCES, DAYS, ESCORTS, HOSTS, HOURS, INSTITUTIONS, Planned, to_keep
from app.reminders.previewing import readers_of_event
from app.rosters.duty_models import Duty, Need
from app.signups.models import Invitation, InvitationContact, Place, SignUp
from tests import factories

START = datetime(2030, 5, 18, 11, 0, tzinfo=ZoneInfo("Asia/Almaty"))
DAY = START - timedelta(days=1)
BEFORE = START - timedelta(days=60)


def letters(event: Event, *who: str, now: datetime = DAY) -> dict[str, Mail]:
    """{address: letter} of a plan with one reminder to these."""
    with transaction():
        event.reminder_plan = to_keep([Planned(1, DAYS, who)])
    while queue_due_reminders(now=now):
        pass
    db.session.expire_all()
    return {mail.recipient: mail for mail in db.session.query(Mail)}


@pytest.fixture
def event(app: Flask) -> Event:
    """Nurlan escorts his daughter Dina; a medic works there, Saule receives them, a school sends Timur."""
    at = factories.event(starts_at=START, audience="families")
    nurlan = factories.employee(email="nurlan@torangy.example")
    factories.place(at, factories.child(nurlan))
    factories.place(at, nurlan, role="escort")
    need = factories.saved(Need(event_id=at.id, position=1, role="first_aid", minimum=1, maximum=1))
    medic = factories.person("Дәрігер", "Әсел", email="medic@clinic.example")
    factories.saved(Duty(need_id=need.id, person_id=medic.id, how="placed", taken_at=BEFORE))
    _host(at, "saule@museum.example", confirmed_at=BEFORE)
    _host(at, "maybe@museum.example")
    school = factories.institution(contact_name="Мектеп", contact_email="office@school.example")
    timur = factories.person(
        "Оқушы", "Тимур", kind="child", birth_date=datetime(2018, 1, 1).date(), institution_id=school.id
    )
    place = factories.place(at, timur)
    _invite(at, school.id, place.signup_id)
    return at


def _host(at: Event, email: str, **answer: datetime) -> None:
    asked = {"invited_at": BEFORE, "asked_for_at": at.starts_at, "created_at": BEFORE}
    factories.saved(Host(event_id=at.id, kind="host", name="Сәуле", email=email, language="ru", **asked, **answer))


def _invite(at: Event, institution_id: str, signup_id: str) -> None:
    times = {"created_at": BEFORE}
    invitation = factories.saved(
        Invitation(event_id=at.id, institution_id=institution_id, seats=5, names_due_at=DAY, **times)
    )
    factories.saved(
        InvitationContact(
            invitation_id=invitation.id, name="Серік", email="serik@school.example", language="ru",
            secret_hash="0" * 64, **times,
        )
    )  # fmt: skip
    with transaction():
        db.session.get_one(SignUp, signup_id).invitation_id = invitation.id


@pytest.mark.full
def test_each_audience_gets_its_own_letters(event: Event) -> None:
    found = letters(event, *AUDIENCES)
    assert {address: (mail.template, mail.kind) for address, mail in found.items()} == {
        "nurlan@torangy.example": ("reminders/reminder", "reminder"),
        "medic@clinic.example": ("reminders/reminder", "reminder"),
        "office@school.example": ("reminders/reminder", "reminder"),
        "saule@museum.example": ("reminders/visit", "visit"),
        "serik@school.example": ("reminders/visit", "visit"),
    }
    nurlan, host = found["nurlan@torangy.example"].context, found["saule@museum.example"]
    assert (nurlan["goes_too"], nurlan["others"], len(nurlan["tickets"])) == (True, ["Дина"], 2)
    assert (host.context["people"], host.language, host.calendar) == (3, "ru", None)
    assert host.context["url"].startswith("/hosts/")
    school = found["serik@school.example"].context
    assert school["people"] == 1 and school["url"].startswith("/invitations/")
    assert nurlan["cant_come_url"].startswith("/cant-come/")
    assert found["medic@clinic.example"].context["goes_too"] is True


@pytest.mark.parametrize(
    ("who", "reached"),
    [
        ((ESCORTS,), {"nurlan@torangy.example", "medic@clinic.example"}),
        ((HOSTS,), {"saule@museum.example"}),
        ((INSTITUTIONS,), {"serik@school.example"}),
    ],
)
def test_only_whom_the_plan_names_is_reminded(event: Event, who: tuple[str, ...], reached: set[str]) -> None:
    assert set(letters(event, *who)) == reached


@pytest.mark.full
def test_the_page_counts_the_readers_that_get_letters(event: Event) -> None:
    readers = readers_of_event(event)
    for who in (AUDIENCES, AUDIENCES[:1], AUDIENCES[1:2], AUDIENCES[2:3], AUDIENCES[3:]):
        with transaction():
            db.session.query(Mail).delete()
            db.session.query(ReminderRun).delete()
        assert readers.of(who) == len(letters(event, *who))


def test_no_address_can_be_read_out_of_a_key(event: Event) -> None:
    assert all("@" not in mail.key for mail in letters(event, *AUDIENCES).values())


def test_a_family_across_pages_still_gets_one_letter(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audiences, "PLACES_AT_ONCE", 1)
    found = letters(event, *AUDIENCES)
    assert len(found) == 5 == db.session.query(Mail).count()
    assert found["nurlan@torangy.example"].context["others"] == ["Дина"]


def _in_moscow(app: Flask) -> Person:
    factories.saved(City(slug="moscow", name={"en": "Moscow"}, timezone="Europe/Moscow"))
    return factories.employee(city="moscow")


def test_a_reader_in_another_zone_hears_in_their_own_morning(app: Flask) -> None:
    at = factories.event(starts_at=START.replace(hour=12))
    factories.place(at, _in_moscow(app))
    with transaction():
        at.reminder_plan = to_keep([Planned(3, HOURS, ("confirmed",))])
    while queue_due_reminders(now=START.replace(hour=9)):
        pass
    (mail,) = db.session.query(Mail)
    assert mail.reader_zone == "Europe/Moscow"
    assert mail.not_before == mail.due_at == datetime(2030, 5, 18, 8, tzinfo=ZoneInfo("Europe/Moscow"))


def test_whose_night_lasts_until_the_start_is_counted_and_left_to_sleep(app: Flask) -> None:
    at = factories.event(starts_at=START.replace(hour=10))
    factories.place(at, _in_moscow(app))
    with transaction():
        at.reminder_plan = to_keep([Planned(2, HOURS, ("confirmed",))])
    while queue_due_reminders(now=START.replace(hour=8)):
        pass
    assert db.session.query(Mail).count() == 0
    (run,) = db.session.query(ReminderRun)
    assert (run.queued, run.skipped, run.finished_at is not None) == (0, 1, True)


def test_the_code_to_collect_a_child_goes_to_its_guardian_and_to_nobody_else(event):
    found = letters(event, *AUDIENCES)
    dina = db.session.query(Place).join(Person, Person.id == Place.person_id).filter(Person.given_name == "Дина").one()
    code = {"name": "Дина", "code": printed_code(code_of(dina.id))}
    assert found["nurlan@torangy.example"].context["collections"] == [code]
    others = [mail for address, mail in found.items() if address != "nurlan@torangy.example"]
    assert others and not any(code["code"] in str(mail.context) for mail in others)
