"""Letters' keys: whoever gives a seat back and gets another is told again, and no address stands in a key."""

from datetime import timedelta

import vobject
from flask import Flask

from app.accounts.actor import Actor, Scope
from app.accounts.models import Account
from app.db import db, transaction
from app.desk.roster.swapping import swap_parties
from app.mail.calendar import calendar_file
from app.mail.models import Mail
from app.mail.outbox import Recipient
from app.people.models import Person
from app.signups.cancelling import cancel_place, cancel_signup
from app.signups.models import Place, SignUp
from app.signups.readers import who
from app.signups.signing_up import sign_up
from tests import factories

NOW = factories.SATURDAY - timedelta(days=30)


def coordinating(person: Person) -> Actor:
    account = db.session.query(Account).filter_by(person_id=person.id).one()
    scopes = (Scope("coordinator", city="balkhash"),)
    return Actor(account_id=account.id, person_id=person.id, name="Aigul", scopes=scopes)


def mine(person: Person) -> Actor:
    return Actor(account_id=factories.account(person).id, person_id=person.id, name=person.short_name)


def letters(reader: Person, *templates: str) -> list[Mail]:
    db.session.expire_all()
    query = db.session.query(Mail).filter(Mail.person_id == reader.id, Mail.template.in_(templates))
    return query.order_by(Mail.created_at, Mail.id).all()


def three_at_one_seat() -> tuple[Actor, list[Person], list[Place]]:
    aigul = coordinating(factories.coordinator())
    event = factories.event(capacity=1)
    people = [factories.employee("Стан", "Стэн"), factories.employee(), factories.employee("Б", "Болат")]
    statuses = ("confirmed", "waiting", "waiting")
    return (
        aigul,
        people,
        [factories.place(event, who, status=status) for who, status in zip(people, statuses, strict=True)],
    )


def swapped_out() -> tuple[Actor, list[Person], list[Place]]:
    """Nurlan was promoted, then changed places with Bolat."""
    aigul, people, places = three_at_one_seat()
    cancel_signup(db.session.get_one(SignUp, places[0].signup_id), now=NOW, actor=aigul)
    event = places[0].event
    swap_parties(event, places[1].signup_id, places[2].signup_id, now=NOW + timedelta(hours=1), actor=aigul)
    return aigul, people, places


def test_a_second_seat_is_told_as_the_first_was(app: Flask):
    aigul, (_, nurlan, _), places = swapped_out()
    cancel_signup(db.session.get_one(SignUp, places[2].signup_id), now=NOW + timedelta(hours=2), actor=aigul)
    assert db.session.get_one(Place, places[1].id).status == "confirmed"
    assert len(letters(nurlan, "signups/promoted")) == 2


def test_a_swap_takes_back_the_ticket_that_still_waits(app: Flask):
    _, (_, nurlan, bolat), _ = swapped_out()
    assert [mail.status for mail in letters(nurlan, "signups/promoted")] == ["cancelled"]
    assert [mail.status for mail in letters(nurlan, "desk/seat_given")] == ["queued"]
    assert [mail.status for mail in letters(bolat, "desk/seat_gained")] == ["queued"]


def test_leaving_and_coming_back_puts_the_entry_back_into_the_calendar(app: Flask):
    nurlan, event = factories.employee(), factories.event()
    for hours in (0, 2):
        now = NOW + timedelta(hours=hours)
        signup = sign_up(event.id, [nurlan.id], leader_id=nurlan.id, now=now, actor=mine(nurlan))
        if hours == 0:
            cancel_signup(signup, now=now + timedelta(hours=1), actor=mine(nurlan))
    told = letters(nurlan, "signups/confirmed", "signups/cancelled")
    assert [mail.template for mail in told] == ["signups/confirmed", "signups/cancelled", "signups/confirmed"]
    entries = [vobject.readOne(calendar_file(mail.calendar or {}, "kk", now=mail.created_at).decode()) for mail in told]
    assert [entry.method.value for entry in entries] == ["REQUEST", "CANCEL", "REQUEST"]
    assert len({entry.vevent.uid.value for entry in entries}) == 1
    sequences = [int(entry.vevent.sequence.value) for entry in entries]
    assert sequences == sorted(set(sequences))


def test_a_child_that_stays_at_home_leaves_its_fathers_entry_where_it_is(app: Flask):
    nurlan, event = factories.employee(), factories.event(audience="families")
    dina = factories.child(nurlan)
    factories.place(event, nurlan)
    place = factories.place(event, dina)
    cancel_place(place, now=NOW, actor=mine(nurlan))
    (told,) = letters(nurlan, "signups/cancelled")
    assert told.calendar is None


def test_the_last_of_a_family_to_leave_takes_the_entry_along(app: Flask):
    nurlan, event = factories.employee(), factories.event(audience="families")
    place = factories.place(event, factories.child(nurlan))
    cancel_place(place, now=NOW, actor=mine(nurlan))
    (told,) = letters(nurlan, "signups/cancelled")
    assert told.calendar is not None and told.calendar["method"] == "CANCEL"


def test_no_address_stands_in_a_key(app: Flask):
    school = factories.institution(contact_email="School@Torangy.example", contact_name="Мектеп", contact_language="ru")
    pupil = factories.person("Оқушы", "Ерен", kind="child", birth_date=NOW.date().replace(year=2020))
    with transaction():
        pupil.institution_id = school.id
    event = factories.event(audience="children")
    place = factories.place(event, pupil)
    cancel_place(place, now=NOW, actor=coordinating(factories.coordinator()))
    (told,) = db.session.query(Mail).filter_by(recipient="School@Torangy.example").all()
    assert "torangy" not in told.key.lower() and told.language == "ru"
    same = Recipient("school@torangy.example", "", "kk"), Recipient("School@Torangy.example", "", "ru")
    assert who(same[0]) == who(same[1])


def test_a_letter_names_whom_to_call_and_how_to_say_no(app: Flask):
    aigul = factories.coordinator(phone="+77010000001")
    nurlan, event = factories.employee(), factories.event(coordinator_id=aigul.id)
    sign_up(event.id, [nurlan.id], leader_id=nurlan.id, now=NOW, actor=mine(nurlan))
    (told,) = letters(nurlan, "signups/confirmed")
    assert told.context["event"]["contact"] == {"name": aigul.short_name, "phone": "+77010000001"}
    assert told.context["cant_come_url"].startswith("/cant-come/")
    assert told.calendar is not None and told.calendar["organizer_name"] == aigul.short_name
