"""Two hands at the same row at the same moment, in processes of their own, again and again. For any database.

Each race sets its rounds up, lets every side act at a common signal, and counts each round's tables anew.
"""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from unittest import mock

from flask_migrate import upgrade

from app import clock, create_app
from app.accounts.actor import ADMIN, COORDINATOR, Actor, Scope
from app.db import db
from app.errors import DomainError
from app.events.models import Event
from app.files import FileStore
from app.mail.models import Mail
from app.people.importing import Plan
from app.people.models import Person
from app.signups.answers import Answers
from app.signups.approving import approve, expire_approvals, refuse
from app.signups.cancelling import cancel_signup
from app.signups.consenting import free_unconsented, give_consent
from app.signups.hr_files import apply_hr_file
from app.signups.institution_roster import change_row, name_person, remove_row
from app.signups.institution_seating import Entry
from app.signups.inviting import invite_institution
from app.signups.models import STANDING, Approval, InvitationContact, Offer, Place, SignUp
from app.signups.offering import accept_offer, decline_offer, expire_offers
from app.signups.row_versions import version_of
from app.signups.signing_up import sign_up
from bench.server import served
from tests import factories
from tests.bursts import environ_of
from tests.clicks import click_together
from tests.signups.inviting import BORN, DIRECTOR, TEACHER, voice
from tests.signups.parties import link, offered, party
from tests.signups.recount import recount

# Eleven o'clock in Balkhash, a week before.
DAY = factories.SATURDAY - timedelta(days=7) + timedelta(hours=2)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ROUNDS = 8
Facts = dict[str, Any]


@dataclass(frozen=True)
class Race:
    """What is set up, what each side does with it, and what must be true afterwards of what they answered."""

    stage: Callable[[], list[Facts]]
    sides: Sequence[Callable[[Facts], object]]
    check: Callable[[Facts, list[str]], None]


def race(name: str, folder: Path, database_url: str | None = None) -> None:
    """Runs it; every promise is asserted from the tables."""
    one, environ = RACES[name], environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
        rounds = one.stage()
        db.session.remove()
        db.engine.dispose()
    answers = _run(name, environ, rounds)
    with app.app_context():
        for number, facts in enumerate(rounds):
            db.session.rollback()
            one.check(facts, [said[number] for said in answers])
        db.session.remove()
        db.engine.dispose()


def _run(name: str, environ: dict[str, str], rounds: list[Facts]) -> list[list[str]]:
    """What each side answered in each round: "done", or the type of the refusal."""
    context = multiprocessing.get_context("spawn")
    sides = len(RACES[name].sides)
    barrier, results = context.Barrier(sides), context.Queue()
    workers = [
        context.Process(target=_take_part, args=(name, environ, side, rounds, barrier, results))
        for side in range(sides)
    ]
    for worker in workers:
        worker.start()
    answers = dict(results.get(timeout=120) for _ in workers)
    for worker in workers:
        worker.join()
    assert all(isinstance(said, list) for said in answers.values()), answers
    return [answers[side] for side in range(sides)]


def _take_part(
    name: str, environ: dict[str, str], side: int, rounds: list[Facts], barrier: Barrier, results: Any
) -> None:
    os.environ.update(environ)
    try:
        app, said = create_app(), []
        with app.app_context():
            for facts in rounds:
                db.session.remove()
                barrier.wait(60)
                try:
                    RACES[name].sides[side](facts)
                    said.append("done")
                except DomainError as error:
                    said.append(error.type)
            db.session.remove()
            db.engine.dispose()
        results.put((side, said))
    except BaseException as error:
        barrier.abort()
        results.put((side, repr(error)[:3000]))


# Consent given, while the deadline frees the seat.


def _owing_children() -> list[Facts]:
    factories.consent_texts()
    ground = _ground()
    return [_owing_child(factories.event(audience="families", capacity=1, **ground), n) for n in range(ROUNDS)]


def _owing_child(event: Event, number: int) -> Facts:
    now = DAY - timedelta(days=4) + number * MINUTE
    father, mother, omar = (factories.employee(f"{name}{number}") for name in ("Нұрлан", "Әлия", "Омар"))
    dina = factories.child(father)
    factories.second_guardian(dina, mother)
    signup = sign_up(
        event.id,
        [dina.id],
        leader_id=father.id,
        now=now,
        actor=_acting(father),
        answers=Answers(consent_may_follow=True),
    )
    sign_up(event.id, [omar.id], leader_id=omar.id, now=now, actor=_acting(omar))
    place = signup.places[0]
    return {
        "event": event.id, "place": place.id, "due": place.consent_due_at, "omar": omar.id,
        "guardians": [father.id, mother.id],
    }  # fmt: skip


