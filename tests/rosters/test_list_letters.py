"""The letter with a group's list, as its leader reads it in each language."""

import dataclasses
from email import message_from_bytes
from email.policy import default

import pytest

from app.db import db, transaction
from app.mail.models import Mail
from app.mail.rendering import Claimed, written
from app.people.models import Person
from app.rosters.bus_stops import add_stop, choose_pick_up
from app.rosters.containers import Draft, change_container, make_containers
from app.rosters.placing import move_people
from app.rosters.sending_lists import send_lists
from tests.rosters.days import EIGHT, NOW, family_day


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_letter_names_people_stops_and_the_version(app, language):
    day = family_day()
    (bus,) = make_containers(day.event, "buses", [Draft()], now=NOW, actor=day.aigul)
    move_people(day.event, "buses", [day.nurlan.id, day.dina.id], to=bus.id, now=NOW, actor=day.aigul)
    stop = add_stop(bus, {"kk": "Алаң"}, EIGHT, now=NOW, actor=day.aigul)
    choose_pick_up(bus, [day.dina.id], stop_id=stop.id, now=NOW, actor=day.aigul)
    change_container(bus, {"name": "1", "capacity": None}, leader_id=day.nurlan.person_id, now=NOW, actor=day.aigul)
    sent = send_lists(day.event, "buses", now=NOW, actor=day.aigul)
    assert (sent.sent, sent.without_leader, sent.without_address) == (1, (), ())
    letter = db.session.query(Mail).filter_by(template="rosters/list").one()
    fields = {
        field.name: getattr(letter, field.name) for field in dataclasses.fields(Claimed) if field.name != "override"
    }
    read = message_from_bytes(written(Claimed(**fields | {"language": language}), now=NOW)[2], policy=default)
    for kind in ("plain", "html"):
        said = read.get_body((kind,)).get_content()
        assert "Сейітқали Дина" in said and "08:10" in said and "13, Алаң" in said
    assert "1" in read["Subject"]


def test_whoever_has_no_leader_or_no_address_is_named(app):
    day = family_day()
    one, _other = make_containers(day.event, "groups", [Draft(), Draft()], now=NOW, actor=day.aigul)
    with transaction() as session:
        session.get_one(Person, day.nurlan.person_id).email = None
    change_container(one, {"name": "1", "capacity": None}, leader_id=day.nurlan.person_id, now=NOW, actor=day.aigul)
    sent = send_lists(day.event, "groups", now=NOW, actor=day.aigul)
    assert (sent.sent, sent.without_leader, sent.without_address) == (0, ("2",), ("1",))
