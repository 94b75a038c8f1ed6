"""The pages behind a school's link, and those of the coordinator who sent it; two contacts at work at once."""

import html
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.access.tokens import create_token
from app.accounts.actor import SYSTEM
from app.consents.models import Consent
from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.mail.rendering import Claimed, written
from app.signups.institution_forms import OF_A_ROW
from app.signups.institution_roster import change_row, name_person
from app.signups.invitation_queries import list_of, row_of
from app.signups.inviting import withdraw_invitation
from app.signups.models import Invitation, InvitationContact, Place, SignUp
from app.signups.row_versions import version_of
from tests import factories
from tests.api.conftest import Program
from tests.signups.inviting import NOW, School, escort, invited_school, later, link_of, pupil, voice

PUPILS = Path(__file__).parent / "data" / "boarding-school-pupils.xlsx"
NEW = {"surname": "Сейітқали", "given_name": "Дина", "birth_date": "05.03.2018"}


def add(school: School, *entries: Any) -> list[Place]:
    return [name_person(school.teacher, one, now=NOW, actor=voice(school.teacher)) for one in entries]


def speaks_english(client: FlaskClient) -> FlaskClient:
    client.post("/language", data={"language": "en", "next": "/"})
    return client


def hidden(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found.group(1))


def test_the_link_opens_the_own_list_in_the_contacts_language_and_no_other(client: FlaskClient):
    school = invited_school(ratio=None)
    add(school, pupil("Дина"))
    factories.place(school.event, factories.employee("Бөтен", "Адам"))
    page = client.get(link_of(school.teacher))
    assert page.status_code == 200
    assert 'lang="ru"' in page.text.split("<head>")[0]
    assert "Сейітқали Дина" in page.text and "Бөтен" not in page.text
    assert client.get(f"{link_of(school.teacher)}x").status_code == 404
    assert client.get("/invitations/").status_code == 404


def test_a_row_of_somebody_else_is_not_found_through_the_link(client: FlaskClient):
    school = invited_school(ratio=None)
    other = factories.place(school.event, factories.employee())
    link = link_of(school.teacher)
    assert client.get(f"{link}/people/{other.id}").status_code == 404
    assert client.post(f"{link}/people/{other.id}/removal", data={"version": version_of(other)}).status_code == 404
    assert client.post(f"{link}/known", data={"person": other.person_id}).status_code == 404
    assert db.session.get_one(Place, other.id).status == "confirmed"


@pytest.mark.full
def test_the_file_is_shown_row_by_row_before_anything_is_added(client: FlaskClient):
    school = invited_school(seats=80, capacity=100, ratio=10)
    add(school, *(escort(f"Ілесуші {number}") for number in range(7)))
    link, browser = link_of(school.teacher), speaks_english(client)
    looked = browser.post(f"{link}/file", data={"file": (BytesIO(PUPILS.read_bytes()), "pupils.xlsx")})
    assert looked.status_code == 200
    assert "Add 63 children" in looked.text
    assert db.session.query(Place).filter_by(role="participant").count() == 0
    rows = hidden(looked.text, "rows")
    assert browser.post(f"{link}/file/rows", data={"rows": rows}).status_code == 303
    assert db.session.query(Place).filter_by(role="participant").count() == 63
    page = browser.get(link).text
    assert "63 children were added." in page
    again = browser.post(f"{link}/file", data={"file": (BytesIO(PUPILS.read_bytes()), "pupils.xlsx")})
    assert again.text.count("is on the list already") == 63
    assert browser.post(f"{link}/file/rows", data={"rows": rows}).status_code == 303
    assert db.session.query(Place).filter_by(role="participant").count() == 63


def test_a_bad_row_says_why_and_the_good_ones_are_added(client: FlaskClient):
    school = invited_school(ratio=None)
    text = "Фамилия;Имя;Дата рождения\nСейітқали;Дина;05.03.2018\nСейітқали;Арман;31.02.2018\n"
    link, browser = link_of(school.teacher), speaks_english(client)
    looked = browser.post(f"{link}/file", data={"file": (BytesIO(text.encode()), "pupils.csv")})
    assert "Row 3" in looked.text and "February 2018 has 28 days" in looked.text
    browser.post(f"{link}/file/rows", data={"rows": hidden(looked.text, "rows")})
    assert [place.person.given_name for place in list_of(school.invitation)] == ["Дина"]


DICTIONARY = json.dumps([{str(number): 1 for number in range(len(OF_A_ROW) + 1)}])


