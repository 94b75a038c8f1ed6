"""Inviting imported people: letters where there is mail, slips where there is none, own city only."""

import pytest

from app.access.errors import HasLogin, NoAddress, NoLoginForChildren
from app.access.inviting import invite_city, invite_people, invite_person, print_slips
from app.accounts.actor import COORDINATOR, Actor, Scope
from app.errors import NotAllowed
from tests import factories
from tests.access.logins import NOW, letters

pytestmark = pytest.mark.usefixtures("app")
AIGUL = Actor(scopes=(Scope(COORDINATOR, city="balkhash"),))


def test_people_with_mail_and_without_login_are_written_to_once():
    nurlan, with_login = factories.employee(), factories.employee("Дана")
    factories.account(with_login)
    factories.employee("Омар", email=None)
    factories.employee("Әсел", city="zhezkazgan")
    assert invite_city(factories.city(), now=NOW, actor=AIGUL) == 1
    assert invite_city(factories.city(), now=NOW, actor=AIGUL) == 0
    assert [mail.recipient for mail in letters("activation")] == [nurlan.email]


def test_slips_are_printed_for_those_without_mail_and_not_twice():
    omar = factories.employee("Омар", email=None)
    factories.employee()
    assert [slip.person.id for slip in print_slips(factories.city(), now=NOW, actor=AIGUL)] == [omar.id]
    assert print_slips(factories.city(), now=NOW, actor=AIGUL) == []


def test_one_person_may_be_invited_anew_and_the_old_letters_link_ends():
    nurlan = factories.employee()
    for _ in range(2):
        invite_person(nurlan, now=NOW, actor=AIGUL)
    assert len({mail.context["url"] for mail in letters("activation")}) == 2


def test_invitations_are_refused_with_their_reason():
    nurlan, omar = factories.employee(), factories.employee("Омар", email=None)
    factories.account(nurlan)
    for person, why in ((nurlan, HasLogin), (omar, NoAddress), (factories.child(nurlan), NoLoginForChildren)):
        with pytest.raises(why):
            invite_person(person, now=NOW, actor=AIGUL)


@pytest.mark.parametrize(
    "actor",
    [
        Actor(),
        Actor(scopes=(Scope(COORDINATOR, city="zhezkazgan"),)),
        Actor(scopes=(Scope(COORDINATOR, event_id="x"),)),
    ],
)
def test_only_the_coordinator_of_the_city_invites(actor):
    nurlan = factories.employee()
    with pytest.raises(NotAllowed):
        invite_people([nurlan], now=NOW, actor=actor)
    with pytest.raises(NotAllowed):
        print_slips(factories.city(), now=NOW, actor=actor)
    assert letters("activation") == []


def test_the_pages_invite_and_print(log_in):
    aigul = factories.coordinator()
    factories.employee()
    omar = factories.employee("Омар", email=None)
    browser = log_in(aigul)
    assert browser.get("/invitations").status_code == 200
    assert browser.post("/invitations", data={"city": "balkhash"}).status_code == 303
    printed = browser.post("/slips", data={"city": "balkhash"}).text
    assert omar.personnel_number in printed
    assert len(letters("activation")) == 1


def test_strangers_and_other_cities_get_nowhere(log_in, client):
    nurlan, other = factories.employee(), factories.coordinator("zhezkazgan")
    pages = ["/invitations", "/slips", f"/people/{nurlan.id}/invitation", f"/people/{nurlan.id}/slip"]
    for page in pages:
        assert client.post(page, data={"city": "balkhash"}).headers["Location"] == "/login"
        assert log_in(nurlan).post(page, data={"city": "balkhash"}).status_code == 403
        assert log_in(other).post(page, data={"city": "balkhash"}).status_code == 404
    assert letters("activation") == []
