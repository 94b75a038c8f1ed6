"""What other systems are known to get wrong with seats, once each: over HTTP, letters over SMTP, recounted."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.people.queries import children_of
from app.signups.models import Offer, Place
from tests import factories
from tests.api.conftest import Program, program
from tests.signups.hands import LATE, Hands, aigul, cancel, family, hands, party_of, post, sign_up, statuses
from tests.signups.inviting import invited_school, link_of
from tests.signups.parties import NOON
from tests.signups.recount import recount

__all__ = ["aigul", "hands", "post", "program"]

Browse = Callable[[Person], FlaskClient]
Programs = Callable[[Person], Program]
WAYS = ["self", "coordinator", "coordinator by program", "HR", "deletion of one place", "capacity", "no consent"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.full
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


@pytest.mark.full
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


@pytest.mark.full
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


@pytest.mark.parametrize("fewer", [False, True])
@pytest.mark.full
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


@pytest.mark.full
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
