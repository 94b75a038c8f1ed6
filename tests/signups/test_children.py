"""Children are people: twins, namesakes, two parents, no e-mail, eighteen, another guardian."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from app import clock
from app.access.signed_links import sign_link
from app.db import db, transaction
from app.errors import NotFound
from app.mail.models import Mail
from app.people.errors import LastGuardian
from app.people.guardians import add_guardian, end_guardianship, end_guardianships_of_adults
from app.people.models import Guardianship, Person
from app.people.queries import children_of, guardians_of
from app.people.sharing_children import answer_request
from app.tasks.models import Task
from tests import factories
from tests.people.test_sight import acting
from tests.signups.test_party_pages import letters_to, place_of, sign_up

DINA = {"surname": "Сейітқали", "given_name": "Дина", "birth_date": "15.01.2017", "tshirt_size": "134"}


@pytest.fixture
def nurlan(app: Flask) -> Person:
    """Dina's father."""
    factories.consent_texts()
    return factories.employee()


@pytest.fixture
def aliya(app: Flask) -> Person:
    """Dina's mother, an employee too."""
    return factories.employee("Сейітқали", "Әлия", language="en")


def words_of(mail: Mail) -> str:
    return str(mail.context)


@pytest.mark.full
def test_twins_and_namesakes_are_two_seats(nurlan: Person, log_in) -> None:
    twins = [factories.child(nurlan, name, birth_date=date(2017, 1, 15)) for name in ("Дина", "Диана")]
    other = factories.employee()
    namesake = factories.child(other, "Дина", birth_date=date(2017, 1, 15))
    event = factories.event(audience="families")
    assert sign_up(log_in(nurlan), event, *twins, consents=[one.id for one in twins]).status_code == 303
    assert sign_up(log_in(other), event, namesake, consents=namesake.id).status_code == 303
    db.session.expire_all()
    assert event.seats_taken == 3


def test_both_parents_sign_dina_up_one_seat_and_both_know(nurlan: Person, aliya: Person, log_in) -> None:
    dina = factories.child(nurlan)
    factories.second_guardian(dina, aliya)
    event = factories.event(audience="families")
    assert sign_up(log_in(nurlan), event, dina, consents=dina.id).status_code == 303
    mothers = log_in(aliya)
    answer = sign_up(mothers, event, aliya, dina, consents=dina.id)
    assert answer.status_code == 409
    said = answer.text.split(f'data-person="{dina.id}"')[1].split("</li>")[0]
    assert "Дина is already signed up by Нұрлан." in said
    assert nurlan.email not in answer.text and nurlan.personnel_number not in answer.text
    db.session.expire_all()
    assert event.seats_taken == 1
    assert letters_to(aliya) == letters_to(nurlan) == ["signups/confirmed"]
    assert place_of(dina).printed_ticket in mothers.get("/my").text
    assert mothers.post(f"/places/{place_of(dina).id}/cancellation").status_code == 303


def test_the_second_parent_asks_and_the_first_agrees_by_one_press(
    nurlan: Person, aliya: Person, client, log_in
) -> None:
    dina = factories.child(nurlan, birth_date=date(2017, 1, 15))
    mothers = log_in(aliya)
    answer = mothers.post("/my/children/new", data=DINA)
    assert answer.status_code == 409 and 'value="ask"' in answer.text
    assert "Нұрлан" not in answer.text, "whose child it is stays unsaid"
    assert children_of(aliya.id) == []
    assert mothers.post("/my/children/new", data=DINA | {"same": "ask"}).status_code == 303
    [letter] = db.session.query(Mail).filter_by(template="people/sharing_asked")
    assert letter.person_id == nurlan.id
    path = letter.context["url"]
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert children_of(aliya.id) == [], "opening the letter answers nothing"
    assert client.post(path, data={"answer": "yes"}).status_code == 200
    assert [child.id for child in children_of(aliya.id)] == [dina.id]
    assert letters_to(aliya) == ["people/sharing_answered"]
    again = client.post(path, data={"answer": "no"})
    assert again.status_code == 409
    assert [guardian.id for guardian in guardians_of(dina.id)].count(aliya.id) == 1


def test_no_means_no_and_nobody_asks_twice(nurlan: Person, aliya: Person, client, log_in) -> None:
    factories.child(nurlan, birth_date=date(2017, 1, 15))
    mothers = log_in(aliya)
    mothers.post("/my/children/new", data=DINA | {"same": "ask"})
    path = db.session.query(Mail).filter_by(template="people/sharing_asked").one().context["url"]
    assert client.post(path, data={"answer": "no"}).status_code == 200
    assert children_of(aliya.id) == []
    assert mothers.post("/my/children/new", data=DINA | {"same": "ask"}).status_code == 409