def _agree(guardian: int) -> Callable[[Facts], object]:
    def agree(facts: Facts) -> None:
        person = db.session.get_one(Person, facts["guardians"][guardian])
        place = db.session.get_one(Place, facts["place"])
        give_consent(place, now=facts["due"] - SECOND, actor=_acting(person))

    return agree


def _free(facts: Facts) -> None:
    while free_unconsented(now=facts["due"]):
        pass


def _consent_or_seat(facts: Facts, said: list[str]) -> None:
    agreed = "done" in said[:2]
    place, omar = db.session.get_one(Place, facts["place"]), _place_of(facts, "omar")
    assert set(said[:2]) <= {"done", "already-cancelled"}, said
    assert (place.status, omar.status) == (("confirmed", "waiting") if agreed else ("cancelled", "confirmed"))
    assert place.consent_due_at is None
    _recounted(facts)


# An approval, a refusal and the deadline.


def _held_seats() -> list[Facts]:
    aigul, ground, rounds = factories.coordinator(), _ground(), []
    for number in range(ROUNDS):
        now = DAY - timedelta(days=3) + number * MINUTE
        event = factories.event(capacity=1, approval="coordinator", coordinator_id=aigul.id, **ground)
        nurlan, omar = factories.employee(f"Нұрлан{number}"), factories.employee(f"Омар{number}")
        for person in (nurlan, omar):
            sign_up(event.id, [person.id], leader_id=person.id, now=now, actor=_acting(person))
        (approval,) = db.session.query(Approval).join(SignUp).filter(SignUp.event_id == event.id)
        rounds.append(
            {"event": event.id, "approval": approval.id, "due": approval.due_at, "aigul": aigul.id}
            | {"nurlan": nurlan.id, "omar": omar.id}
        )
    return rounds


def _approve(facts: Facts) -> None:
    approve(facts["approval"], now=facts["due"] - SECOND, actor=_asked(facts), by=facts["aigul"])


def _refuse(facts: Facts) -> None:
    refuse(facts["approval"], now=facts["due"] - SECOND, actor=_asked(facts), by=facts["aigul"])


def _expire(facts: Facts) -> None:
    while expire_approvals(now=facts["due"]):
        pass


def _asked(facts: Facts) -> Actor:
    return Actor(person_id=facts["aigul"], scopes=(Scope(COORDINATOR, "balkhash"),))


def _answered_once(facts: Facts, said: list[str]) -> None:
    approval = db.session.get_one(Approval, facts["approval"])
    assert said[:2].count("done") <= 1, "answered twice"
    outcome = "approved" if said[0] == "done" else "refused" if said[1] == "done" else "expired"
    assert approval.answer == outcome
    nurlan, omar = _place_of(facts, "nurlan"), _place_of(facts, "omar")
    stays = outcome == "approved"
    assert (nurlan.status, omar.status) == (("confirmed", "waiting") if stays else ("declined", "offered"))
    asked = db.session.query(Approval).join(SignUp).filter(SignUp.event_id == facts["event"]).count()
    assert asked == (1 if stays else 2), "Omar's seat is asked about once"
    _recounted(facts)


# An offer is accepted, declined, cancelled and run out at once.


def _open_offers() -> list[Facts]:
    ground, rounds = _ground(), []
    for number in range(ROUNDS):
        now = DAY + number * MINUTE
        event = factories.event(capacity=1, promotion="offer", **ground)
        people = [factories.employee(f"{name}{number}") for name in ("Бірінші", "Дана", "Омар")]
        first, second, _ = [
            sign_up(event.id, [one.id], leader_id=one.id, now=now, actor=_acting(one)) for one in people
        ]
        cancel_signup(first, now=now, actor=_acting(people[0]))
        offer = db.session.query(Offer).filter_by(signup_id=second.id).one()
        facts = {"event": event.id, "offer": offer.id, "signup": second.id, "now": now, "due": offer.expires_at}
        rounds.append(facts | {"dana": people[1].id, "omar": people[2].id})
    return rounds


def _accept(facts: Facts) -> None:
    accept_offer(facts["offer"], now=facts["now"], actor=_dana(facts))


def _decline(facts: Facts) -> None:
    decline_offer(facts["offer"], now=facts["now"], actor=_dana(facts))


def _cancel(facts: Facts) -> None:
    cancel_signup(db.session.get_one(SignUp, facts["signup"]), now=facts["now"], actor=_dana(facts))


