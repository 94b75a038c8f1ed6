"""Brigades: a leader adds colleagues by number and surname; they are told, and go when they like."""

import pytest
from flask import Flask

from app import clock
from app.accounts.actor import Actor
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.mail.models import Mail
from app.people.brigade_queries import brigade_to_change, colleague_ids, members_of
from app.people.brigades import (
    add_colleague,
    end_brigade,
    found_brigade,
    leave_brigade,
    remove_colleague,
)
from app.people.errors import (
    AlreadyInBrigade,
    BrigadeEnded,
    BrigadeFull,
    BrigadeNameTaken,
    NoSuchColleague,
    NotInBrigade,
)
from app.people.models import Brigade, BrigadeMember, Person
from tests import factories
from tests.people.test_sight import acting


@pytest.fixture
def nurlan(app: Flask) -> Person:
    """Leads the repair brigade of the smelter."""
    return factories.employee()


@pytest.fixture
def serik(app: Flask) -> Person:
    """A colleague of Nurlan's."""
    return factories.employee("Әбенов", "Серік", personnel_number="200514")


def act(actor: Actor) -> dict:
    return {"now": clock.now(), "actor": actor}


def brigade_of(leader: Person) -> Brigade:
    return found_brigade("Жөндеу цехы", leader_id=leader.id, **act(acting(leader)))


def with_colleague(leader: Person, colleague: Person) -> Brigade:
    brigade = brigade_of(leader)
    number, surname = colleague.personnel_number, colleague.surname
    add_colleague(brigade, personnel_number=number, surname=surname, **act(acting(leader)))
    return brigade


@pytest.mark.parametrize("surname", ["Әбенов", "АБЕНОВ", "Abenov"])
def test_a_colleague_is_found_by_number_and_surname_in_any_spelling(
    surname: str, nurlan: Person, serik: Person
) -> None:
    brigade = brigade_of(nurlan)
    add_colleague(brigade, personnel_number=" 200514 ", surname=surname, **act(acting(nurlan)))
    assert colleague_ids(nurlan.id) == [serik.id]
    assert {entry.verb for entry in db.session.query(AuditEntry)} >= {"found_brigade", "join_brigade"}


@pytest.mark.parametrize(
    ("number", "surname"), [("200514", "Ким"), ("200514", ""), ("999999", "Әбенов"), ("2005", "Әбенов")]
)
def test_one_sentence_for_every_miss_so_that_nobody_fishes_for_names(
    number: str, surname: str, nurlan: Person, serik: Person
) -> None:
    brigade = brigade_of(nurlan)
    with pytest.raises(NoSuchColleague) as refusal:
        add_colleague(brigade, personnel_number=number, surname=surname, **act(acting(nurlan)))
    assert "Серік" not in str(refusal.value) and "200514" not in str(refusal.value)
    assert colleague_ids(nurlan.id) == []


