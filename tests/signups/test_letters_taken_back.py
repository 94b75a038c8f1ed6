"""Questions that nobody need answer any more don't leave: an approval withdrawn, a child replaced."""

import pytest

from app.db import db
from app.mail.models import Mail
from app.signups.cancelling import cancel_signup
from app.signups.changing import replace_in_party
from app.signups.models import Approval
from app.signups.operations import Answers, sign_up
from tests import factories
from tests.signups.test_signing_up import NOW, acting, signed_up

pytestmark = pytest.mark.usefixtures("app")


def waiting_to_leave(template: str) -> list[Mail]:
    return db.session.query(Mail).filter_by(template=f"signups/{template}", status="queued", cancelled_at=None).all()


def test_whoever_cancels_before_the_answer_takes_the_question_to_the_manager_back():
    boss = factories.employee("Бастық", "Бек")
    nurlan, event = factories.employee(manager_id=boss.id), factories.event(approval="manager")
    party = signed_up(event, nurlan)
    assert waiting_to_leave("approval_asked") and waiting_to_leave("approval_pending")
    cancel_signup(party, now=NOW, actor=acting(nurlan))
    assert db.session.query(Approval).one().answer == "withdrawn"
    assert not waiting_to_leave("approval_asked") and not waiting_to_leave("approval_pending")


def test_an_approval_that_still_stands_keeps_its_question():
    boss = factories.employee("Бастық", "Бек")
    event = factories.event(approval="manager")
    omar, dana = (factories.employee(name, manager_id=boss.id) for name in ("Омар", "Дана"))
    staying, leaving = signed_up(event, omar), signed_up(event, dana)
    cancel_signup(leaving, now=NOW, actor=acting(dana))
    assert [mail.key.split(":")[2] for mail in waiting_to_leave("approval_asked")] == [staying.places[0].id]


def test_a_child_who_is_replaced_takes_the_question_for_consent_along():
    factories.consent_texts()
    nurlan = factories.employee()
    dina, arman = factories.child(nurlan), factories.child(nurlan, "Арман")
    event, later = factories.event(audience="families"), Answers(consent_may_follow=True)
    party = sign_up(event.id, [dina.id], leader_id=nurlan.id, answers=later, now=NOW, actor=acting(nurlan))
    [place] = party.places
    asked = [mail for mail in waiting_to_leave("consent_asked") if f":{place.id}:" in mail.key]
    assert asked
    replace_in_party(place, arman.id, answers=later, now=NOW, actor=acting(nurlan))
    assert not [mail for mail in waiting_to_leave("consent_asked") if f":{place.id}:" in mail.key]
    assert not [mail for mail in waiting_to_leave("consent_reminder") if f":{place.id}:" in mail.key]