def _run_out(facts: Facts) -> None:
    while expire_offers(now=facts["due"]):
        pass


def _dana(facts: Facts) -> Actor:
    return _acting(db.session.get_one(Person, facts["dana"]))


def _offer_answered_once(facts: Facts, said: list[str]) -> None:
    offer = db.session.get_one(Offer, facts["offer"])
    assert said[:3].count("done") <= (2 if said[0] == "done" else 1), said
    assert (offer.answer == "accepted") == (said[0] == "done")
    dana, omar = _place_of(facts, "dana"), _place_of(facts, "omar")
    keeps = said[0] == "done" and said[2] != "done"
    assert (dana.status == "confirmed") == keeps
    # His own offer may have run out too, since the clock of one side is two hours ahead.
    assert omar.status in (("waiting",) if keeps else ("offered", "declined"))
    offers = db.session.query(Offer).filter_by(signup_id=omar.signup_id).count()
    assert offers == (0 if keeps else 1), "the seat went on, once"
    told = db.session.query(Mail).filter_by(event_id=facts["event"], person_id=facts["dana"], status="queued")
    letters = {mail.template for mail in told}
    assert ("signups/confirmed" in letters) == keeps, "who left gets no confirmation, who stays gets one"
    _recounted(facts)


# Two contacts of one school.


def _lists() -> list[Facts]:
    factories.consent_texts()
    aigul, ground = factories.coordinator(email="aigul@torangy.example"), _ground()
    rounds = []
    for number in range(ROUNDS):
        event = factories.event(audience="institution", kind="excursion", coordinator_id=aigul.id, **ground)
        actor = Actor(account_id=factories.account(aigul).id, person_id=aigul.id, scopes=(Scope(ADMIN),))
        invitation = invite_institution(
            event, factories.institution(f"school-{number}"), contacts=[DIRECTOR, TEACHER], seats=2,
            names_due_at=DAY + timedelta(days=4), now=DAY, actor=actor,
        )  # fmt: skip
        contacts = db.session.query(InvitationContact).filter_by(invitation_id=invitation.id)
        one, other = contacts.order_by(InvitationContact.email)
        place = name_person(one, Entry("Сейітқали", "Дина", birth_date=BORN), now=DAY, actor=voice(one))
        deed = ("name", "change", "remove")[number % 3]
        rounds.append(
            {"event": event.id, "contacts": [one.id, other.id], "deed": deed, "place": place.id}
            | {"version": version_of(place)}
        )
    return rounds


def _contact(side: int) -> Callable[[Facts], object]:
    def write(facts: Facts) -> None:
        contact = db.session.get_one(InvitationContact, facts["contacts"][side])
        seen = {"version": facts["version"], "now": DAY, "actor": voice(contact)}
        if facts["deed"] == "name":
            name_person(contact, Entry("Сейітқали", f"Арман{side}", birth_date=BORN), now=DAY, actor=voice(contact))
        elif facts["deed"] == "change":
            change_row(contact, facts["place"], {"given_name": f"Дина{side}"}, **seen)
        else:
            remove_row(contact, facts["place"], **seen)

    return write


def _one_was_faster(facts: Facts, said: list[str]) -> None:
    assert said.count("done") == 1, (facts["deed"], said)
    slower = {"name": {"full"}, "change": {"row-changed"}, "remove": {"row-gone"}}
    assert {*said} - {"done"} <= slower[facts["deed"]], said
    db.session.expire_all()
    event = db.session.get_one(Event, facts["event"])
    assert event.seats_taken == {"name": 2, "change": 1, "remove": 0}[facts["deed"]]
    if facts["deed"] == "change":
        assert db.session.get_one(Place, facts["place"]).person.given_name == f"Дина{said.index('done')}"
    recount(event, letters=False)


# Somebody leaves the company by an HR file, and signs up.


def _leavers() -> list[Facts]:
    ground, boss, rounds = _ground(), factories.admin(), []
    omar = [factories.employee(f"Омар{number}") for number in range(ROUNDS)]
    leavers = [factories.employee(f"Кетуші{number}") for number in range(ROUNDS)]
    for person in (*omar, *leavers):
        factories.account(person)
    for number in range(ROUNDS):
        event = factories.event(capacity=1, starts_at=factories.SATURDAY + timedelta(days=number), **ground)
        staying = [*omar, boss, *leavers[number + 1 :]]
        rows = [f"{one.personnel_number};{one.surname};{one.given_name}" for one in staying]
        file = "\n".join(["Табельный номер;Фамилия;Имя", *rows])
        rounds.append(
            {"event": event.id, "leaver": leavers[number].id, "omar": omar[number].id, "boss": boss.id, "file": file}
        )
    return rounds


