"""What other systems are known to get wrong, once each: over HTTP, letters over SMTP, recounted from the tables."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, worker
from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.people.queries import children_of
from app.signups.models import STANDING, Offer, Place, SignUp
from app.tasks.models import Task
from tests import factories
from tests.api.conftest import Program, program
from tests.mail.sink import Sink
from tests.signups.inviting import invited_school, link_of
from tests.signups.parties import NOON, link
from tests.signups.recount import recount

__all__ = ["program"]

Browse = Callable[[Person], FlaskClient]
Programs = Callable[[Person], Program]
# A day before the start: what comes free now is offered.
LATE = factories.SATURDAY - timedelta(hours=22)


class Hands:
    """The clock of the test."""

    def __init__(self) -> None:
        self.now = NOON

    def move_to(self, now: datetime) -> None:
        """It is later."""
        self.now = now


@pytest.fixture
def hands(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands()
    monkeypatch.setattr(clock, "now", lambda: hands.now)
    factories.consent_texts()
    return hands


@pytest.fixture
def post(app: Flask, hands: Hands, sink: Sink) -> Iterator[Callable[[], Counter[tuple[str, str]]]]:
    """The worker works until nothing is left; {(letter, reader): how many} of all that left the house so far."""

    def _post() -> Counter[tuple[str, str]]:
        worker.tick(app)
        db.session.rollback()
        sent = db.session.query(Mail).filter(Mail.status == "sent")
        assert sent.count() == len(sink.received)
        return Counter((mail.template.removeprefix("signups/"), mail.recipient) for mail in sent)

    yield _post


@pytest.fixture
def aigul(app: Flask) -> Person:
    return factories.coordinator(email="aigul@torangy.example")


def sign_up(browser: FlaskClient, event: Event, *people: Person, **fields: object) -> TestResponse:
    children = [person.id for person in people if person.kind == "child"]
    data = {"people": [person.id for person in people], "consents": children} | fields
    return browser.post(f"/events/{event.id}/signups", data=data)


def party_of(person: Person) -> SignUp:
    db.session.rollback()
    standing = Place.status.in_(STANDING)
    return db.session.query(SignUp).join(Place).filter(Place.person_id == person.id, standing).one()


def statuses(*people: Person) -> list[str]:
    db.session.rollback()
    found = {place.person_id: place.status for place in db.session.query(Place).order_by(Place.created_at)}
    return [found[person.id] for person in people]


def cancel(browser: FlaskClient, person: Person) -> TestResponse:
    (place,) = [place for place in party_of(person).standing_places if place.person_id == person.id]
    return browser.post(f"/places/{place.id}/cancellation")


def family(surname: str = "Сейітқали") -> tuple[Person, Person, Person]:
    """A father, a mother who stays at home, and their daughter."""
    father, mother = factories.employee(surname, "Нұрлан"), factories.employee(surname, "Әлия")
    dina = factories.child(father)
    factories.second_guardian(dina, mother)
    return father, mother, dina


@pytest.mark.parametrize("way", ["all at once", "the father first", "the child first", "by the coordinator", "by HR"])
def test_a_late_leaver_gets_no_confirmation(way: str, aigul: Person, log_in: Browse, post: Callable, hands: Hands):
    father, mother, dina = family()
    event = factories.event(audience="families")
    assert sign_up(log_in(father), event, father, dina).status_code == 303
    party = party_of(father)
    if way == "all at once":
        log_in(father).post(f"/signups/{party.id}/cancellation")
    elif way == "by the coordinator":
        log_in(aigul).post(f"/signups/{party.id}/cancellation")
    elif way == "by HR":
        cancel(log_in(mother), dina)
        log_in(aigul).post(f"/people/{father.id}/deactivation")
    else:
        for one in (father, dina) if way == "the father first" else (dina, father):
            assert cancel(log_in(father), one).status_code == 303
    db.session.rollback()
    assert event.seats_taken == 0
    sent = post()
    assert not [key for key in sent if key[0] in ("confirmed", "reminders/reminder")]
    if way != "by HR":
        assert ("cancelled", father.email) in sent and ("cancelled", mother.email) in sent


def test_a_pupil_taken_off_the_schools_list_gets_no_ticket_either(client: FlaskClient, post: Callable, hands: Hands):
    """A pupil who has a parent among the employees: what was to be told to the parent is taken back."""
    school = invited_school(ratio=None)
    mother = factories.employee("Сейітқали", "Әлия")
    dina = factories.child(mother, birth_date=date(2018, 3, 5), institution_id=school.invitation.institution_id)
    address = link_of(school.teacher)
    post()
    assert client.post(f"{address}/known", data={"person": dina.id}).status_code == 303
    (place,) = party_of(dina).standing_places
    page = client.get(f"{address}/people/{place.id}").text
    version = re.search(r'name="version" value="([^"]*)"', page)
    assert version
    assert client.post(f"{address}/people/{place.id}/removal", data={"version": version[1]}).status_code == 303
    assert statuses(dina) == ["cancelled"]
    assert [key for key in post() if key == ("confirmed", mother.email)] == []


@pytest.mark.parametrize("by", ["the school", "the coordinator"])
def test_a_parent_who_had_the_schools_confirmation_is_told_that_the_pupil_goes_no_longer(
    by: str, client: FlaskClient, log_in: Browse, post: Callable, hands: Hands
):
    school = invited_school(ratio=None)
    mother = factories.employee("Сейітқали", "Әлия")
    dina = factories.child(mother, birth_date=date(2018, 3, 5), institution_id=school.invitation.institution_id)
    address = link_of(school.teacher)
    client.post(f"{address}/known", data={"person": dina.id})
    assert post()["confirmed", mother.email] == 1
    if by == "the school":
        (place,) = party_of(dina).standing_places
        version = re.search(r'name="version" value="([^"]*)"', client.get(f"{address}/people/{place.id}").text)
        assert version
        client.post(f"{address}/people/{place.id}/removal", data={"version": version[1]})
    else:
        invitation = f"/events/{school.event.id}/invitations/{school.invitation.id}"
        assert log_in(school.aigul).post(f"{invitation}/withdrawal").status_code == 303
    assert statuses(dina) == ["cancelled"]
    assert post()["cancelled", mother.email] == 1


WAYS = ["self", "coordinator", "coordinator by program", "HR", "deletion of one place", "capacity", "no consent"]


@pytest.mark.parametrize("way", WAYS)
def test_whoever_is_promoted_is_told_once_whatever_freed_the_seat(
    way: str, aigul: Person, log_in: Browse, program: Programs, post: Callable, hands: Hands
):
    """An admin's cancellation promotes as the family's own does."""
    event = factories.event(audience="families", capacity=2, coordinator_id=aigul.id)
    early, child = factories.employee("Ерте", "Адам"), None
    child = factories.child(early, "Арман")
    if way == "no consent":
        wanted = {"participant_ids": [early.id, child.id]}
        assert program(aigul).post(f"/events/{event.id}/signups", json=wanted).status_code == 201
    else:
        sign_up(log_in(early), event, early, child)
    father, mother, dina = family()
    sign_up(log_in(father), event, father, dina)
    assert statuses(father, dina) == ["waiting", "waiting"]
    assert not [key for key in post() if key[0] == "promoted"]
    free_two_seats(way, event, early, child, aigul=aigul, log_in=log_in, program=program, hands=hands, post=post)
    assert statuses(father, dina) == ["confirmed", "confirmed"]
    sent = post()
    assert [sent["promoted", reader.email] for reader in (father, mother)] == [1, 1]
    assert post() == sent, "a second round tells nobody anything"
    db.session.rollback()
    recount(event)


def free_two_seats(
    way: str, event: Event, early: Person, child: Person, *, aigul: Person, log_in: Browse, program: Programs,
    hands: Hands, post: Callable,
) -> None:  # fmt: skip
    party = party_of(early)
    if way in ("self", "coordinator"):
        who = early if way == "self" else aigul
        assert log_in(who).post(f"/signups/{party.id}/cancellation").status_code == 303
    elif way == "coordinator by program":
        answer = program(aigul).post(f"/signups/{party.id}/cancellation")
        assert answer.status_code == 201 and len((answer.json or {})["promoted"]) == 1
    elif way == "capacity":
        assert program(aigul)("PATCH", f"/events/{event.id}", json={"capacity": 4}).status_code == 200
    elif way == "no consent":
        hands.move_to(NOON + timedelta(days=3))
        post()
        assert cancel(log_in(aigul), early).status_code == 303
    else:
        assert cancel(log_in(early), child).status_code == 303
        if way == "HR":
            assert log_in(aigul).post(f"/people/{early.id}/deactivation").status_code == 303
        else:
            assert cancel(log_in(aigul), early).status_code == 303


def test_a_program_that_cancels_for_an_admin_promotes_too(log_in: Browse, program: Programs, post: Callable):
    boss, event = factories.admin(), factories.event(capacity=1)
    nurlan, dana = factories.employee(), factories.employee("Дана")
    for person in (nurlan, dana):
        sign_up(log_in(person), event, person)
    place = party_of(nurlan).places[0]
    answer = program(boss).post(f"/places/{place.id}/cancellation")
    assert answer.json == {"promoted": [party_of(dana).id]}
    assert statuses(nurlan, dana) == ["cancelled", "confirmed"]
    sent = post()
    assert sent["promoted", dana.email] == 1 and sent["confirmed", nurlan.email] == 0


def test_twins_stay_two_children_from_the_form_to_the_tickets(log_in: Browse, post: Callable, hands: Hands):
    """Surname and birthday are the same; a third of the very same name is the neighbours' daughter."""
    nurlan, neighbour = factories.employee(), factories.employee("Сейітқали", "Ержан")
    event = factories.event(audience="families", capacity=5)
    for parent, names in ((nurlan, ("Дина", "Диана")), (neighbour, ("Дина",))):
        browser, form = log_in(parent), {"surname": "Сейітқали", "birth_date": "15.01.2017", "tshirt_size": "134"}
        for name in names:
            answer = browser.post("/my/children/new", data=form | {"given_name": name})
            if answer.status_code == 409:  # asked whether this is a child that stands already
                answer = browser.post("/my/children/new", data=form | {"given_name": name, "same": "no"})
            assert answer.status_code == 303
    children = db.session.query(Person).filter_by(kind="child").all()
    assert len(children) == 3
    for parent in (nurlan, neighbour):
        own = [child for child in children if child in children_of(parent.id)]
        assert sign_up(log_in(parent), event, parent, *own).status_code == 303
    db.session.rollback()
    assert event.seats_taken == 5
    assert len({place.ticket for place in db.session.query(Place)}) == 5
    assert len({place.person_id for place in db.session.query(Place)}) == 5
    recount(event)
    assert [post()["confirmed", parent.email] for parent in (nurlan, neighbour)] == [1, 1]


