"""The pages of a change: a preview that changes nothing, one press, and the minute in which it is taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event as listening
from sqlalchemy import func, select

from app.db import db, transaction
from app.mail.models import Mail, Suppression
from app.people.models import WorkStretch
from app.rosters.change_models import EventChange
from app.rosters.models import Departure
from tests import factories

DAY = {"day": "25.05.2030", "starts_at": "09:00", "ends_at": "13:00"}


def counted(client, address: str) -> int:
    asked: list[str] = []

    def hear(*args: object) -> None:
        asked.append(str(args[2]))

    listening.listen(db.engine, "before_cursor_execute", hear)
    try:
        assert client.get(address).status_code == 200
    finally:
        listening.remove(db.engine, "before_cursor_execute", hear)
    return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])


def a_full_event():
    event = factories.event(audience="families", max_age=13, promotion="at-once", signup_closes_at=None)
    nurlan, bolat = (
        factories.employee("Сейітқали", "Нұрлан"),
        factories.employee("Ахметов", "Болат", email=None, phone="+77011234567"),
    )
    asel = factories.employee("Ибраева", "Әсел", email="asel@torangy.example", birth_date=date(2000, 1, 1))
    dina, timur = factories.child(nurlan, "Дина", age=9), factories.child(nurlan, "Тимур", birth_date=date(2016, 5, 20))
    for person in (dina, timur):
        factories.place(event, person)
    factories.consent(event, dina, nurlan)
    with transaction() as session:
        event.max_age = None
        session.add(Suppression(address="asel@torangy.example", reason="bounced", since=factories.LONG_AGO))
        session.add(
            WorkStretch(
                person_id=asel.id, starts_on=date(2030, 5, 24), ends_on=date(2030, 5, 26), created_at=factories.LONG_AGO
            )
        )
    factories.place(event, bolat)
    factories.place(event, asel)
    with transaction():
        event.audience, event.max_age = "children", 13
    return event


def test_the_preview_names_everybody_and_changes_nothing(app, log_in):
    event, aigul = a_full_event(), factories.coordinator()
    client = log_in(aigul)
    page = client.get(f"/events/{event.id}/change", query_string={"to": "move", **DAY, "site_id": event.site_id})
    text = page.get_data(as_text=True).replace("\xa0", " ")
    assert page.status_code == 200 and "Сейітқали Нұрлан" in text and "+7 701" in text
    assert "asel@torangy.example" in text and "Тимур" in text and "Ибраева" in text
    db.session.expire_all()
    assert event.starts_at == factories.SATURDAY and not db.session.scalar(select(func.count()).select_from(Mail))


@pytest.mark.usefixtures("banner_is_known")
def test_the_pages_ask_twelve_questions_at_most(app, log_in):
    event, client = a_full_event(), log_in(factories.coordinator())
    move = f"/events/{event.id}/change?to=move&day=25.05.2030&starts_at=09:00&ends_at=13:00&site_id={event.site_id}"
    for address in (move, f"/events/{event.id}/change?to=postpone", f"/events/{event.id}/change?to=cancel"):
        client.get(address)
        assert counted(client, address) <= 12, address


@pytest.mark.full
def test_one_press_moves_it_and_one_takes_it_back(app, log_in):
    event, client = a_full_event(), log_in(factories.coordinator())
    done = client.post(f"/events/{event.id}/change?to=move", data={**DAY, "site_id": event.site_id})
    assert done.status_code == 303
    page = client.get(done.location).get_data(as_text=True)
    change = db.session.scalars(select(EventChange)).one()
    assert "undoing" in page and f"/events/{event.id}/changes/{change.id}" in done.location
    assert "undoing" in client.get(f"/events/{event.id}").get_data(as_text=True)
    assert client.post(f"/events/{event.id}/changes/{change.id}/undoing").status_code == 303
    db.session.expire_all()
    assert event.starts_at == factories.SATURDAY
    assert client.post(f"/events/{event.id}/changes/{change.id}/undoing").status_code == 409


def test_a_wrong_day_is_said_beside_its_field(app, log_in):
    event, client = factories.event(), log_in(factories.coordinator())
    for day in ("", "31.02.2030", "01.01.2020", "18.05.2030"):
        data = {**DAY, "day": day, "site_id": event.site_id}
        assert client.post(f"/events/{event.id}/change?to=move", data=data).status_code == 422, day


def test_cancelling_gives_the_reason_and_strangers_get_nothing(app, log_in):
    event, stan = factories.event(), factories.employee("Стан", "Стэн")
    factories.place(event, stan)
    for person, status in ((stan, 403), (factories.coordinator("zhezkazgan"), 403)):
        assert log_in(person).post(f"/events/{event.id}/change?to=cancel").status_code == status
    client = log_in(factories.admin())
    assert client.post(f"/events/{event.id}/change?to=cancel", data={"reason-en": "Storm"}).status_code == 303
    db.session.expire_all()
    assert (event.status, event.cancel_reason) == ("cancelled", {"en": "Storm"})
    letter = db.session.scalars(select(Mail)).one()
    assert letter.due_at - letter.created_at == timedelta(seconds=60)


def test_what_has_set_out_says_why_nothing_can_be_changed_and_refuses_the_press(app, log_in):
    event, client = factories.event(), log_in(factories.coordinator(language="en"))
    factories.saved(Departure(event_id=event.id, departed_at=factories.LONG_AGO, people=1))
    for kind in ("move", "postpone", "cancel"):
        address = f"/events/{event.id}/change?to={kind}"
        page = client.get(address).get_data(as_text=True)
        assert "They have set out already." in page and 'class="btn btn-leave"' not in page
        assert client.post(address, data={**DAY, "site_id": event.site_id}).status_code == 409
    assert event.status == "published" and not db.session.scalar(select(func.count()).select_from(EventChange))


def test_publishing_what_was_put_off_leads_to_a_look_at_whom_it_tells(app, log_in):
    event, client = factories.event(), log_in(factories.coordinator(language="en"))
    factories.place(event, factories.employee())
    with transaction():
        event.status, event.postponed_at = "postponed", factories.LONG_AGO
    asked = client.post(f"/events/{event.id}/publication")
    assert asked.status_code == 303 and f"/events/{event.id}/change?to=move&day=18.05.2030" in asked.location
    assert client.get(asked.location).status_code == 200 and event.status == "postponed"


@pytest.mark.full
def test_a_long_list_has_pages(app, log_in):
    event, client = factories.event(capacity=100), log_in(factories.coordinator())
    for number in range(60):
        factories.place(event, factories.employee("Адам", f"Н{number:03d}"))
    first = client.get(f"/events/{event.id}/change?to=cancel").get_data(as_text=True)
    second = client.get(f"/events/{event.id}/change?to=cancel&page=2").get_data(as_text=True)
    assert "Н049" in first and "Н050" not in first and "Н059" in second and "Н001" not in second
