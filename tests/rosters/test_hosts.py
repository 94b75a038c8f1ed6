"""Hosts and guides: invited by letter, answering by a link, seeing names and nothing else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event as sql

from app.accounts.actor import Actor
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.events.models import Event, Stop
from app.events.trip_models import Host
from app.mail.models import Mail
from app.rosters.host_following import follow_events
from app.rosters.host_queries import guests_of, host_by_link, host_token
from app.rosters.hosts import HostDraft, add_host, answer_host, change_host, invite_host, remove_host, send_list
from app.rosters.trip_errors import AnswerClosed, HostThere, NoAddress, NobodyConfirmed, NotYetPublic
from app.tasks.models import Task
from tests import factories
from tests.events.drafting import NOW, coordinating
from tests.signups.parties import words

SAULE = HostDraft("Сәуле Ахметова", kind="guide", email="saule@museum.example", phone="+77011234567", note="Мұражай")


@pytest.fixture
def event(app) -> Event:
    return factories.event(audience="families", lunch=True)


@pytest.fixture
def aigul(event) -> Actor:
    return coordinating(factories.coordinator())


@pytest.fixture
def saule(event, aigul) -> Host:
    host = add_host(event, SAULE, now=NOW, actor=aigul)
    invite_host(host, now=NOW, actor=aigul)
    return host


def letters(template: str) -> list[Mail]:
    return db.session.query(Mail).filter_by(template=f"rosters/{template}").order_by(Mail.created_at).all()


def link(host: Host) -> str:
    return f"/hosts/{host_token(host)}"


def test_a_host_gets_one_letter_with_a_link_and_a_look_at_it_changes_nothing(saule, client):
    (letter,) = letters("host_invited")
    assert (letter.recipient, letter.context["url"]) == ("saule@museum.example", link(saule))
    subject, text, html = words(letter)
    assert "/hosts/" in text and "/hosts/" in html and subject
    for _ in range(2):
        assert client.get(link(saule)).status_code == 200
    db.session.expire_all()
    assert saule.state == "invited"


def test_a_yes_by_the_link_needs_no_login_and_may_become_a_no_until_the_day(saule, client, event):
    assert client.post(f"{link(saule)}/confirmation").status_code == 303
    db.session.expire_all()
    assert saule.state == "confirmed"
    client.post(f"{link(saule)}/refusal", data={"note": "Ауырып қалдым"})
    db.session.expire_all()
    assert (saule.state, saule.answer_note) == ("declined", "Ауырып қалдым")
    with pytest.raises(AnswerClosed):
        answer_host(saule, True, now=event.starts_at - timedelta(hours=1), actor=Actor())
    assert saule.state == "declined"


def test_a_no_makes_one_task_and_a_letter_and_a_yes_takes_the_task_away(saule, event):
    answer_host(saule, False, now=NOW, actor=Actor())
    answer_host(saule, False, now=NOW + timedelta(minutes=1), actor=Actor())
    (task,) = db.session.query(Task).all()
    assert (task.kind, task.event_id, task.due_on, task.done_at) == ("conflict", event.id, event.local_date, None)
    assert "Сәуле Ахметова" in task.text["kk"]
    assert [letter.context["host"] for letter in letters("host_declined")] == ["Сәуле Ахметова"]
    assert "Сәуле" in words(letters("host_declined")[0])[1]
    answer_host(saule, True, now=NOW + timedelta(hours=1), actor=Actor())
    assert db.session.query(Task).filter(Task.done_at.is_(None)).count() == 0
    answer_host(saule, False, now=NOW + timedelta(hours=2), actor=Actor())
    assert db.session.query(Task).filter(Task.done_at.is_(None)).count() == 1


def test_a_draft_invites_nobody_and_a_host_without_address_is_called(event, aigul):
    host = add_host(event, HostDraft("Ермек"), now=NOW, actor=aigul)
    with pytest.raises(NoAddress):
        invite_host(host, now=NOW, actor=aigul)
    with transaction():
        event.status = "draft"
    with pytest.raises(NotYetPublic):
        invite_host(host, now=NOW, actor=aigul)
    assert letters("host_invited") == []


def test_one_address_is_invited_once_and_a_stop_of_another_trip_is_none_of_ours(event, aigul, saule):
    with pytest.raises(HostThere):
        add_host(event, SAULE, now=NOW, actor=aigul)
    other = factories.saved(Stop(event_id=factories.event().id, position=1, title={"en": "x"}))
    with pytest.raises(Invalid):
        add_host(event, HostDraft("Ермек", stop_id=other.id), now=NOW, actor=aigul)
    remove_host(saule, now=NOW, actor=aigul)
    assert add_host(event, SAULE, now=NOW, actor=aigul).id != saule.id


def test_a_stranger_and_another_citys_coordinator_name_nobody(event):
    for actor in (Actor(), coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")):
        with pytest.raises(NotAllowed):
            add_host(event, SAULE, now=NOW, actor=actor)


def test_another_address_ends_the_old_link_and_asks_anew(saule, aigul):
    answer_host(saule, True, now=NOW, actor=Actor())
    old = host_token(saule)
    change_host(saule, HostDraft("Сәуле", email="other@museum.example"), now=NOW, actor=aigul)
    assert saule.state == "new"
    with pytest.raises(NotFound):
        host_by_link(old, now=NOW)
    assert [letter.status for letter in letters("host_invited")] == ["cancelled"]


def test_the_link_of_a_host_who_was_taken_out_opens_nothing(saule, aigul, client):
    remove_host(saule, now=NOW, actor=aigul)
    assert client.get(link(saule)).status_code == 404
    assert client.post(f"{link(saule)}/confirmation").status_code == 404


def test_the_list_goes_to_those_who_confirmed_and_holds_names_alone(event, saule, aigul, client):
    nurlan = factories.employee(phone="+77770001122")
    dina = factories.child(nurlan)
    factories.place(event, dina, diet="vegetarian", medical_note="Жаңғақ")
    factories.place(event, nurlan, status="waiting")
    with pytest.raises(NobodyConfirmed):
        send_list(event, now=NOW, actor=aigul)
    assert client.get(f"{link(saule)}/names").status_code == 404
    answer_host(saule, True, now=NOW, actor=Actor())
    assert client.get(f"{link(saule)}/names").status_code == 404
    assert send_list(event, now=NOW, actor=aigul) == 1
    page = client.get(f"{link(saule)}/names").text
    assert "Сейітқали Дина" in page and "Нұрлан" not in page
    for secret in ("Жаңғақ", "vegetarian", "2017", "+7777", "770001122"):
        assert secret not in page
    (letter,) = letters("host_list")
    assert (letter.context["people"], letter.context["children"]) == (1, 1)
    assert "Дина" not in repr(letter.context) and all(
        f"/hosts/{host_token(saule)}/names" in one for one in words(letter)[1:]
    )
    answer_host(saule, False, now=NOW, actor=Actor())
    assert client.get(f"{link(saule)}/names").status_code == 404


def test_another_day_is_another_question(event, saule):
    answer_host(saule, True, now=NOW, actor=Actor())
    assert not follow_events(now=NOW)
    assert saule.state == "confirmed"
    with transaction():
        event.starts_at += timedelta(days=7)
        event.ends_at += timedelta(days=7)
    follow_events(now=NOW + timedelta(hours=1))
    follow_events(now=NOW + timedelta(hours=2))
    db.session.expire_all()
    assert saule.state == "invited"
    assert [letter.status for letter in letters("host_invited")] == ["cancelled", "queued"]


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_whoever_was_asked_hears_once_that_nobody_comes(event, saule, status):
    answer_host(saule, True, now=NOW, actor=Actor())
    with transaction():
        event.status, event.cancelled_at = status, NOW if status == "cancelled" else None
        event.postponed_at = NOW if status == "postponed" else None
    for hour in range(3):
        follow_events(now=NOW + timedelta(hours=hour))
    db.session.expire_all()
    assert len(letters("host_cancelled")) == 1 and words(letters("host_cancelled")[0])
    assert saule.confirmed_at is None
    if status == "postponed":
        with transaction():
            event.status, event.postponed_at = "published", None
        follow_events(now=NOW + timedelta(days=1))
        assert len(letters("host_invited")) == 2


@pytest.mark.full
def test_the_pages_of_the_coordinator_name_invite_write_down_and_take_out(event, log_in):
    browser = log_in(factories.coordinator())
    address = f"/events/{event.id}/hosts"
    typed = {
        "name": "Сәуле",
        "kind": "guide",
        "email": "saule@museum.example",
        "phone": "8 701 123 45 67",
        "language": "ru",
    }
    assert browser.post(address, data=typed | {"stop_id": ""}).status_code == 303
    host = db.session.query(Host).one()
    assert (host.phone, host.language, host.stop_id) == ("+77011234567", "ru", None)
    assert browser.post(address, data=typed).status_code == 422
    assert browser.post(f"/hosts/{host.id}/invitation").status_code == 303
    assert browser.post(f"/hosts/{host.id}/answer", data={"answer": "yes"}).status_code == 303
    assert browser.post(f"{address}/list").status_code == 303
    page = browser.get(address).text
    assert "Сәуле" in page and re.search(r"chip-ok", page)
    edited = browser.post(f"/hosts/{host.id}/edit", data=typed | {"name": "Сәуле А."})
    assert edited.status_code == 303 and browser.get(f"/hosts/{host.id}/edit").status_code == 200
    assert browser.post(f"/hosts/{host.id}/removal").status_code == 303
    assert log_in(factories.coordinator("zhezkazgan")).get(address).status_code == 403


@pytest.mark.full
def test_the_pages_ask_the_same_however_many_hosts(event, saule, aigul, log_in):
    browser, event_id = log_in(factories.coordinator()), event.id
    counts = []
    for more in range(2):
        for number in range(8 * more):
            add_host(db.session.get(Event, event_id), HostDraft(f"Ермек {number}"), now=NOW, actor=aigul)
        for address in (f"/events/{event_id}/hosts", f"/events/{event_id}/trip", f"/events/{event_id}/lunch"):
            counts.append((address, queries_of(browser, address)))
    assert counts[:3] == counts[3:]
    assert max(count for _address, count in counts) <= 12


def queries_of(browser, address: str) -> int:
    asked: list[str] = []

    def listen(_c, _cur, statement, *_):
        asked.append(statement)

    db.session.remove()
    sql.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert browser.get(address).status_code == 200
    finally:
        sql.remove(db.engine, "before_cursor_execute", listen)
    return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])


def test_guests_come_in_kazakh_order_in_two_queries_at_most(event):
    for surname in ("Яков", "Әбіш", "Абай"):
        factories.place(event, factories.employee(surname, "А"))
    assert [guest.name for guest in guests_of(event)] == ["Абай А", "Әбіш А", "Яков А"]
