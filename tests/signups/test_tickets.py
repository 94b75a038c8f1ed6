"""Tickets on screen, in letters and on paper: whoever holds one shows it, nobody can guess one."""

import base64
import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from flask.testing import FlaskClient

from app import clock
from app.access.models import FailedLogin
from app.access.tries import PER_ADDRESS
from app.db import TICKET_LETTERS
from app.mail.mailbox import attachments_of, html_of
from app.mail.models import Mail
from app.mail.rendering import Claimed, written
from app.people.models import Person
from app.rosters.models import Bus, Group
from app.signups.models import Place
from tests import factories


@pytest.fixture
def place(app):
    return factories.place(factories.event(), factories.employee())


@pytest.mark.full
def test_a_ticket_is_eight_letters_without_look_alikes_and_each_is_another(place):
    codes = {factories.place(place.event, factories.employee()).ticket for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 8 and set(code) <= set(TICKET_LETTERS) for code in codes)
    assert not set("AEIOU01") & set(TICKET_LETTERS)


def test_the_page_of_a_ticket_opens_without_a_login_and_names_no_surname(client: FlaskClient, place):
    answer = client.get(f"/tickets/{place.ticket.lower()}")
    assert answer.status_code == 200
    assert "Нұрлан" in answer.text and "Сейітқали" not in answer.text and place.person.email not in answer.text
    assert place.printed_ticket in answer.text and '<path fill="#000"' in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"] and 'name="robots" content="noindex' in answer.text
    assert 'name="offline-worker" content="/sw.js"' in answer.text


def test_the_page_is_gone_a_day_after_the_event(client: FlaskClient):
    def ticket_of(ended_ago: timedelta) -> str:
        starts_at = clock.now() - ended_ago - timedelta(hours=4)
        return factories.place(factories.event(starts_at=starts_at), factories.employee()).ticket

    assert client.get(f"/tickets/{ticket_of(timedelta(hours=23))}").status_code == 200
    assert client.get(f"/tickets/{ticket_of(timedelta(hours=25))}").status_code == 404


@pytest.mark.parametrize("status", ["waiting", "offered", "cancelled"])
def test_without_a_seat_there_is_no_code(client: FlaskClient, place, status: str):
    other = factories.place(place.event, factories.employee(), status=status)
    page = client.get(f"/tickets/{other.ticket}")
    assert page.status_code == 200 and other.printed_ticket not in page.text and 'class="qr"' not in page.text


def test_a_ticket_of_a_cancelled_event_shows_no_code(client: FlaskClient):
    place = factories.place(factories.event(status="cancelled"), factories.employee())
    page = client.get(f"/tickets/{place.ticket}")
    assert page.status_code == 200 and place.printed_ticket not in page.text


@pytest.mark.full
def test_guessing_tickets_is_stopped_and_shuts_no_other_door(client: FlaskClient, place):
    for _ in range(PER_ADDRESS):
        assert client.get("/tickets/BBBB2222").status_code == 404
    assert client.get("/tickets/BBBB2222").status_code == 429
    assert client.get(f"/tickets/{place.ticket}").status_code == 429, "a lucky guess is not told either"
    data = {"login": place.person.personnel_number, "password": "wrong"}
    assert client.post("/login", data=data).status_code == 422, "logging in is counted apart"
    assert factories.db.session.query(FailedLogin).filter_by(login="ticket").count() == PER_ADDRESS


def test_the_worker_is_a_script_that_rules_the_whole_site(client: FlaskClient):
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript" and answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]


def test_my_events_link_to_the_tickets_and_register_the_worker(log_in, place):
    page = log_in(place.person).get("/my").text
    assert f"/tickets/{place.ticket}" in page and f"/signups/{place.signup_id}/tickets" in page
    assert "offline-worker" in page


def test_a_stranger_registers_no_worker(client: FlaskClient, place):
    assert "offline-worker" not in client.get("/").text


def joins(place: Place, who: Person) -> Place:
    """One more of the same party."""
    return factories.saved(
        Place(
            signup_id=place.signup_id,
            event_id=place.event_id,
            person_id=who.id,
            status="confirmed",
            created_at=factories.LONG_AGO,
        )
    )