def test_another_child_of_the_name_is_added_all_the_same(nurlan: Person, aliya: Person, log_in) -> None:
    dina = factories.child(nurlan, birth_date=date(2017, 1, 15))
    assert log_in(aliya).post("/my/children/new", data=DINA | {"same": "other"}).status_code == 303
    [hers] = children_of(aliya.id)
    assert hers.id != dina.id
    assert db.session.query(Task).filter_by(kind="possible-duplicate").count() == 1


def test_who_asks_where_nothing_fits_learns_nothing(aliya: Person, log_in) -> None:
    assert log_in(aliya).post("/my/children/new", data=DINA | {"same": "ask"}).status_code == 404
    assert db.session.query(Task).count() == 0


def test_a_father_without_e_mail_is_asked_by_the_coordinator_or_on_his_page(aliya: Person, log_in) -> None:
    father = factories.employee(email=None)
    factories.child(father, birth_date=date(2017, 1, 15))
    log_in(aliya).post("/my/children/new", data=DINA | {"same": "ask"})
    [task] = db.session.query(Task).all()
    assert task.city == "balkhash" and "no e-mail" in task.text["en"]
    page = log_in(father).get("/my/children").text
    path = re.search(r'href="(/children/sharing/[^"]+)"', page)
    assert path and "Әлия" in page


def test_a_link_for_somebody_who_is_no_guardian_is_nothing(nurlan: Person, aliya: Person, client, log_in) -> None:
    factories.child(nurlan, birth_date=date(2017, 1, 15))
    log_in(aliya).post("/my/children/new", data=DINA | {"same": "ask"})
    task, stan = db.session.query(Task).one(), factories.employee("Стан", "Стэн")
    soon = clock.now() + timedelta(days=1)
    for_stan = sign_link("share-child", {"task": task.id, "guardian": stan.id}, expires_at=soon)
    late = sign_link("share-child", {"task": task.id, "guardian": nurlan.id}, expires_at=clock.now())
    other = sign_link("offer", {"task": task.id, "guardian": nurlan.id}, expires_at=soon)
    assert client.get(f"/children/sharing/{for_stan}").status_code == 404
    assert client.post(f"/children/sharing/{late}", data={"answer": "yes"}).status_code == 410
    assert client.post(f"/children/sharing/{other}", data={"answer": "yes"}).status_code == 404
    with pytest.raises(NotFound):
        answer_request(task.id, guardian_id=stan.id, is_yes=True, now=clock.now(), actor=acting(stan))
    assert children_of(aliya.id) == []


def test_a_guardian_without_e_mail_loses_nothing_and_the_ticket_is_printed(app: Flask, log_in) -> None:
    factories.consent_texts()
    father = factories.employee(email=None, language="en")
    dina, event = factories.child(father), factories.event(audience="families")
    browser = log_in(father)
    assert sign_up(browser, event, father, dina, consents=dina.id).status_code == 303
    assert db.session.query(Mail).count() == 0
    page = browser.get("/my").text
    assert "No letter can be sent about Нұрлан, Дина" in page
    assert f"/signups/{place_of(dina).signup_id}/tickets" in page


def test_aigul_sees_who_has_no_mail(app: Flask, log_in) -> None:
    event = factories.event()
    silent, heard = factories.employee("Ким", "Роман", email=None), factories.employee("Ким", "Олег")
    factories.place(event, silent)
    factories.place(event, heard)
    page = log_in(factories.coordinator()).get(f"/events/{event.id}/unreached").text
    assert "Роман" in page and "Олег" not in page
    assert log_in(heard).get(f"/events/{event.id}/unreached").status_code == 403