def test_too_many_misses_are_stopped(nurlan: Person, serik: Person, log_in) -> None:
    browser, brigade = log_in(nurlan), brigade_of(nurlan)
    wrong = {"personnel_number": "200514", "surname": "Ким"}
    statuses = [browser.post(f"/brigades/{brigade.id}/members", data=wrong).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_who_is_added_gets_one_letter_with_the_way_out(nurlan: Person, serik: Person) -> None:
    with_colleague(nurlan, serik)
    [mail] = db.session.query(Mail).filter_by(template="people/brigade_added")
    assert (mail.person_id, mail.context["url"], mail.context["brigade"]) == (serik.id, "/brigade", "Жөндеу цехы")


def test_who_has_no_e_mail_is_added_all_the_same(nurlan: Person) -> None:
    with_colleague(nurlan, factories.employee("Ким", "Роман", email=None))
    assert len(colleague_ids(nurlan.id)) == 1
    assert db.session.query(Mail).count() == 0


def test_nobody_is_in_a_brigade_twice_and_the_leader_not_at_all(nurlan: Person, serik: Person) -> None:
    brigade = with_colleague(nurlan, serik)
    for person in (serik, nurlan):
        number, surname = person.personnel_number, person.surname
        with pytest.raises(AlreadyInBrigade):
            add_colleague(brigade, personnel_number=number, surname=surname, **act(acting(nurlan)))


def test_who_left_the_company_is_no_colleague(nurlan: Person, serik: Person) -> None:
    brigade = with_colleague(nurlan, serik)
    with transaction():
        serik.deactivated_at = clock.now()
    assert members_of([brigade.id]) == {brigade.id: []}
    with pytest.raises(NoSuchColleague):
        add_colleague(brigade, personnel_number="200514", surname="Әбенов", **act(acting(nurlan)))


def test_a_colleague_leaves_and_can_come_back(nurlan: Person, serik: Person) -> None:
    brigade = with_colleague(nurlan, serik)
    leave_brigade(brigade.id, **act(acting(serik)))
    assert colleague_ids(nurlan.id) == []
    with pytest.raises(NotInBrigade):
        leave_brigade(brigade.id, **act(acting(serik)))
    add_colleague(brigade, personnel_number="200514", surname="Әбенов", **act(acting(nurlan)))
    assert colleague_ids(nurlan.id) == [serik.id]
    assert db.session.query(BrigadeMember).count() == 2, "the history stays"


def test_the_leader_takes_a_colleague_out(nurlan: Person, serik: Person) -> None:
    brigade = with_colleague(nurlan, serik)
    remove_colleague(brigade, serik.id, **act(acting(nurlan)))
    assert colleague_ids(nurlan.id) == []
    with pytest.raises(NotInBrigade):
        remove_colleague(brigade, serik.id, **act(acting(nurlan)))


def test_an_ended_brigade_speaks_for_nobody(nurlan: Person, serik: Person) -> None:
    brigade = with_colleague(nurlan, serik)
    end_brigade(brigade, **act(acting(nurlan)))
    assert colleague_ids(nurlan.id) == []
    with pytest.raises(BrigadeEnded):
        add_colleague(brigade, personnel_number="200514", surname="Әбенов", **act(acting(nurlan)))


def test_a_name_is_needed_and_a_leaders_brigades_are_told_apart(nurlan: Person) -> None:
    brigade_of(nurlan)
    with pytest.raises(BrigadeNameTaken):
        found_brigade("жөндеу  ЦЕХЫ", leader_id=nurlan.id, **act(acting(nurlan)))
    with pytest.raises(Invalid):
        found_brigade("  ", leader_id=nurlan.id, **act(acting(nurlan)))


def test_a_brigade_has_its_limit(nurlan: Person, serik: Person, monkeypatch) -> None:
    monkeypatch.setitem(add_colleague.__globals__, "BRIGADE_LIMIT", 1)
    brigade = with_colleague(nurlan, serik)
    other = factories.employee("Ким", "Роман")
    with pytest.raises(BrigadeFull):
        add_colleague(brigade, personnel_number=other.personnel_number, surname="Ким", **act(acting(nurlan)))


def test_aigul_founds_one_for_an_employee_of_her_city_and_zhan_of_another_does_not(nurlan: Person) -> None:
    aigul, zhan = factories.coordinator("balkhash"), factories.coordinator("zhezkazgan")
    brigade = found_brigade("Цех 3", leader_id=nurlan.id, **act(acting(aigul)))
    assert brigade.leader_id == nurlan.id
    assert brigade_to_change(acting(aigul), brigade.id) is brigade
    with pytest.raises(NotAllowed):
        found_brigade("Цех 4", leader_id=nurlan.id, **act(acting(zhan)))
    with pytest.raises(NotFound):
        brigade_to_change(acting(zhan), brigade.id)


def test_stan_does_nothing_with_nurlans_brigade(nurlan: Person, serik: Person, client, log_in) -> None:
    brigade = with_colleague(nurlan, serik)
    stan = factories.employee("Стан", "Стэн")
    browser = log_in(stan)
    assert browser.get(f"/brigades/{brigade.id}").status_code == 404
    number = {"personnel_number": "200514", "surname": "Әбенов"}
    assert browser.post(f"/brigades/{brigade.id}/members", data=number).status_code == 404
    assert browser.post(f"/brigades/{brigade.id}/members/{serik.id}/removal").status_code == 404
    assert browser.post(f"/brigades/{brigade.id}/ending").status_code == 404
    assert browser.post(f"/brigades/{brigade.id}/leaving").status_code == 409
    assert client.get("/brigade").status_code == 303
    with pytest.raises(NotAllowed):
        add_colleague(brigade, personnel_number="200514", surname="Әбенов", **act(acting(stan)))
    assert colleague_ids(nurlan.id) == [serik.id]


def test_a_guest_founds_none(app: Flask) -> None:
    guest = factories.person()
    with pytest.raises(NotAllowed):
        found_brigade("Қонақтар", leader_id=guest.id, **act(acting(guest)))


def test_over_http_nurlan_founds_adds_and_serik_reads_and_leaves(nurlan: Person, serik: Person, log_in) -> None:
    browser = log_in(nurlan)
    founded = browser.post("/brigades", data={"name": "Жөндеу цехы"})
    assert founded.status_code == 303
    added = browser.post(f"{founded.location}/members", data={"personnel_number": "200514", "surname": "Абенов"})
    assert added.status_code == 303
    assert "Серік" in browser.get("/brigade").text
    missed = browser.post(f"{founded.location}/members", data={"personnel_number": "1", "surname": "Абенов"})
    assert missed.status_code == 422 and 'id="personnel_number-e"' in missed.text
    theirs = log_in(serik)
    assert "Жөндеу цехы" in theirs.get("/brigade").text
    brigade = db.session.query(Brigade).one()
    assert theirs.post(f"/brigades/{brigade.id}/leaving").status_code == 303
    assert "Жөндеу цехы" not in theirs.get("/brigade").text