def test_twins_and_namesakes_in_a_schools_file_are_as_many_seats(client: FlaskClient, hands: Hands):
    school = invited_school(ratio=None)
    rows = "Фамилия;Имя;Дата рождения\n" + "".join(
        f"Сейітқали;{name};05.03.2018\n" for name in ("Дина", "Диана", "Дина")
    )
    address = link_of(school.teacher)
    looked = client.post(f"{address}/file", data={"file": (BytesIO(rows.encode()), "pupils.csv")}).text
    found = re.search(r'name="rows" value="([^"]*)"', looked)
    assert found and 'name="another"' in looked, "the second Dina is asked about, not swallowed"
    another = re.findall(r'name="another" value="(\d+)"', looked)
    client.post(f"{address}/file/rows", data={"rows": html.unescape(found[1]), "another": another[-1:]})
    places = db.session.query(Place).filter(Place.status == "confirmed").all()
    assert len({place.person_id for place in places}) == len({place.ticket for place in places}) == 3
    recount(school.event, letters=False)


@pytest.mark.parametrize("by", ["the father", "the coordinator"])
def test_a_childs_confirmation_reaches_both_guardians_and_never_the_child(
    by: str, aigul: Person, log_in: Browse, program: Programs, post: Callable, hands: Hands
):
    father, mother, dina = family()
    dina.email = "dina@school.example"
    factories.saved(dina)
    event = factories.event(audience="families")
    if by == "the father":
        assert sign_up(log_in(father), event, dina).status_code == 303
    else:
        wanted = {"participant_ids": [dina.id]}
        assert program(aigul).post(f"/events/{event.id}/signups", json=wanted).status_code == 201
    sent = post()
    assert [sent["confirmed", reader.email] for reader in (father, mother)] == [1, 1]
    assert not [key for key in sent if key[1] == "dina@school.example"]
    asked = [sent["consent_asked", reader.email] for reader in (father, mother)]
    assert asked == ([0, 0] if by == "the father" else [1, 1])


