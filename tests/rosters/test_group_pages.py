"""Pages of groups and buses, as a coordinator works with them, and as others may or may not see them."""

import gzip
import re
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select

from app.db import db, new_id, transaction
from app.mail.models import Mail
from app.people.models import Person
from app.rosters.containers import Draft, change_container, make_containers
from app.rosters.models import Bus, Group
from app.rosters.placing import move_people
from app.signups.models import Place, SignUp
from tests import factories
from tests.rosters.days import NOW, family_day

LIMIT = 12  # queries a page may cost
COMPRESSED = 60_000


@pytest.fixture
def day(app):
    return family_day()


@contextmanager
def counted():
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


def form_of(page, name):
    return re.findall(rf'name="{name}" value="([^"]+)"', page)


@pytest.mark.full
def test_from_nothing_to_placed_in_two_presses(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/groups"
    assert "No groups yet" in client.get(url).text
    assert client.post(url, data={"count": "2", "capacity": "4"}).status_code == 303
    assert client.post(f"{url}/arrangement", data={"escorts": "y", "balanced": "y", "keep": "anew"}).status_code == 303
    page = client.get(url).text
    assert len(form_of(page, "place")) == 7 and "Everybody is placed, and every rule is kept." in page
    assert "Escorts: 1 of 1" in page


@pytest.mark.full
def test_people_are_picked_and_moved_without_a_script(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/buses"
    client.post(url, data={"count": "1", "capacity": "2", "name": "Ақ", "driver": "Ермек", "plate": "123 ABC 09"})
    bus = db.session.scalars(select(Bus)).one()
    answer = client.post(f"{url}/moves", data={"place": [day.nurlan.id, day.dina.id], "to": bus.id, "who": "children"})
    assert answer.status_code == 303 and answer.location == f"{url}?who=children#c-{bus.id}"
    refused = client.post(
        f"{url}/moves", data={"place": [day.adults[0].id], "to": bus.id}, headers={"Referer": f"http://localhost{url}"}
    )
    assert refused.status_code == 409 and "Ақ: there are 2 places, with them it would be 3 people." in refused.text
    assert "Ермек" in client.get(f"{url}/{bus.id}").text


def test_nobody_is_moved_while_it_is_not_said_where_to(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/groups"
    client.post(url, data={"count": "1"})
    group = db.session.scalars(select(Group)).one()
    client.post(f"{url}/moves", data={"place": [day.nurlan.id], "to": group.id})
    assert client.post(f"{url}/moves", data={"place": [day.nurlan.id], "to": ""}).status_code == 409
    assert db.session.get(Place, day.nurlan.id, populate_existing=True).group_id == group.id
    assert client.post(f"{url}/moves", data={"place": [day.nurlan.id], "to": "nowhere"}).status_code == 303
    assert db.session.get(Place, day.nurlan.id, populate_existing=True).group_id is None


def test_two_change_places(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/groups"
    client.post(url, data={"count": "2"})
    one, other = db.session.scalars(select(Group).order_by(Group.name)).all()
    client.post(f"{url}/moves", data={"place": [day.nurlan.id], "to": one.id})
    client.post(f"{url}/moves", data={"place": [day.adults[0].id], "to": other.id})
    client.post(f"{url}/swaps", data={"place": [day.nurlan.id, day.adults[0].id]})
    assert db.session.get(Place, day.nurlan.id, populate_existing=True).group_id == other.id


def test_a_parted_family_is_named(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/groups"
    client.post(url, data={"count": "2"})
    one, other = db.session.scalars(select(Group).order_by(Group.name)).all()
    client.post(f"{url}/moves", data={"place": day.everybody, "to": one.id})
    client.post(f"{url}/moves", data={"place": [day.dina.id], "to": other.id})
    page = client.get(url).text
    assert "A family is parted" in page and "Escorts: 0 of 1" in page


def test_name_and_leader_are_changed_and_a_refusal_stands_beside_its_field(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/groups"
    client.post(url, data={"count": "1"})
    group = db.session.scalars(select(Group)).one()
    wrong = client.post(f"{url}/{group.id}", data={"name": "Теңіз", "leader_number": "nosuch"})
    assert wrong.status_code == 422 and "A leader is a grown-up with a seat here, or an employee." in wrong.text
    guide = factories.employee("Гид", "Гүл")
    answer = client.post(f"{url}/{group.id}", data={"name": "Теңіз", "leader_number": guide.personnel_number})
    assert answer.status_code == 303
    assert "Гид Гүл" in client.get(url).text


def test_each_leader_gets_a_list_once_a_version_without_health_notes(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/groups"
    one, other = make_containers(day.event, "groups", [Draft()] * 2, now=NOW, actor=day.aigul)
    with transaction() as session:
        session.get_one(Place, day.dina.id).medical_note = "арахиске аллергия"
    move_people(day.event, "groups", [day.nurlan.id, day.dina.id], to=one.id, now=NOW, actor=day.aigul)
    fields = {"name": "1", "capacity": None}
    change_container(one, fields, leader_id=day.nurlan.person_id, now=NOW, actor=day.aigul)
    for _ in range(2):
        client.post(f"{url}/letters")
    (letter,) = db.session.scalars(select(Mail).where(Mail.template == "rosters/list")).all()
    assert [person["name"] for person in letter.context["people"]] == ["Сейітқали Дина", "Сейітқали Нұрлан"]
    assert "арахис" not in str(letter.context)
    move_people(day.event, "groups", [day.dina.id], to=other.id, now=NOW, actor=day.aigul)
    assert "The list has changed since it was sent to the leader." in client.get(f"{url}/{one.id}").text
    client.post(f"{url}/letters")
    assert db.session.query(Mail).filter_by(template="rosters/list").count() == 2


def test_the_leader_reads_the_list_and_nobody_else(day, log_in):
    (one,) = make_containers(day.event, "groups", [Draft()], now=NOW, actor=day.aigul)
    move_people(day.event, "groups", [day.dina.id], to=one.id, now=NOW, actor=day.aigul)
    url, nurlan = f"/events/{day.event.id}/groups/{one.id}", day.nurlan.person
    assert log_in(nurlan).get(url).status_code == 404
    change_container(one, {"name": "1", "capacity": None}, leader_id=nurlan.id, now=NOW, actor=day.aigul)
    page = log_in(nurlan).get(url)
    assert page.status_code == 200 and "Сейітқали Дина" in page.text and "Close" not in page.text
    assert log_in(factories.employee("Стан", "Стэн")).get(url).status_code == 404


def test_another_events_group_is_not_found_here(day, log_in):
    elsewhere = factories.saved(Group(event_id=factories.event().id, name="1"))
    client = log_in(day.person)
    assert client.get(f"/events/{day.event.id}/groups/{elsewhere.id}").status_code == 404
    data = {"place": [day.nurlan.id], "to": elsewhere.id}
    assert client.post(f"/events/{day.event.id}/groups/moves", data=data).status_code == 404


@pytest.mark.full
def test_my_page_and_the_ticket_say_group_bus_and_pick_up(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/buses"
    (group,) = make_containers(day.event, "groups", [Draft("Теңіз")], now=NOW, actor=day.aigul)
    move_people(day.event, "groups", [day.nurlan.id], to=group.id, now=NOW, actor=day.aigul)
    client.post(url, data={"count": "1", "name": "Ақ", "plate": "123 ABC 09"})
    bus = db.session.scalars(select(Bus)).one()
    client.post(f"{url}/moves", data={"place": [day.nurlan.id], "to": bus.id})
    stop = {"place-kk": "Алаң", "leaves_at": "08:10", "direction": "out"}
    assert client.post(f"{url}/{bus.id}/stops", data=stop).status_code == 303
    client.post(f"{url}/{bus.id}/pick-ups", data={"place": [day.nurlan.id], "stop": bus.stops[0].id})
    for page in ("/my", f"/tickets/{day.nurlan.ticket}"):
        said = log_in(day.nurlan.person).get(page).text
        assert "<b>Теңіз</b>" in said and "<b>Ақ</b> (123 ABC 09), 08:10 Алаң" in said, page


def test_a_stop_without_a_place_is_refused(day, log_in):
    client, url = log_in(day.person), f"/events/{day.event.id}/buses"
    client.post(url, data={"count": "1"})
    bus = db.session.scalars(select(Bus)).one()
    for data in ({"leaves_at": "08:10", "direction": "out"}, {"place-kk": "Алаң", "direction": "out"}):
        assert client.post(f"{url}/{bus.id}/stops", data=data).status_code == 422
    assert bus.stops == []


@pytest.mark.parametrize("what", ["groups", "buses"])
@pytest.mark.full
@pytest.mark.usefixtures("banner_is_known")
def test_a_board_of_four_hundred_is_light_and_asks_twelve_times_at_most(what, day, log_in):
    event = factories.event(capacity=500, audience="families", site=day.event.site)
    with transaction() as session:
        session.add_all(people_of(event, 400))
    containers = make_containers(event, what, [Draft(capacity=50)] * 10, now=NOW, actor=day.aigul)
    client, url = log_in(day.person), f"/events/{event.id}/{what}"
    change_container(containers[0], {"name": "1", "capacity": 50}, leader_id=day.person.id, now=NOW, actor=day.aigul)
    client.post(f"{url}/arrangement", data={"by": "department", "brigades": "y", "balanced": "y", "keep": "anew"})
    for page in (url, f"{url}/lists", f"{url}/{containers[0].id}"):
        client.get(page)
        db.session.remove()
        with counted() as sent:
            answer = client.get(page)
        assert len(sent) <= LIMIT, f"{page}: {len(sent)} queries\n" + "\n".join(sent)
        weight = len(gzip.compress(answer.data, 6))
        print(f"\n{page}: {len(sent)} queries, {weight} bytes compressed")
        assert weight < COMPRESSED
    assert len(form_of(client.get(url).text, "place")) == 400


def people_of(event, number):
    """Colleagues of a dozen departments and, of every fourth, a child."""
    rows = []
    for one in range(1, number + 1):
        is_child = one % 4 == 0
        who = Person(
            id=new_id(), kind="child" if is_child else "other", surname=f"Қызметкер{one // 4 if is_child else one}",
            given_name="Серік", name_sort=f"{one:04}", birth_date=date(2018 if is_child else 1985, 3, 5),
            department="" if is_child else f"Цех {one % 12}", created_at=factories.LONG_AGO,
        )  # fmt: skip
        then = {"event_id": event.id, "created_at": factories.LONG_AGO}
        party = SignUp(id=new_id(), leader_id=who.id, queue_number=one, **then)
        seat = {"status": "confirmed", "confirmed_at": factories.LONG_AGO}
        rows += [who, party, Place(signup_id=party.id, person_id=who.id, **seat, **then)]
    return rows
