"""The survey: one answer for each place, changeable until it ends, and nobody is found in what is shown."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect

from app.accounts.actor import Actor, Scope
from app.audit.models import AuditEntry
from app.db import db
from app.errors import Invalid, NotAllowed
from app.events.models import Event
from app.impact.thanks.errors import NoCertificate, SurveyNotOpen, SurveyOver
from app.impact.thanks.models import CHOICES, SurveyAnswer, SurveyBallot, Thanks
from app.impact.thanks.operations import choose_thanks
from app.impact.thanks.queries import tallies_of
from app.impact.thanks.small_numbers import LEAST, Tally, shown, summed
from app.impact.thanks.survey import answer_of, answer_survey, answered, ballot_of, end_survey
from app.signups.models import Place
from tests import factories
from tests.impact.thanks.days import CLOSED, DUE, came, closed, was_absent, work

AIGUL = Actor(account_id=None, scopes=(Scope("coordinator"),))
OVER = CLOSED + timedelta(days=14)
database = pytest.mark.usefixtures("app")


def asked(people: int = 1, **fields: object) -> tuple[Event, list[Place]]:
    """An event whose day is closed, and the places of those who came."""
    event = factories.event(**fields)
    places = [came(event, factories.employee()) for _ in range(people)]
    closed(event)
    work(CLOSED)
    return event, places


def say(place: Place, scale: int = 5, choice: str = "nothing", word: str = "") -> bool:
    return answer_survey(place, scale=scale, choice=choice, word=word, now=DUE)


@database
def test_an_answer_can_be_changed_and_counts_once() -> None:
    _event, (place,) = asked()
    assert answer_of(place) is None and answered([place.id]) == set()
    assert say(place, 2, "food", "  Су   аз болды ") is True
    assert say(place, 4, "time") is False
    (row,) = db.session.query(SurveyAnswer)
    assert (row.scale, row.choice, row.word) == (4, "time", "")
    assert answered([place.id]) == {place.id} and db.session.query(SurveyBallot).count() == 1


@database
def test_what_is_stored_names_neither_person_nor_moment() -> None:
    event, (place,) = asked()
    say(place, word="Рахмет")
    kept = {column.key for column in inspect(SurveyAnswer).columns}
    assert kept == {"id", "event_id", "scale", "choice", "word"}
    assert {column.key for column in inspect(SurveyBallot).columns} == {"token", "event_id"}
    (row,) = db.session.query(SurveyAnswer)
    for known in (place.id, place.person_id, place.ticket, place.signup_id):
        assert known not in row.id and known not in ballot_of(place.id)
    assert row.id != ballot_of(place.id), "the spent token does not lead to the answer"
    assert db.session.query(AuditEntry).count() == 0, "the log does not say who answered"
    assert event.id == row.event_id


@database
def test_once_it_ended_not_even_the_key_finds_an_answer() -> None:
    event, places = asked(8)
    for number, place in enumerate(places):
        say(place, 1 + number % 5, word=str(number))
    before = {row.id for row in db.session.query(SurveyAnswer)}
    order = [row.word for row in db.session.query(SurveyAnswer)]
    work(OVER)
    after = db.session.query(SurveyAnswer).all()
    assert len(after) == 8 and not before & {row.id for row in after}
    assert sorted(row.word for row in after) == sorted(order)
    assert all(answer_of(place) is None for place in places)
    assert answered([place.id for place in places]) == {place.id for place in places}
    with pytest.raises(SurveyOver):
        answer_survey(places[0], scale=1, choice="food", now=OVER)
    assert db.session.get_one(Thanks, event.id).survey_ended_at == OVER


@database
def test_its_time_is_over_though_no_worker_ended_it_yet() -> None:
    _event, (place,) = asked()
    with pytest.raises(SurveyOver):
        answer_survey(place, scale=5, choice="nothing", now=OVER)


@database
@pytest.mark.parametrize("said", [{"scale": 6}, {"scale": 0}, {"choice": "x"}, {"word": "а" * 201}])
def test_what_is_no_answer_is_refused(said: dict[str, object]) -> None:
    _event, (place,) = asked()
    with pytest.raises(Invalid):
        answer_survey(place, **({"scale": 5, "choice": "nothing", "now": DUE} | said))  # type: ignore[arg-type]
    assert db.session.query(SurveyAnswer).count() == 0


@database
def test_who_was_absent_is_not_asked() -> None:
    _event, (place,) = asked()
    was_absent(place, at=CLOSED)
    with pytest.raises(NoCertificate):
        say(place)


@database
def test_a_coordinator_switches_it_off_and_on() -> None:
    event, (place,) = asked()
    choose_thanks(event, letters=True, survey=False, now=DUE, actor=AIGUL)
    with pytest.raises(SurveyOver):
        say(place)
    choose_thanks(event, letters=True, survey=True, now=DUE, actor=AIGUL)
    assert say(place)
    with pytest.raises(NotAllowed):
        choose_thanks(event, letters=True, survey=False, now=DUE, actor=Actor())


@database
def test_a_coordinator_ends_it_early_and_for_good() -> None:
    event, (place,) = asked()
    say(place)
    with pytest.raises(NotAllowed):
        end_survey(event, now=DUE, actor=Actor())
    end_survey(event, now=DUE, actor=AIGUL)
    for again in (lambda: say(place), lambda: end_survey(event, now=DUE, actor=AIGUL)):
        with pytest.raises((SurveyOver, SurveyNotOpen)):
            again()
    with pytest.raises(SurveyOver):
        choose_thanks(event, letters=True, survey=False, now=DUE, actor=AIGUL)


@database
def test_results_are_shown_after_the_end_from_five_answers_on() -> None:
    programme = factories.programme()
    few, (*those,) = asked(4, programme=programme)
    many, (*these,) = asked(5, programme=programme)
    for place in (*those, *these):
        say(place, 4)
    assert tallies_of(programme.id) == [], "while it runs one more answer would show whose it is"
    for event in (few, many):
        end_survey(event, now=DUE, actor=AIGUL)
    (found,) = tallies_of(programme.id)
    assert (found.event.id, found.tally.answers, float(found.tally.mean)) == (many.id, 5, 4.0)


counts = st.dictionaries(st.sampled_from((1, 2, 3, 4, 5)), st.integers(0, 7))
events = st.lists(counts, max_size=8).map(
    lambda all_: [Tally(str(number), scale, {}) for number, scale in enumerate(all_)]
)


@pytest.mark.full
@given(events, st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)))
def test_no_two_filters_differ_by_fewer_than_five_answers(
    tallies: list[Tally], first: set[int], second: set[int]
) -> None:
    sums = [_kept(tallies, kept) for kept in (first, second, first & second)]
    for a in sums:
        assert a.answers == 0 or a.answers >= LEAST
    both = sums[2].answers
    for whole in sums[:2]:
        assert whole.answers == both or whole.answers - both >= LEAST
    everything = summed(tallies)
    alone = [one.answers for one in shown(tallies)]
    assert everything.answers == sum(alone), "the whole less the shown parts says nothing about a part not shown"


def _kept(tallies: list[Tally], kept: set[int]) -> Tally:
    return summed(tallies, lambda one: int(one.event_id) in kept)


def test_every_choice_has_words(app: Flask) -> None:
    from app.impact.thanks.words import CHOICE_NAMES, SCALE_NAMES

    assert set(CHOICE_NAMES) == set(CHOICES) and sorted(SCALE_NAMES) == [1, 2, 3, 4, 5]
