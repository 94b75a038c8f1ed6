"""Which questions are shown, what is missing, what is kept: the pure part, with properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.signups.asked import Asked, Option, faults, kept, wanted

PEOPLE = ("dina", "nurlan")
BUS = Asked("bus", "choice", {"en": "Bus?"}, (Option("big", seats=2), Option("small")), is_required=True)
STOP = Asked("stop", "text", is_required=True, shown_if_id="bus", shown_if_answer="big")
SPADE = Asked("spade", "yes-no", is_per_person=True)
LENGTH = Asked("length", "size", is_per_person=True, is_required=True, shown_if_id="spade", shown_if_answer="yes")


def why(questions, said):
    return [(fault.question.id, fault.person_id, fault.why) for fault in faults(questions, PEOPLE, said)]


def test_a_required_question_must_be_answered_once_for_the_party():
    assert why([BUS], {}) == [("bus", "", "missing")]
    assert why([BUS], {("bus", ""): "  "}) == [("bus", "", "missing")]
    assert why([BUS], {("bus", ""): "small"}) == []


def test_a_question_of_each_person_is_asked_of_each():
    assert why([LENGTH, SPADE], {}) == [], "its condition stands later, so it is never shown"
    said = {("spade", "dina"): "yes", ("spade", "nurlan"): "no"}
    assert why([SPADE, LENGTH], said) == [("length", "dina", "missing")]


def test_a_question_that_is_not_shown_is_not_required_and_not_kept():
    said = {("bus", ""): "small", ("stop", ""): "by the sea"}
    assert why([BUS, STOP], said) == []
    assert kept([BUS, STOP], PEOPLE, said) == {("bus", ""): "small"}


def test_what_is_asked_of_a_person_may_hang_on_the_party():
    each = Asked("seat", "yes-no", is_per_person=True, is_required=True, shown_if_id="bus", shown_if_answer="big")
    assert why([BUS, each], {("bus", ""): "big"}) == [("seat", "dina", "missing"), ("seat", "nurlan", "missing")]


@pytest.mark.parametrize(
    ("question", "value"),
    [(BUS, "boat"), (SPADE, "maybe"), (Asked("s", "size"), "XXS"), (Asked("s", "size"), "x" * 2000)],
)
def test_an_answer_that_there_is_not_is_unknown(question, value):
    person = "dina" if question.is_per_person else ""
    assert why([question], {(question.id, person): value}) == [(question.id, person, "unknown")]


def test_words_have_their_length():
    words = Asked("w", "text")
    assert why([words], {("w", ""): "а" * 1000}) == []
    assert why([words], {("w", ""): "а" * 1001}) == [("w", "", "too-long")]


def test_a_choice_of_the_party_takes_a_seat_for_each_of_it():
    assert wanted([BUS], PEOPLE, {("bus", ""): "big"}) == {("bus", "big"): 2}
    each = Asked("walk", "choice", options=BUS.options, is_per_person=True)
    assert wanted([each], PEOPLE, {("walk", "dina"): "big"}) == {("walk", "big"): 1}


ids = st.sampled_from([f"q{number}" for number in range(6)])
answers = st.sampled_from(["", "yes", "no", "maybe"])


@st.composite
def questionnaires(draw):
    """Up to six yes-no questions, any of which may hang on any other, and answers of anybody to anything."""
    names = draw(st.permutations([f"q{number}" for number in range(draw(st.integers(0, 6)))]))
    questions = [
        Asked(
            name,
            "yes-no",
            is_per_person=draw(st.booleans()),
            is_required=draw(st.booleans()),
            shown_if_id=draw(st.none() | ids),
            shown_if_answer=draw(st.sampled_from(["yes", "no"])),
        )
        for name in names
    ]
    said = draw(st.dictionaries(st.tuples(ids, st.sampled_from(["", "dina", "nurlan", "stan"])), answers))
    return questions, said


def is_shown(questions, said, index, person):
    """The rule as one would say it: no condition, or an earlier question that is shown and got the answer."""
    question = questions[index]
    if question.shown_if_id is None:
        return True
    for earlier in range(index):
        parent = questions[earlier]
        if parent.id == question.shown_if_id and (person or not parent.is_per_person):
            by = person if parent.is_per_person else ""
            right = said.get((parent.id, by)) == question.shown_if_answer
            return right and is_shown(questions, said, earlier, by)
    return False


@given(questionnaires())
@pytest.mark.full
def test_faults_and_kept_follow_the_rule_as_one_would_say_it(drawn):
    questions, said = drawn
    missing, unknown, worth = [], [], {}
    for index, question in enumerate(questions):
        for person in PEOPLE if question.is_per_person else ("",):
            if not is_shown(questions, said, index, person):
                continue
            value = said.get((question.id, person), "")
            if value:
                worth[question.id, person] = value
            if value not in ("", "yes", "no"):
                unknown.append((question.id, person, "unknown"))
            elif not value and question.is_required:
                missing.append((question.id, person, "missing"))
    assert sorted(why(questions, said)) == sorted(missing + unknown)
    assert kept(questions, PEOPLE, said) == worth


@given(questionnaires())
@pytest.mark.full
def test_answers_of_those_who_do_not_go_count_for_nothing(drawn):
    questions, said = drawn
    without = {key: value for key, value in said.items() if key[1] != "stan"}
    assert kept(questions, PEOPLE, said) == kept(questions, PEOPLE, without)
    assert why(questions, said) == why(questions, without)