def test_who_turns_18_decides_alone(nurlan: Person, log_in) -> None:
    now = factories.SATURDAY - timedelta(days=40)
    birthday = (factories.SATURDAY - timedelta(days=30)).date()
    dina = factories.child(nurlan, birth_date=birthday.replace(year=birthday.year - 18), email="dina@torangy.example")
    while end_guardianships_of_adults(now=now):
        pass
    assert children_of(nurlan.id), "she is 17 still"
    assert not end_guardianships_of_adults(now=factories.SATURDAY)
    assert children_of(nurlan.id) == []
    assert letters_to(dina) == ["people/grown_up"]
    assert [task.kind for task in db.session.query(Task).filter_by(person_id=dina.id)] == ["instruction"]
    end_guardianships_of_adults(now=factories.SATURDAY + timedelta(days=1))
    assert db.session.query(Mail).count() == 1
    event = factories.event(audience="families")
    assert sign_up(log_in(nurlan), event, dina).status_code == 403
    assert sign_up(log_in(dina), event, dina).status_code == 303
    assert sorted(letters_to(dina)) == ["people/grown_up", "signups/confirmed"]
    assert letters_to(nurlan) == []


def test_who_is_18_on_the_day_is_shown_with_the_reason(nurlan: Person, log_in) -> None:
    with transaction():
        nurlan.language = "en"
    dina = factories.child(nurlan, birth_date=date(2012, 5, 1))
    event = factories.event(audience="families")
    page = log_in(nurlan).get(f"/events/{event.id}").text
    row = page.split(f'data-person="{dina.id}"')[1].split("</li>")[0]
    assert "Дина is 18 by then and signs up alone." in row


@pytest.mark.full
def test_dina_changes_guardians_and_keeps_her_place(nurlan: Person, aliya: Person, log_in) -> None:
    dina, event = factories.child(nurlan), factories.event(audience="families")
    aigul = acting(factories.coordinator())
    fathers = log_in(nurlan)
    sign_up(fathers, event, nurlan, dina, consents=dina.id)
    place, ticket = place_of(dina), place_of(dina).printed_ticket
    with pytest.raises(LastGuardian):
        end_guardianship(dina, nurlan.id, now=clock.now(), actor=aigul)
    number = {"personnel_number": aliya.personnel_number, "surname": aliya.surname}
    add_guardian(dina, **number, now=clock.now(), actor=aigul)
    end_guardianship(dina, nurlan.id, now=clock.now(), actor=aigul)
    assert place_of(dina).status == "confirmed"
    assert ticket not in fathers.get("/my").text
    assert "Дина" not in fathers.get(f"/signups/{place.signup_id}/party").text
    assert fathers.post(f"/places/{place.id}/cancellation").status_code == 404
    assert fathers.post(f"/signups/{place.signup_id}/cancellation").status_code == 403
    mothers = log_in(aliya)
    assert ticket in mothers.get("/my").text
    assert place_of(nurlan).printed_ticket not in mothers.get("/my").text
    assert "people/became_guardian" in letters_to(aliya)
    assert mothers.post(f"/places/{place.id}/cancellation").status_code == 303
    assert "signups/cancelled" in letters_to(aliya)
    assert "signups/cancelled" not in letters_to(nurlan)


def test_a_father_alone_in_the_lead_no_longer_finds_the_child_he_signed_up(
    nurlan: Person, aliya: Person, log_in
) -> None:
    dina, event = factories.child(nurlan), factories.event(audience="families")
    fathers = log_in(nurlan)
    sign_up(fathers, event, dina, consents=dina.id)
    factories.second_guardian(dina, aliya)
    end_guardianship(dina, nurlan.id, now=clock.now(), actor=acting(factories.coordinator()))
    signup_id = place_of(dina).signup_id
    assert fathers.get(f"/signups/{signup_id}/party").status_code == 404
    assert fathers.get(f"/signups/{signup_id}/cancellation").status_code == 404
    assert "Дина" not in fathers.get("/my").text


def test_only_coordinators_of_the_city_change_guardians(nurlan: Person, aliya: Person, log_in) -> None:
    dina = factories.child(nurlan)
    typed = {"personnel_number": aliya.personnel_number, "surname": "Seitkali"}
    assert log_in(nurlan).post(f"/people/{dina.id}/guardians", data=typed).status_code == 403
    zhan = log_in(factories.coordinator("zhezkazgan"))
    assert zhan.post(f"/people/{dina.id}/guardians", data=typed).status_code == 404
    aigul = log_in(factories.coordinator())
    assert aigul.post(f"/people/{dina.id}/guardians", data=typed | {"surname": "Ким"}).status_code == 422
    assert aigul.post(f"/people/{dina.id}/guardians", data=typed).status_code == 303
    assert aigul.post(f"/people/{dina.id}/guardians/{nurlan.id}/ending").status_code == 303
    assert [guardian.id for guardian in guardians_of(dina.id)] == [aliya.id]
    assert db.session.query(Guardianship).count() == 2