@pytest.mark.parametrize("fewer", [False, True])
def test_parent_and_child_are_never_split_between_seat_and_queue(
    fewer: bool, aigul: Person, log_in: Browse, program: Programs, post: Callable, hands: Hands
):
    """One seat is free for two. Who takes fewer gets it for the father, and the child is never there alone."""
    event = factories.event(audience="families", capacity=2, coordinator_id=aigul.id)
    first, second = factories.employee("Бірінші"), factories.employee("Екінші")
    for person in (first, second):
        sign_up(log_in(person), event, person)
    father, _, dina = family()
    fields = {"accept_fewer": "y"} if fewer else {}
    assert sign_up(log_in(father), event, dina, father, **fields).status_code == 303
    assert statuses(father, dina) == ["waiting", "waiting"]
    cancel(log_in(first), first)
    alone = statuses(father, dina)
    assert alone == (["confirmed", "waiting"] if fewer else ["waiting", "waiting"])
    program(aigul)("PATCH", f"/events/{event.id}", json={"capacity": 3})
    assert statuses(father, dina) == ["confirmed", "confirmed"]
    db.session.rollback()
    recount(event)
    told = post()["promoted", father.email]
    assert told == (2 if fewer else 1)


def test_an_offer_is_taken_once_though_both_parents_click(
    aigul: Person, log_in: Browse, client: FlaskClient, post: Callable, hands: Hands
):
    event = factories.event(audience="families", capacity=2)
    early = factories.employee("Ерте", "Адам")
    sign_up(log_in(early), event, early, factories.child(early, "Арман"))
    father, mother, dina = family()
    sign_up(log_in(father), event, father, dina)
    post()
    hands.move_to(LATE)
    log_in(early).post(f"/signups/{party_of(early).id}/cancellation")
    assert statuses(father, dina) == ["offered", "offered"]
    sent = post()
    assert [sent["offer", reader.email] for reader in (father, mother)] == [1, 1]
    links = [link_sent("offer", reader) for reader in (father, mother)]
    before = client.get(links[0]).text
    assert statuses(father, dina) == ["offered", "offered"], "a scanner that opens the link takes nothing"
    assert "/acceptance" in before
    answers = [client.post(f"{links[who]}/acceptance").status_code for who in (1, 0, 1)]
    assert answers == [303, 409, 409]
    assert client.post(f"{links[0]}/refusal").status_code == 409
    assert statuses(father, dina) == ["confirmed", "confirmed"]
    recount(event)
    assert [post()["confirmed", reader.email] for reader in (father, mother)] == [1, 1]
    assert db.session.query(Offer).one().answered_by_id == mother.id