def _leave(facts: Facts) -> None:
    boss = db.session.get_one(Person, facts["boss"])
    actor = Actor(account_id=factories.account(boss).id, person_id=boss.id, scopes=(Scope(ADMIN),))
    plan = Plan(kind="employees", city="balkhash", is_complete=True)
    store = FileStore(Path(os.environ["TORANGY_INSTANCE"]) / "uploads")
    apply_hr_file("people.csv", facts["file"].encode(), plan, store=store, now=DAY, actor=actor)


def _come(who: str) -> Callable[[Facts], object]:
    def come(facts: Facts) -> None:
        person = db.session.get_one(Person, facts[who])
        sign_up(facts["event"], [person.id], leader_id=person.id, now=DAY, actor=_acting(person))

    return come


def _leaver_has_no_seat(facts: Facts, said: list[str]) -> None:
    assert said[0] == said[2] == "done", said
    assert db.session.get_one(Person, facts["leaver"]).deactivated_at is not None
    standing = db.session.query(Place).filter(Place.person_id == facts["leaver"], Place.status.in_(STANDING))
    assert standing.count() == 0, "who left has a place"
    assert _place_of(facts, "omar").status == "confirmed"
    letters = db.session.query(Mail).filter_by(event_id=facts["event"], person_id=facts["leaver"], status="queued")
    assert letters.count() == 0, "who left is written to"
    _recounted(facts)


def _ground() -> Facts:
    return {"site": factories.site(), "programme": factories.programme()}


def _acting(person: Person) -> Actor:
    return Actor(account_id=factories.account(person).id, person_id=person.id, name=person.short_name)


def _place_of(facts: Facts, who: str) -> Place:
    return db.session.query(Place).filter_by(event_id=facts["event"], person_id=facts[who]).one()


def _recounted(facts: Facts) -> None:
    event = db.session.get_one(Event, facts["event"])
    recount(event)
    assert not event.people_waiting or event.seats_free == 0, "a seat is idle while somebody waits"


RACES = {
    "consent": Race(_owing_children, (_agree(0), _agree(1), _free), _consent_or_seat),
    "approval": Race(_held_seats, (_approve, _refuse, _expire), _answered_once),
    "offer": Race(_open_offers, (_accept, _decline, _cancel, _run_out), _offer_answered_once),
    "school": Race(_lists, (_contact(0), _contact(1)), _one_was_faster),
    "leaver": Race(_leavers, (_leave, _come("leaver"), _come("omar")), _leaver_has_no_seat),
}


def offers_clicked_together(folder: Path, database_url: str | None = None, *, offers: int = 3) -> None:
    """Eight processes with the letters of both parents click "take the seat" at once, over HTTP at a served app."""
    environ = environ_of(folder, database_url)
    with mock.patch.dict(os.environ, environ):
        app = create_app()
    with app.app_context():
        upgrade()
        clicks = [_both_parents_links(**_ground()) for _ in range(offers)]
        db.session.remove()
        db.engine.dispose()
    with served(environ) as port:
        statuses = [click_together(port, links * 4, "/acceptance") for _, links in clicks]
    assert statuses == [[303] + [409] * 7] * offers, "exactly one of eight takes the seats"
    with app.app_context():
        for offer_id, _ in clicks:
            _taken_once(db.session.get_one(Offer, offer_id))
        db.session.remove()
        db.engine.dispose()


def _both_parents_links(**ground: Any) -> tuple[str, list[str]]:
    father, mother, omar = (factories.employee(name) for name in ("Нұрлан", "Әлия", "Омар"))
    dina = factories.child(father)
    factories.second_guardian(dina, mother)
    event = factories.event(audience="families", capacity=2, **ground)
    offer = offered(event, father, dina, until=clock.now() + timedelta(hours=2))
    party(event, omar)
    return offer.id, [link("offer", parent) for parent in (father, mother)]


def _taken_once(offer: Offer) -> None:
    event = offer.signup.event
    assert (offer.answer, event.seats_taken, event.people_waiting) == ("accepted", 2, 1)
    assert [place.status for place in offer.signup.places] == ["confirmed", "confirmed"]
    letters = db.session.query(Mail).filter_by(event_id=event.id, template="signups/confirmed")
    assert letters.count() == 2, "one letter a parent"
    recount(event)