def test_a_party_prints_its_tickets_six_to_a_sheet(log_in, place):
    for _ in range(6):
        joins(place, factories.employee())
    page = log_in(place.person).get(f"/signups/{place.signup_id}/tickets").text
    assert page.count('class="slip"') == 7 and page.count('class="slips"') == 2
    assert "logo-mono.svg" in page


@pytest.mark.full
def test_strangers_and_colleagues_print_nothing_of_others(client: FlaskClient, log_in, place):
    stan = factories.employee("Стан", "Стэн")
    address = f"/signups/{place.signup_id}/tickets"
    assert client.get(address).status_code == 303
    assert log_in(stan).get(address).status_code == 404
    joins(place, stan)
    page = log_in(stan).get(address).text
    assert page.count('class="slip"') == 1 and "Нұрлан" not in page, "one of a party prints their own"


def test_aigul_prints_all_or_the_chosen_with_group_and_bus(log_in, place):
    event = place.event
    group, bus = (
        factories.saved(Group(event_id=event.id, name="Қыран")),
        factories.saved(Bus(event_id=event.id, name="7")),
    )
    dana = factories.place(event, factories.employee("Әлі", "Дана"), group_id=group.id, bus_id=bus.id)
    waiting = factories.place(event, factories.employee("Кезек", "Кенже"), status="waiting")
    aigul = log_in(factories.coordinator(language="en"))
    page = aigul.get(f"/events/{event.id}/tickets").text
    assert page.count('class="slip"') == 2 and waiting.printed_ticket not in page
    assert "Қыран" in page and "Bus: <b>7</b>" in page
    chosen = aigul.get(f"/events/{event.id}/tickets?place={dana.id}").text
    assert dana.printed_ticket in chosen and place.printed_ticket not in chosen


@pytest.mark.full
def test_many_tickets_come_ten_sheets_at_a_time_or_all_at_once(log_in, app):
    event = factories.event(capacity=100)
    for number in range(61):
        factories.place(event, factories.employee(given_name=f"А{number}"))
    aigul = log_in(factories.coordinator())
    first, second = (aigul.get(f"/events/{event.id}/tickets?page={page}").text for page in (1, 2))
    assert (first.count('class="slip"'), second.count('class="slip"')) == (60, 1)
    assert "page=2" in first and "page=1" in second
    assert aigul.get(f"/events/{event.id}/tickets?all=1").text.count('class="slip"') == 61


def test_others_coordinators_print_nothing_here(log_in, place):
    zhan = factories.coordinator("zhezkazgan")
    assert log_in(zhan).get(f"/events/{place.event_id}/tickets").status_code == 403
    assert log_in(place.person).get(f"/events/{place.event_id}/tickets").status_code == 403


@pytest.mark.parametrize("letter", ["confirmed", "promoted"])
def test_the_letter_carries_the_code_as_a_picture_and_the_way_to_the_page(app, log_in, letter: str):
    nurlan, event = factories.employee(), factories.event()
    log_in(nurlan).post(f"/events/{event.id}/signups", data={"people": nurlan.id})
    row = factories.db.session.query(Mail).filter_by(template="signups/confirmed").one()
    mail = Claimed("m", f"signups/{letter}", row.recipient, "Н", "kk", row.context, row.calendar, False, 0, clock.now())
    raw = written(mail, now=clock.now())[2]
    message = message_from_bytes(raw, policy=default)
    ticket = row.context["people"][0]["ticket"].replace(" ", "")
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert [part["Content-ID"] for part in pictures] == [f"<qr-{ticket}@torangy>"]
    html = message.get_body(("html",)).get_content()
    assert f"cid:qr-{ticket}@torangy" in html and f"/tickets/{ticket}" in html
    assert f"/tickets/{ticket}" in message.get_body(("plain",)).get_content()
    assert len(pictures[0].get_payload(decode=True)) < 400
    assert [kind for _, kind, _ in attachments_of(message)] == ["application/ics"], "a picture within is no attachment"
    shown = html_of(message).decode()
    assert "cid:" not in shown
    assert base64.b64decode(re.search(r"data:image/png;base64,([^\"]+)", shown)[1])[:4] == b"\x89PNG"
