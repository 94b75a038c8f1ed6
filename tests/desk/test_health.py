"""Notes of health: for those who lead the person's group, the medic and the staff, on the days of the event alone."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as on

from app import clock
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.people.models import Person
from app.rosters.duty_models import Duty, Need
from app.rosters.models import Group
from app.signups.models import Place
from tests import factories
from tests.factories import saved

LogIn = Callable[[Person], FlaskClient]
DAY = factories.SATURDAY
SECRET = "Жаңғаққа аллергия"


class World:
    """Two groups with leaders, a child with a note in each, and nothing else."""

    def __init__(self) -> None:
        self.event = factories.event(audience="families", starts_at=DAY, ends_at=DAY + timedelta(hours=5))
        self.nurlan = factories.employee()
        self.saule, self.marat = factories.employee("Сәуле", "Сәуле"), factories.employee("Марат", "Марат")
        first = saved(Group(event_id=self.event.id, name="1", leader_id=self.saule.id))
        second = saved(Group(event_id=self.event.id, name="2", leader_id=self.marat.id))
        dina = factories.child(self.nurlan)
        self.group = first
        self.dina = factories.place(self.event, dina, group_id=first.id, medical_note=SECRET)
        self.other = factories.place(self.event, factories.child(self.nurlan, "Тимур"), group_id=second.id)
        self.listed = f"/events/{self.event.id}/health"
        self.note = f"/events/{self.event.id}/roster/{self.dina.id}/health"

    def medic(self, *, how: str = "placed", skill: str = "") -> Person:
        aid = factories.employee("Дәрігер", "Айша")
        values = {"event_id": self.event.id, "position": 1, "minimum": 1, "maximum": 2}
        need = saved(Need(role="first_aid", skill=skill, **values))
        saved(Duty(need_id=need.id, place_id=factories.place(self.event, aid).id, how=how, taken_at=DAY))
        return aid

    def readings(self) -> int:
        return db.session.query(AuditEntry).filter_by(verb="view_medical", object_id=self.dina.id).count()


@pytest.fixture
def world(app: Flask) -> World:
    return World()


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def _set(now: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: now)

    _set(DAY)
    return _set


@pytest.mark.full
def test_the_leader_of_the_group_reads_it_and_each_reading_is_written_down(log_in: LogIn, world: World):
    client = log_in(world.saule)
    assert world.listed in client.get(f"/events/{world.event.id}/groups/{world.group.id}").text
    page = client.get(world.listed)
    assert "Дина" in page.text and world.note in page.text and SECRET not in page.text and world.readings() == 0
    for count in (1, 2):
        note = client.post(world.note)
        assert SECRET in note.text and note.headers["Cache-Control"] == "no-store" and world.readings() == count


def test_the_leader_of_another_group_neither_reads_it_nor_sees_the_name(log_in: LogIn, world: World):
    client = log_in(world.marat)
    page = client.get(world.listed)
    assert page.status_code == 200 and "Дина" not in page.text
    assert client.post(world.note).status_code == 404 and world.readings() == 0


@pytest.mark.full
def test_the_medic_reads_everybodys_and_finds_the_way_from_the_tasks(log_in: LogIn, world: World):
    client = log_in(world.medic())
    assert world.listed in client.get(f"/events/{world.event.id}/tasks").text
    assert "Дина" in client.get(world.listed).text
    assert SECRET in client.post(world.note).text and world.readings() == 1


def test_first_aid_that_somebody_took_on_without_proof_opens_nothing(log_in: LogIn, world: World):
    client = log_in(world.medic(how="chosen"))
    assert world.listed not in client.get(f"/events/{world.event.id}/tasks").text
    assert client.get(world.listed).status_code == 404 and client.post(world.note).status_code == 404


def test_first_aid_taken_on_with_proof_opens_them(log_in: LogIn, world: World):
    assert SECRET in log_in(world.medic(how="chosen", skill="first_aid")).post(world.note).text


@pytest.mark.full
def test_a_colleague_who_comes_and_a_guardian_find_nothing_there(log_in: LogIn, world: World):
    colleague = factories.employee("Ерлан", "Ерлан")
    factories.place(world.event, colleague, group_id=world.group.id)
    for who in (colleague, world.nurlan, factories.employee("Стан", "Стэн")):
        client = log_in(who)
        assert client.get(world.listed).status_code == 404 and client.post(world.note).status_code == 404
    assert world.readings() == 0


def test_a_gift_keeper_and_a_helper_may_not(log_in: LogIn, world: World):
    for role, scope in (("gift_keeper", {"city": "balkhash"}), ("helper", {"event_id": world.event.id})):
        keeper = factories.employee("Кенже", role)
        factories.account(keeper, role, **scope)
        client = log_in(keeper)
        assert client.get(world.listed).status_code == 403 and client.post(world.note).status_code == 403
    assert world.readings() == 0


def test_a_coordinator_of_another_city_finds_nothing(log_in: LogIn, world: World):
    factories.city("zhezkazgan")
    client = log_in(factories.coordinator("zhezkazgan"))
    assert client.get(world.listed).status_code == 404 and client.post(world.note).status_code == 404


@pytest.mark.parametrize(("days", "status"), [(-2, 404), (-1, 200), (1, 200), (2, 404)])
@pytest.mark.full
def test_leaders_and_medics_read_from_the_day_before_to_the_day_after(
    log_in: LogIn, world: World, at: Callable[[datetime], None], days: int, status: int
):
    readers = [world.saule, world.medic()]
    at(DAY + timedelta(days=days))
    for reader in readers:
        client = log_in(reader)
        assert client.get(world.listed).status_code == status and client.post(world.note).status_code == status
    page = log_in(world.saule).get(f"/events/{world.event.id}/groups/{world.group.id}")
    assert page.status_code == 200 and (world.listed in page.text) == (status == 200)


@pytest.mark.full
def test_staff_read_before_and_for_two_weeks_after(log_in: LogIn, world: World, at: Callable[[datetime], None]):
    aigul = factories.coordinator()
    for days, status in ((-20, 200), (13, 200), (15, 404)):
        at(DAY + timedelta(days=days))
        client = log_in(aigul)
        assert client.get(world.listed).status_code == status and client.post(world.note).status_code == status


def test_who_no_longer_comes_or_sits_in_another_group_is_out_of_reach(log_in: LogIn, world: World):
    with transaction() as session:
        session.get_one(Place, world.dina.id).group_id = None
    client = log_in(world.saule)
    assert "Дина" not in client.get(world.listed).text and client.post(world.note).status_code == 404


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    on.listen(db.engine, "before_cursor_execute", note)
    yield sent
    on.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.full
def test_the_list_asks_at_most_twelve_times_whatever_its_length(log_in: LogIn, world: World, statements: list[str]):
    for number in range(20):
        child = factories.child(world.nurlan, f"Бала{number}")
        factories.place(world.event, child, group_id=world.group.id, medical_note=SECRET)
    client = log_in(world.saule)
    client.get(world.listed)
    db.session.remove()
    statements.clear()
    assert client.get(world.listed).status_code == 200
    assert len(statements) <= 12, statements
