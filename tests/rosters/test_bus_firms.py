"""The bus firm hears by letter when the day moves, is put off or called off; without an address somebody calls it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db import db, transaction
from app.events.models import Event
from app.mail.models import Mail, Suppression
from app.rosters.bus_stops import add_stop
from app.rosters.changing import Wanted, make_change
from app.rosters.models import Bus
from app.rosters.others_told import outsiders_of
from app.rosters.undoing import undo_change
from tests import factories
from tests.events.drafting import NOW, coordinating
from tests.rosters.days import EIGHT
from tests.signups.parties import words

WEEK = timedelta(days=7)
FIRM = {"firm": "Балқаш Транс", "firm_email": "bus@torangy.example", "firm_language": "ru"}


@pytest.fixture
def event(app) -> Event:
    return factories.event()


@pytest.fixture
def aigul(event):
    return coordinating(factories.coordinator())


def bus(event: Event, name: str, **said: str) -> Bus:
    return factories.saved(Bus(event_id=event.id, name=name, seats=40, driver_phone="+77011112233", **said))


def letters() -> list[Mail]:
    return db.session.query(Mail).filter_by(template="rosters/firm_news").order_by(Mail.recipient).all()


def moved(event: Event) -> Wanted:
    return Wanted("move", event.starts_at + WEEK, event.ends_at + WEEK)


def test_one_letter_for_all_buses_of_a_firm_in_its_language(event, aigul):
    add_stop(bus(event, "1", **FIRM), {"kk": "Мұз айдыны", "ru": "Ледовый дворец"}, EIGHT, now=NOW, actor=aigul)
    bus(event, "2", **FIRM)
    bus(event, "3")
    bus(event, "4", **FIRM, closed_at=NOW)
    change = make_change(event, moved(event), now=NOW, actor=aigul)
    (letter,) = letters()
    assert (letter.recipient, letter.language, letter.due_at) == (FIRM["firm_email"], "ru", change.undoable_until)
    assert [one["name"] for one in letter.context["buses"]] == ["1", "2"] and letter.id in change.before["added"][
        "mails"
    ]
    subject, body = (text.replace("\xa0", " ") for text in words(letter)[:2])
    assert "Автобусы" in subject or "Buses" in subject
    assert "08:10" in body and "Ледовый дворец" in body and "25 мая" in body


@pytest.mark.parametrize(("kind", "news"), [("postpone", "postponed"), ("cancel", "cancelled")])
def test_a_day_put_off_or_called_off_frees_the_buses(event, aigul, kind, news):
    bus(event, "1", **FIRM)
    make_change(event, Wanted(kind), now=NOW, actor=aigul)
    (letter,) = letters()
    assert letter.context["news"] == news and words(letter)


def test_within_the_minute_nobody_has_heard_and_the_next_change_is_told_anew(event, aigul):
    bus(event, "1", **FIRM)
    undo_change(make_change(event, moved(event), now=NOW, actor=aigul), now=NOW + timedelta(seconds=59), actor=aigul)
    assert [letter.status for letter in letters()] == ["cancelled"]
    make_change(event, moved(event), now=NOW + timedelta(minutes=2), actor=aigul)
    assert sorted(letter.status for letter in letters()) == ["cancelled", "queued"]


@pytest.mark.full
def test_without_an_address_it_stands_on_the_list_of_calls(event, aigul, log_in):
    bus(event, "1", firm="Ақжол")
    bus(event, "2", **FIRM)
    told = {one.name: (one.contact, one.gets_letter) for one in outsiders_of(event) if one.kind == "bus"}
    assert told == {"1, Ақжол": ("+77011112233", False), "2, Балқаш Транс": ("bus@torangy.example", True)}
    page = log_in(factories.coordinator(language="en")).get(f"/events/{event.id}/change?to=cancel").text
    assert "2, Балқаш Транс · bus@torangy.example" in page and "tell them yourself" in page
    change = make_change(event, Wanted("cancel"), now=NOW, actor=aigul)
    made = log_in(factories.coordinator(language="en")).get(f"/events/{event.id}/changes/{change.id}").text
    assert "1, Ақжол" in made and "tel:+77011112233" in made and "Балқаш Транс" not in made


def test_a_firm_whose_letters_come_back_is_called(event):
    bus(event, "1", **FIRM)
    factories.saved(Suppression(address=FIRM["firm_email"], reason="bounced", since=factories.LONG_AGO))
    assert [(one.contact, one.gets_letter) for one in outsiders_of(event)] == [("+77011112233", False)]


@pytest.mark.full
def test_the_firm_is_written_on_the_pages_and_a_wrong_address_is_refused(event, log_in):
    page, aigul = f"/events/{event.id}/buses", log_in(factories.coordinator(language="en"))
    wrong = aigul.post(page, data={"count": "2", "capacity": "40", **FIRM, "firm_email": "nowhere"})
    assert wrong.status_code == 422 and db.session.query(Bus).count() == 0
    assert aigul.post(page, data={"count": "2", "capacity": "40", **FIRM, "driver": "Ермек"}).status_code == 303
    first, second = db.session.query(Bus).order_by(Bus.name)
    assert (first.driver, second.driver) == ("Ермек", "") and first.firm_email == second.firm_email == FIRM[
        "firm_email"
    ]
    said = {"name": "1", "capacity": "40", "firm": "", "firm_email": "", "firm_language": "en"}
    assert aigul.post(f"{page}/{first.id}", data=said | {"firm_email": "no @ way"}).status_code == 422
    assert aigul.post(f"{page}/{first.id}", data=said).status_code == 303
    db.session.expire_all()
    assert (first.firm, first.firm_email, first.firm_language) == ("", "", "en")
    for stranger in (factories.coordinator("zhezkazgan"), factories.employee("Стан", "Стэн")):
        assert log_in(stranger).post(f"{page}/{first.id}", data=said).status_code in (403, 404)


def test_the_database_knows_three_languages(event):
    bus(event, "1")
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(text("UPDATE buses SET firm_language = 'de'"))
