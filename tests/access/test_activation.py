"""Activation by link or slip, forgotten passwords: each code opens once, and not for ever."""

from datetime import timedelta

import pytest

from app import clock
from app.access.codes import ACTIVATION, issue_code
from app.access.errors import CodeEnded, TooManyTries, WrongCode
from app.access.inviting import print_slip
from app.access.joining import activate_by_link, activate_by_slip, ask_for_password, set_forgotten_password
from app.access.models import AccessCode
from app.access.sessions import actor_of, open_session
from app.accounts.models import Account
from app.db import db, transaction
from app.errors import Invalid
from tests import factories
from tests.access.logins import NOW, PASSWORD, ROOT, letters, link, with_password

pytestmark = pytest.mark.usefixtures("app")
NEW = "five red apples in a hat"


@pytest.mark.full
def test_a_link_makes_a_login_once():
    nurlan = factories.employee()
    code = issue_code(nurlan, purpose=ACTIVATION, now=NOW, actor=ROOT)
    account = activate_by_link(code, NEW, now=NOW)
    assert (account.person_id, account.is_active) == (nurlan.id, True)
    with pytest.raises(CodeEnded):
        activate_by_link(code, "another good one", now=NOW)


def test_only_a_hash_of_the_code_is_kept():
    code = issue_code(factories.employee(), purpose=ACTIVATION, now=NOW, actor=ROOT)
    assert code not in str(db.session.query(AccessCode).one().__dict__)


@pytest.mark.full
def test_a_link_holds_three_days_and_a_slip_thirty():
    nurlan = factories.employee(email=None)
    code = issue_code(nurlan, purpose=ACTIVATION, now=NOW, actor=ROOT)
    with pytest.raises(CodeEnded):
        activate_by_link(code, NEW, now=NOW + timedelta(days=3))
    slip = print_slip(nurlan, now=NOW, actor=ROOT)
    late = NOW + timedelta(days=29)
    assert activate_by_slip(nurlan.personnel_number, slip.code, password=NEW, address="", now=late).is_active


def test_a_slip_after_thirty_days_is_void():
    nurlan = factories.employee(email=None)
    slip = print_slip(nurlan, now=NOW, actor=ROOT)
    with pytest.raises(WrongCode):
        activate_by_slip(nurlan.personnel_number, slip.code, password=NEW, address="", now=NOW + timedelta(days=30))


@pytest.mark.full
def test_a_slip_is_read_with_spaces_and_small_letters():
    nurlan = factories.employee()
    slip = print_slip(nurlan, now=NOW, actor=ROOT)
    typed = slip.printed_code.lower()
    assert activate_by_slip(f" {nurlan.personnel_number}", typed, password=NEW, address="", now=NOW).is_active


def test_a_slip_opens_only_with_its_own_number_and_never_as_a_link():
    nurlan, dana = factories.employee(), factories.employee("Дана")
    slip = print_slip(nurlan, now=NOW, actor=ROOT)
    with pytest.raises(WrongCode):
        activate_by_slip(dana.personnel_number, slip.code, password=NEW, address="", now=NOW)
    with pytest.raises(CodeEnded):
        activate_by_link(slip.code, NEW, now=NOW)


def test_slips_can_not_be_guessed_on_and_on():
    nurlan = factories.employee()
    for _ in range(5):
        with pytest.raises(WrongCode):
            activate_by_slip(nurlan.personnel_number, "BBBBBBBBBB", password=NEW, address="", now=NOW)
    slip = print_slip(nurlan, now=NOW, actor=ROOT)
    with pytest.raises(TooManyTries):
        activate_by_slip(nurlan.personnel_number, slip.code, password=NEW, address="", now=NOW)


@pytest.mark.full
def test_a_newer_code_ends_the_older_one():
    nurlan = factories.employee()
    first = issue_code(nurlan, purpose=ACTIVATION, now=NOW, actor=ROOT)
    second = issue_code(nurlan, purpose=ACTIVATION, now=NOW, actor=ROOT)
    with pytest.raises(CodeEnded):
        activate_by_link(first, NEW, now=NOW)
    assert activate_by_link(second, NEW, now=NOW).is_active


