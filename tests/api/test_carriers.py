"""One group or bus by program; and the small steps of the desk."""

import pytest

from app.db import db, transaction
from app.events.models import ChecklistItem
from app.events.trip_models import Host
from app.mail.models import Mail
from app.rosters.models import Bus, Group
from app.signups.models import Place
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.full
def test_a_bus_its_stops_and_who_gets_on_where(program):
    event, aigul, nurlan = factories.event(), program(factories.coordinator()), factories.employee()
    place, bus = factories.place(event, nurlan), factories.saved(Bus(event_id=event.id, name="1"))
    with transaction():
        place.bus_id = bus.id
    base = f"/events/{event.id}/buses/{bus.id}"
    stop = aigul.post(f"{base}/stops", json={"place": {"kk": "Алаң"}, "leaves_at": "08:10"})
    assert (stop.status_code, stop.json["leaves_at"], stop.json["direction"]) == (201, "08:10", "out")
    sent = {"place_ids": [place.id], "stop_id": stop.json["id"]}
    assert aigul.post(f"{base}/pick-ups", json=sent).json == {"people": 1}
    changed = aigul("PATCH", base, json={"driver": "Болат", "capacity": 40, "leader_id": nurlan.id})
    assert (changed.status_code, changed.json["leader_id"]) == (200, nurlan.id)
    assert (changed.json["people"][0]["stop_id"], changed.json["people"][0]["age"]) == (stop.json["id"], None)
    db.session.expire_all()
    assert (db.session.get_one(Bus, bus.id).driver, db.session.get_one(Bus, bus.id).seats) == ("Болат", 40)
    assert aigul("PATCH", base, json={"plate": "123"}).json["leader_id"] == nurlan.id, "what is left out stays"
    firm = {"firm": "Ақжол", "firm_email": "Bus@torangy.example", "firm_language": "ru"}
    assert aigul("PATCH", base, json=firm).status_code == 200
    assert aigul("PATCH", base, json={"firm_email": "nowhere"}).json["errors"].keys() == {"firm_email"}
    (card,) = aigul.get(f"/events/{event.id}/buses").json["items"]
    assert {name: card[name] for name in firm} == firm | {"firm_email": "bus@torangy.example"}
    assert aigul("PATCH", base, json={"firm_email": "bus@mial.ru"}).json["warnings"][0]["field"] == "firm_email"
    assert aigul("PATCH", base, json={"firm_email": ""}).json["warnings"] == []
    assert program(nurlan).get(base).json["people"][0]["name"] == nurlan.short_name
    assert program(factories.employee("Стан", "Стэн")).get(base).status_code == 404
    assert program(factories.coordinator("zhezkazgan"))("PATCH", base, json={}).status_code == 403
    assert aigul.post(f"{base}/stops/{stop.json['id']}/removal").status_code == 204
    assert aigul.post(f"{base}/closing").json == {"people": 1}
    assert aigul.get(base).json["closed"] and aigul.post(f"{base}/reopening").status_code == 204


def test_two_people_swap_and_leaders_get_their_lists(program):
    event, aigul = factories.event(), program(factories.coordinator())
    leader = factories.employee("Жетекші", "Жан")
    places = [factories.place(event, factories.employee(f"Ә{n}", "Б")) for n in range(2)]
    groups = [factories.saved(Group(event_id=event.id, name=str(n), leader_id=leader.id)) for n in (1, 2)]
    with transaction():
        for place, group in zip(places, groups, strict=True):
            place.group_id = group.id
    ids = [place.id for place in places]
    assert aigul.post(f"/events/{event.id}/people-swaps", json={"what": "groups", "place_ids": ids}).status_code == 204
    db.session.expire_all()
    assert [db.session.get_one(Place, id_).group_id for id_ in ids] == [groups[1].id, groups[0].id]
    one = aigul.post(f"/events/{event.id}/people-swaps", json={"what": "groups", "place_ids": ids[:1]})
    assert one.status_code == 409
    sent = aigul.post(f"/events/{event.id}/lists", json={"what": "groups"})
    assert (sent.json["sent"], sent.json["without_leader"]) == (2, [])
    assert db.session.query(Mail).filter_by(person_id=leader.id).count() == 2


@pytest.mark.full
def test_the_checklist_a_hosts_answer_and_notes(program):
    event, aigul = factories.event(), program(factories.coordinator())
    then = factories.LONG_AGO
    line = factories.saved(ChecklistItem(event_id=event.id, text={"en": "Bags"}, days_before=5, created_at=then))
    assert aigul.post(f"/checklist/{line.id}/completion").status_code == 201
    assert aigul.post(f"/checklist/{line.id}/reopening").status_code == 204
    db.session.expire_all()
    assert db.session.get_one(ChecklistItem, line.id).done_at is None
    assert program(factories.coordinator("zhezkazgan")).post(f"/checklist/{line.id}/removal").status_code == 403
    assert aigul.post(f"/checklist/{line.id}/removal").status_code == 204
    assert aigul.post(f"/checklist/{line.id}/removal").status_code == 404
    host = factories.saved(Host(event_id=event.id, kind="host", name="Сәуле", created_at=then, invited_at=then,
                                asked_for_at=event.starts_at))  # fmt: skip
    assert aigul.post(f"/hosts/{host.id}/answer", json={"confirmed": False}).json["state"] == "declined"
    place = factories.place(event, factories.employee())
    note = aigul.post(f"/places/{place.id}/notes", json={"text": "Late"}).json
    (read,) = aigul.get(f"/places/{place.id}/notes").json["items"]
    assert (read["id"], read["text"], read["by"]) == (note["id"], "Late", "Омарова Айгүл")
    assert aigul.post(f"/notes/{note['id']}/removal").status_code == 204
    assert aigul.get(f"/places/{place.id}/notes").json["items"] == []