def link_sent(letter: str, reader: Person) -> str:
    found = db.session.query(Mail).filter_by(template=f"signups/{letter}", person_id=reader.id).one()
    return str(found.context["url"])


def test_who_was_declined_for_reads_no_offer_any_more(
    log_in: Browse, client: FlaskClient, post: Callable, hands: Hands
):
    """The mother says no before the father's letter left the house: it doesn't leave any more."""
    event = factories.event(audience="families", capacity=2)
    early = factories.employee("Ерте", "Адам")
    sign_up(log_in(early), event, early, factories.child(early, "Арман"))
    father, mother, dina = family()
    sign_up(log_in(father), event, father, dina)
    hands.move_to(LATE)
    log_in(early).post(f"/signups/{party_of(early).id}/cancellation")
    assert client.post(f"{link('offer', mother)}/refusal").status_code == 303
    assert ("offer", father.email) not in post()


def test_a_mistyped_address_becomes_a_task_and_holds_no_seat_beyond_the_offer(
    aigul: Person, log_in: Browse, post: Callable, hands: Hands, sink: Sink
):
    event = factories.event(capacity=1, coordinator_id=aigul.id)
    first, dana, omar = (factories.employee(name) for name in ("Бірінші", "Дана", "Омар"))
    for person in (first, dana, omar):
        sign_up(log_in(person), event, person)
    post()
    hands.move_to(LATE)
    cancel(log_in(first), first)
    sink.say("RCPT", dana.email or "", "550 5.1.1 no such user")
    sent = post()
    assert statuses(dana, omar) == ["offered", "waiting"] and sent["offer", dana.email] == 0
    task = db.session.query(Task).filter_by(kind="bad-address").one()
    assert (task.person_id, task.city) == (dana.id, "balkhash")
    hands.move_to(LATE + timedelta(hours=2))
    sent = post()
    assert statuses(dana, omar) == ["declined", "offered"]
    assert sent["offer", omar.email] == 1
    db.session.rollback()
    recount(event)


def test_a_mistyped_address_holds_a_childs_seat_only_until_the_consent_was_due(
    aigul: Person, log_in: Browse, program: Programs, post: Callable, hands: Hands, sink: Sink
):
    event = factories.event(audience="families", capacity=1, coordinator_id=aigul.id)
    father = factories.employee(email="nurlna@torangy.example")
    dina, dana = factories.child(father), factories.employee("Дана")
    wanted = {"participant_ids": [dina.id]}
    assert program(aigul).post(f"/events/{event.id}/signups", json=wanted).status_code == 201
    sign_up(log_in(dana), event, dana)
    sink.say("RCPT", "nurlna@torangy.example", *["550 5.1.1 no such user"] * 9)
    post()
    assert statuses(dina, dana) == ["confirmed", "waiting"]
    assert db.session.query(Task).filter_by(kind="bad-address").count() == 1
    failed = db.session.query(Mail).filter_by(recipient="nurlna@torangy.example")
    assert {mail.status for mail in failed} <= {"failed", "queued"}, "nothing more is sent there"
    hands.move_to(NOON + timedelta(days=3))
    sent = post()
    assert statuses(dina, dana) == ["cancelled", "confirmed"]
    assert sent["promoted", dana.email] == 1
    db.session.rollback()
    recount(event)


def test_a_schools_mistyped_address_is_shown_to_the_coordinator(post: Callable, hands: Hands, sink: Sink):
    sink.say("RCPT", "serik@school.example", "550 5.1.1 no such user")
    school = invited_school()
    post()
    task = db.session.query(Task).filter_by(kind="bad-address").one()
    assert task.city == "balkhash" and task.event_id == school.event.id