@pytest.mark.parametrize(
    "rows", ["", "{}", "[[1]]", '[["x", 1]]', "[" * 2000, "null", "[[2, {}, [], 1, 1, 1, 1, 1]]", DICTIONARY]
)
def test_rows_tampered_with_add_nobody(rows: str, client: FlaskClient):
    school = invited_school(ratio=None)
    form = {"rows": rows, "another": ["9" * 5000, "x", ""]}
    assert client.post(f"{link_of(school.teacher)}/file/rows", data=form).status_code in (303, 422)
    assert list_of(school.invitation) == []


def test_what_is_no_spreadsheet_is_said_beside_the_field(client: FlaskClient):
    school = invited_school()
    answer = client.post(f"{link_of(school.teacher)}/file", data={"file": (BytesIO(b"%PDF-1.4"), "x.xlsx")})
    assert answer.status_code == 422
    assert 'id="file-e"' in answer.text


def test_a_pupil_before_the_escort_is_refused_with_how_many_are_missing(client: FlaskClient):
    school = invited_school(ratio=5)
    link, browser = link_of(school.teacher), speaks_english(client)
    at = f"{link}/pupils/new"
    answer = browser.post(at, data=NEW, headers={"Referer": f"http://localhost{at}"})
    assert answer.status_code == 409
    assert "Escorts missing: 1." in answer.text
    assert 'value="Дина"' in answer.text, "what was typed is still there"
    named = {"surname": "Тұрсынова", "given_name": "Әлия", "phone": "8 708 654 18 86"}
    assert browser.post(f"{link}/escorts/new", data=named).status_code == 303
    assert browser.post(at, data=NEW).status_code == 303
    assert [place.role for place in list_of(school.invitation)] == ["escort", "participant"]


def test_the_same_child_twice_is_asked_about_and_a_namesake_may_come(client: FlaskClient):
    school = invited_school(ratio=None)
    link = link_of(school.teacher)
    at = f"{link}/pupils/new"
    assert client.post(at, data=NEW).status_code == 303
    again = client.post(at, data=NEW, headers={"Referer": f"http://localhost{at}"})
    assert again.status_code == 409
    assert 'name="is_another"' in again.text
    assert client.post(at, data=NEW | {"is_another": "y"}).status_code == 303
    assert len(list_of(school.invitation)) == 2


def test_who_came_before_is_picked(client: FlaskClient):
    school = invited_school(ratio=None)
    known = factories.person(
        "Сейітқали", "Дина", kind="child", birth_date=pupil().birth_date,
        institution_id=school.invitation.institution_id,
    )  # fmt: skip
    link = link_of(school.teacher)
    assert known.id in client.get(f"{link}/pupils/new").text
    assert client.post(f"{link}/known", data={"person": known.id}).status_code == 303
    assert [place.person_id for place in list_of(school.invitation)] == [known.id]


def test_a_stale_row_shows_who_was_faster_and_what_stands_there_now(client: FlaskClient):
    school = invited_school(ratio=None)
    (place,) = add(school, pupil("Дина", school_class="5 А"))
    at = f"{link_of(school.director)}/people/{place.id}"
    browser = speaks_english(client)
    seen = hidden(browser.get(at).text, "version")
    change_row(
        school.teacher, place.id, {"school_class": "7 В"}, version=seen, now=later(1), actor=voice(school.teacher)
    )
    typed = NEW | {"school_class": "6 Б", "version": seen}
    answer = browser.post(at, data=typed, headers={"Referer": f"http://localhost{at}"})
    assert answer.status_code == 409
    assert "Серік Оспанов changed this row in the meantime" in answer.text
    assert "7 В" in answer.text and 'value="6 Б"' in answer.text
    knowing = typed | {"version": hidden(answer.text, "version")}
    assert browser.post(at, data=knowing).status_code == 303
    assert row_of(school.invitation, place.id).person.school_class == "6 Б"


def test_replacing_and_taking_off(client: FlaskClient):
    school = invited_school(ratio=None)
    (place,) = add(school, pupil("Дина"))
    link = link_of(school.teacher)
    at = f"{link}/people/{place.id}"
    seen = hidden(client.get(f"{at}/replacement").text, "version")
    arman = {"surname": "Сейітқали", "given_name": "Арман", "birth_date": "01.02.2017", "version": seen}
    assert client.post(f"{at}/replacement", data=arman).status_code == 303
    (second,) = list_of(school.invitation)
    assert second.person.given_name == "Арман"
    seen = hidden(client.get(f"{link}/people/{second.id}").text, "version")
    assert client.post(f"{link}/people/{second.id}/removal", data={"version": seen}).status_code == 303
    assert client.post(f"{link}/people/{second.id}/removal", data={"version": seen}).status_code == 409
    assert list_of(school.invitation) == []


