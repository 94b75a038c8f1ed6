"""The same plan on another day: everything of it, and nobody who signed up."""

from datetime import date, time, timedelta

import pytest

from app.db import db, transaction
from app.errors import Invalid, NotAllowed
from app.events.checklists import add_items, checklist_of, tick_item
from app.events.cloning import clone_event
from app.events.models import Question, Shift, Stop
from app.events.questions import asked_questions
from app.events.trip_models import Host
from app.gifts.models import EventGift, GiftItem
from app.mail.models import Mail
from app.rosters.duty_models import Need, Section
from app.rosters.models import Bus, BusStop
from app.signups.models import Place
from tests import factories
from tests.events.drafting import NOW, coordinating

IN_JUNE = date(2030, 6, 15)


@pytest.fixture
def aigul(app):
    return coordinating(factories.coordinator())


@pytest.fixture
def planned(app, aigul):
    """An event with a stop, a shift, questions of which one hangs on another, a gift, a ticked list, and Nurlan."""
    event = factories.event(transport="bus", asks_size=True, cancel_closes_at=factories.SATURDAY - timedelta(days=2))
    start = event.starts_at
    factories.saved(Stop(event_id=event.id, position=1, title={"kk": "Зауыт"}, arrives_at=start))
    factories.saved(Shift(event_id=event.id, name={"kk": "Таң"}, starts_at=start, ends_at=event.ends_at))
    then = factories.LONG_AGO
    first = factories.saved(Question(event_id=event.id, position=1, kind="yes-no", label={"en": "A?"}, created_at=then))
    hangs = {"shown_if_id": first.id, "shown_if_answer": "yes"}
    factories.saved(Question(event_id=event.id, position=2, kind="text", label={"en": "B?"}, created_at=then, **hangs))
    factories.saved(
        Question(event_id=event.id, position=3, kind="text", label={"en": "C?"}, created_at=then, deactivated_at=then)
    )
    cap = factories.saved(GiftItem(slug="cap", name={"en": "Cap"}, created_at=then))
    factories.saved(EventGift(event_id=event.id, item_id=cap.id))
    with transaction():
        item = add_items(event, [(5, {"en": "Bags"})], now=NOW)[0]
    tick_item(item, now=NOW, actor=aigul)
    factories.place(event, factories.employee())
    return event


def test_a_clone_is_a_draft_with_the_whole_plan_on_the_new_day_and_sends_nothing(planned, aigul):
    clone = clone_event(planned, IN_JUNE, now=NOW, actor=aigul)
    days = timedelta(days=28)
    assert (clone.status, clone.local_date, clone.series_id) == ("draft", IN_JUNE, None)
    assert (clone.starts_at, clone.cancel_closes_at) == (planned.starts_at + days, planned.cancel_closes_at + days)
    assert (clone.transport, clone.asks_size, clone.title) == ("bus", True, planned.title)
    assert [stop.arrives_at for stop in clone.stops] == [planned.starts_at + days]
    assert db.session.query(Shift).filter_by(event_id=clone.id).one().starts_at == planned.starts_at + days
    first, second = asked_questions(clone.id)
    assert (second.shown_if_id, second.event_id) == (first.id, clone.id)
    assert db.session.query(Question).filter_by(event_id=clone.id).count() == 2, "what is asked no more stays behind"
    assert db.session.query(EventGift).filter_by(event_id=clone.id).count() == 1
    (item,) = checklist_of(clone.id)
    assert (item.done_at, item.done_by_id, item.due_on) == (None, None, IN_JUNE - timedelta(days=5))
    assert db.session.query(Place).filter_by(event_id=clone.id).count() == 0
    assert (clone.seats_taken, clone.last_queue_number, db.session.query(Mail).count()) == (0, 0, 0)


def test_sections_needs_hosts_and_buses_come_along_but_not_who_answered_or_drove(planned, aigul):
    shift, stop = (db.session.query(of).filter_by(event_id=planned.id).one() for of in (Shift, Stop))
    section = factories.saved(Section(event_id=planned.id, position=1, name={"kk": "Батыс"}))
    need = {"role": "driver", "minimum": 1, "maximum": 2, "shift_id": shift.id, "section_id": section.id}
    factories.saved(Need(event_id=planned.id, position=1, **need))
    host = {"kind": "host", "name": "Қуаныш", "email": "host@torangy.example", "created_at": NOW, "stop_id": stop.id}
    asked = {"invited_at": NOW, "asked_for_at": NOW, "confirmed_at": NOW, "link_number": 7}
    factories.saved(Host(event_id=planned.id, **host, **asked))
    bus = factories.saved(Bus(event_id=planned.id, name="1", seats=50, plate="123 ABC 09"))
    factories.saved(BusStop(bus_id=bus.id, direction="out", position=1, place={"kk": "Алаң"}, leaves_at=time(8, 10)))
    clone = clone_event(planned, IN_JUNE, now=NOW, actor=aigul)
    (need,), (host,), (bus,) = (db.session.query(of).filter_by(event_id=clone.id).all() for of in (Need, Host, Bus))
    assert db.session.get_one(Section, need.section_id).event_id == clone.id
    assert db.session.get_one(Shift, need.shift_id).event_id == clone.id
    assert db.session.get_one(Stop, host.stop_id).event_id == clone.id
    assert (host.state, host.link_number, bus.seats, bus.plate) == ("new", 1, 50, "")
    assert db.session.query(BusStop).filter_by(bus_id=bus.id).one().leaves_at == time(8, 10)


def test_what_was_cloned_stays_as_it_was(planned, aigul):
    clone_event(planned, IN_JUNE, now=NOW, actor=aigul)
    assert (planned.status, planned.seats_taken, len(planned.stops)) == ("published", 1, 1)
    assert len(asked_questions(planned.id)) == 2


def test_a_clone_of_a_summer_before_march_2024_keeps_its_time_of_day(app, aigul):
    long_ago = factories.SATURDAY.replace(year=2023, hour=3)
    old = factories.event(starts_at=long_ago, status="completed", signup_opens_at=None)
    clone = clone_event(old, date(2030, 5, 18), now=NOW, actor=aigul)
    assert clone.starts_at == factories.SATURDAY, "09:00 on the wall, then at UTC+6, now at UTC+5"


def test_without_a_day_it_is_the_same_weekday_two_weeks_ahead(planned, aigul):
    assert clone_event(planned, now=NOW, actor=aigul).local_date == date(2030, 5, 18)


def test_a_day_that_can_not_be_and_another_city_are_refused(planned, aigul):
    with pytest.raises(Invalid):
        clone_event(planned, date(9000, 1, 1), now=NOW, actor=aigul)
    zhan = coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")
    with pytest.raises(NotAllowed):
        clone_event(planned, IN_JUNE, now=NOW, actor=zhan)


@pytest.mark.full
def test_the_page_clones_and_strangers_find_no_door(planned, log_in, client):
    page = log_in(factories.coordinator(language="en"))
    answer = page.post(f"/events/{planned.id}/clone", data={"day": "15.06.2030"})
    assert answer.status_code == 303
    assert answer.location != f"/events/{planned.id}"
    assert "This is a draft." in page.get(answer.location).text
    assert client.get(f"/events/{planned.id}/clone").status_code == 303
    assert log_in(factories.employee()).post(f"/events/{planned.id}/clone").status_code == 403