@pytest.mark.parametrize(
    "password", ["short", "1234567890", "aaaaaaaaaaaa", "Сейітқали2030", "SeitkaliNurlan", "qwerty12345"]
)
@pytest.mark.full
def test_a_weak_password_is_refused_and_the_link_stays_good(password):
    code = issue_code(factories.employee(), purpose=ACTIVATION, now=NOW, actor=ROOT)
    with pytest.raises(Invalid) as refusal:
        activate_by_link(code, password, now=NOW)
    assert list(refusal.value.errors) == ["password"]
    assert activate_by_link(code, NEW, now=NOW).is_active


def test_a_leavers_link_is_void():
    nurlan = factories.employee()
    code = issue_code(nurlan, purpose=ACTIVATION, now=NOW, actor=ROOT)
    with transaction():
        nurlan.deactivated_at = NOW
    with pytest.raises(CodeEnded):
        activate_by_link(code, NEW, now=NOW)


@pytest.mark.full
def test_a_forgotten_password_is_set_anew_and_every_device_logged_out():
    nurlan = factories.employee()
    account = with_password(nurlan)
    secret = open_session(account, device="phone", now=NOW)
    ask_for_password(nurlan.email, address="", now=NOW)
    (letter,) = letters("password")
    assert letter.recipient == nurlan.email
    set_forgotten_password(link(letter).removeprefix("/password/"), NEW, now=NOW)
    assert actor_of(secret, now=NOW) is None


def test_a_password_link_does_not_activate_nor_the_other_way_round():
    code = issue_code(factories.employee(), purpose=ACTIVATION, now=NOW, actor=ROOT)
    with pytest.raises(CodeEnded):
        set_forgotten_password(code, NEW, now=NOW)


def test_who_has_no_login_yet_gets_the_invitation_instead():
    nurlan = factories.employee()
    ask_for_password(nurlan.personnel_number, address="", now=NOW)
    assert [mail.recipient for mail in letters("activation")] == [nurlan.email]
    assert letters("password") == []


@pytest.mark.full
def test_asking_again_at_once_writes_no_second_letter():
    nurlan = factories.employee()
    with_password(nurlan)
    for minutes in (0, 1, 11):
        ask_for_password(nurlan.email, address="", now=NOW + timedelta(minutes=minutes))
    assert len(letters("password")) == 2


@pytest.mark.full
def test_the_answer_is_the_same_for_known_and_unknown(client):
    nurlan = factories.employee()
    with_password(nurlan)
    texts = []
    for login in (nurlan.email, "stan@nowhere.example"):
        client.post("/password/forgotten", data={"login": login})
        texts.append(client.get("/login").text.split("<main")[1].split("csrf")[0])
    assert texts[0] == texts[1]


@pytest.mark.full
def test_the_page_of_a_link_shows_the_form_and_only_the_post_uses_it(client):
    nurlan = factories.employee()
    ask_for_password(nurlan.email, address="", now=clock.now())
    page = link(letters("activation")[0])
    assert client.get(page).status_code == client.get(page).status_code == 200
    assert client.post(page, data={"password": NEW, "again": "something else"}).status_code == 422
    answer = client.post(page, data={"password": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get("/me").status_code == 200
    assert client.get(page).status_code == 410
    assert db.session.query(Account).one().person_id == nurlan.id


@pytest.mark.parametrize("page", ["/activation/forged", "/password/forged", "/activation/%00"])
def test_a_forged_link_is_a_sentence_and_410(client, page):
    assert client.get(page).status_code == 410
    assert client.post(page, data={"password": NEW, "again": NEW}).status_code == 410


@pytest.mark.full
def test_the_page_of_the_slip_logs_in_at_once(client):
    nurlan = factories.employee(email=None)
    slip = print_slip(nurlan, now=clock.now(), actor=ROOT)
    form = {"number": nurlan.personnel_number, "code": slip.printed_code, "password": NEW, "again": NEW}
    assert client.post("/activation", data=form | {"code": "wrong"}).status_code == 422
    assert client.post("/activation", data=form).status_code == 303
    assert client.get("/me").status_code == 200
    assert PASSWORD not in client.get("/me").text