def test_the_director_agrees_for_those_ticked_and_nothing_is_ticked_beforehand(client: FlaskClient):
    school = invited_school(ratio=None)
    dina, arman = add(school, pupil("Дина"), pupil("Арман"))
    at = f"{link_of(school.director)}/consents"
    page = client.get(at).text
    assert "checked" not in page.split('id="main"')[1]
    assert client.post(at, data={}).status_code == 422
    read = re.findall(r'name="read" value="([^"]+)"', page)
    assert client.post(at, data={"place": [dina.id], "read": read}).status_code == 303
    assert {row.child_id for row in db.session.query(Consent)} == {dina.person_id}
    assert arman.id in client.get(at).text and dina.id not in client.get(at).text
    old = ["participation:anothertext"]
    assert client.post(at, data={"place": [arman.id], "read": old}).status_code == 409


def test_a_teacher_uploads_the_signed_paper(client: FlaskClient):
    school = invited_school(ratio=None)
    (dina,) = add(school, pupil("Дина"))
    link = link_of(school.teacher)
    at = f"{link}/people/{dina.id}/paper"
    assert client.post(f"{link}/consents", data={"place": dina.id}).status_code == 403
    seen = hidden(client.get(at).text, "version")
    paper = {"signed_by": "Ахмет Сейітқали", "version": seen}
    wrong = client.post(at, data=paper | {"scan": (BytesIO(b"GIF89a"), "x.gif")})
    assert (wrong.status_code, 'id="scan-e"' in wrong.text) == (422, True)
    assert client.post(at, data=paper | {"scan": (BytesIO(b"%PDF-1.4 x"), "x.pdf")}).status_code == 303
    row = db.session.query(Consent).one()
    assert (row.given_by_name, row.channel, bool(row.scan_key)) == ("Ахмет Сейітқали", "institution", True)
    assert client.get(f"{link}/tickets").text.count(db.session.get_one(Place, dina.id).printed_ticket) == 1


def test_a_link_taken_back_is_not_found(client: FlaskClient):
    school = invited_school()
    link = link_of(school.teacher)
    withdraw_invitation(school.invitation, now=NOW, actor=school.coordinator)
    assert client.get(link).status_code == 404
    assert client.post(f"{link}/escorts/new", data={"surname": "А", "given_name": "Б"}).status_code == 404


@pytest.mark.full
def test_aigul_invites_a_school_and_sees_how_far_it_is(log_in: Callable[..., FlaskClient]):
    aigul = factories.coordinator(language="en")
    event = factories.event(audience="institution", site=factories.site(adult_child_ratio=10))
    school = factories.institution()
    browser = log_in(aigul)
    at = f"/events/{event.id}/invitations"
    wanted = {
        "institution_id": school.id, "seats": "41", "names_due_at": "10.05.2030", "names_due_clock": "18:00",
        "name": "Гүлнар", "email": "gulnar@school.example", "language": "kk", "is_representative": "y",
    }  # fmt: skip
    refused = browser.post(f"{at}/new", data=wanted)
    assert (refused.status_code, 'id="seats-e"' in refused.text) == (422, True)
    made = browser.post(f"{at}/new", data=wanted | {"seats": "40"})
    assert made.status_code == 303
    invitation = db.session.query(Invitation).one()
    assert (invitation.seats, invitation.names_due_at.isoformat()) == (40, "2030-05-10T13:00:00+00:00")
    assert "Boarding school" in browser.get(at).text
    own = f"{at}/{invitation.id}"
    assert "gulnar@school.example" in browser.get(own).text
    assert browser.post(f"{own}/contacts", data={"name": "Серік", "email": "x"}).status_code == 422
    second = {"name": "Серік", "email": "serik@school.example", "language": "ru"}
    assert browser.post(f"{own}/contacts", data=second).status_code == 303
    serik = db.session.query(InvitationContact).filter_by(email="serik@school.example").one()
    assert browser.post(f"{own}/contacts/{serik.id}/renewal").status_code == 303
    assert browser.post(f"{own}/contacts/{serik.id}/revocation").status_code == 303
    assert browser.post(f"{own}/contacts/{serik.id}/revocation").status_code == 404
    seats = {"seats": "30", "names_due_at": "12.05.2030", "names_due_clock": "18:00"}
    assert browser.post(own, data=seats).status_code == 303
    assert browser.get(f"{own}/withdrawal").status_code == 200
    assert browser.post(f"{own}/withdrawal").status_code == 303
    assert browser.get(own).status_code == 404


def test_another_citys_coordinator_gets_nothing(log_in: Callable[..., FlaskClient]):
    school = invited_school()
    browser = log_in(factories.coordinator("zhezkazgan"))
    at = f"/events/{school.event.id}/invitations"
    assert browser.get(at).status_code == 403
    assert browser.get(f"{at}/{school.invitation.id}").status_code == 403
    assert browser.post(f"{at}/{school.invitation.id}/withdrawal").status_code == 403


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.full
def test_every_letter_can_be_read_in_its_language(language: str, app: Flask):
    school = invited_school(ratio=None)
    add(school, pupil())
    withdraw_invitation(school.invitation, now=later(1), actor=school.coordinator)
    mails = db.session.query(Mail).filter(Mail.template.startswith("signups/institution_")).all()
    assert len({mail.template for mail in mails}) == 4
    for mail in mails:
        claimed = Claimed(
            **{name: getattr(mail, name) for name in Claimed.__dataclass_fields__ if name != "override"}
            | {"language": language}
        )
        message: Any = message_from_bytes(written(claimed, now=NOW)[2], policy=policy.default)
        assert message["Reply-To"] == "aigul@torangy.example"
        for kind in ("plain", "html"):
            assert f"http://localhost:5000{mail.context['url']}" in message.get_body((kind,)).get_content() or (
                mail.template == "signups/institution_withdrawn"
            )


def test_programs_invite_and_read_how_far_lists_are(app: Flask, log_in: Callable[..., FlaskClient]):

    aigul, event, school = factories.coordinator(), factories.event(), factories.institution()
    call = Program(app, create_token(factories.account(aigul), name="test", now=clock.now(), actor=SYSTEM))
    path = f"/events/{event.id}/invitations"
    contact = {"name": "Гүлнар", "email": "Gulnar@school.example", "is_representative": True}
    wanted = {
        "institution_id": school.id, "seats": 10, "names_due_at": "2030-05-10T18:00:00+05:00", "contacts": [contact]
    }  # fmt: skip
    first: Any
    again: Any
    first, again = (call.post(path, json=wanted, headers={"Idempotency-Key": "1"}) for _ in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    assert first.json["contacts"][0]["email"] == "gulnar@school.example"
    assert db.session.query(Mail).filter_by(template="signups/institution_invitation").count() == 1
    listed: Any = call.get(path).json
    (item,) = listed["items"]
    assert (item["seats"], item["escorts"], item["children"]) == (10, 0, 0)
    twice: Any = call.post(path, json=wanted).json
    assert twice["type"] == "already-invited"
    assert call.post(path, json=wanted | {"institution_id": "x"}).status_code == 422
    assert call.post(path, json=wanted | {"contacts": [contact | {"email": ""}]}).status_code == 422


@pytest.mark.full
def test_two_contacts_who_add_and_change_at_once_lose_nothing(app: Flask):
    school = invited_school(seats=30, capacity=60, ratio=None)
    (shared,) = add(school, pupil("Ортақ", school_class="1"))
    links = [link_of(school.director), link_of(school.teacher)]
    seen, gate = version_of(shared), Barrier(2)

    def work(number: int) -> list[int]:
        statuses = []
        with app.app_context():
            browser = app.test_client()
            gate.wait()
            for child in range(20):
                name = {"surname": "Бала", "given_name": f"Нөмір {child}", "birth_date": "01.02.2017"}
                own = name | {"surname": f"Бала{number}"}
                # Every other child is named by both: it comes onto the list once.
                answer = browser.post(f"{links[number]}/pupils/new", data=name if child % 2 else own)
                statuses.append(answer.status_code)
            change = NEW | {"school_class": str(number), "version": seen}
            statuses.append(browser.post(f"{links[number]}/people/{shared.id}", data=change).status_code)
        return statuses

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, range(2)))
    db.session.rollback()
    assert sorted(one[-1] for one in done) == [303, 409], "one change is kept, the other one is told"
    added = sum(status == 303 for one in done for status in one[:-1])
    names = [place.person.full_name for place in list_of(school.invitation)]
    assert len(names) == len(set(names)) == added + 1 == 30, "seats of the list are used up, and no more"
    assert {status for one in done for status in one} == {303, 409}
    assert db.session.get_one(Event, school.event.id).seats_taken == 30
    assert db.session.query(SignUp).count() == 1
