"""The sheet "who is going": people in their order of preference, sizes, consents, answers to questions.

Names of the fields, so that every part of the sheet writes the same: `people`, `consents`, `photos`, `keep_medical`
and `despite` are ids (or words) as ticked; `sizes` and `diets` are "<person>:<value>"; health is
`medical-<person>`, a question's answer `question-<question>` for the party and `question-<question>-<person>` for one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField

from app.accounts.actor import Actor
from app.events.models import Event
from app.gifts.queries import gifts_of, unusual_sizes
from app.people.brigade_queries import brigades_led_by, members_of
from app.people.values import SIZES
from app.signups.answers import Answers
from app.signups.reanswering import NewAnswers
from app.web.forms import BaseForm


class PostedSheet:
    """Ids of people as ticked, from top to bottom, and what was said beside the names.

    Every field is a list of words that the operation asks about anyway: fields of a form would check nothing in the
    busiest sheet of all, and cost more than the reading.
    """

    def __init__(self, written: MultiDict[str, str]) -> None:
        self._written = written
        self.people = written.getlist("people")
        self.accept_fewer = bool(written.get("accept_fewer"))

    def answers(self, event_id: str, *, no_shows: Mapping[str, int] | None = None) -> Answers:
        """What was said beside the names."""
        written = self._written
        sizes = _pairs(written.getlist("sizes"))
        return Answers(
            sizes=sizes,
            unusual_sizes=unusual_sizes(event_id, sizes.values()),
            diets=_pairs(written.getlist("diets")),
            medical=_medical(written),
            keep_medical=frozenset(written.getlist("keep_medical")),
            consents=frozenset(written.getlist("consents")),
            photos=frozenset(written.getlist("photos")),
            questions=_questions(written),
            despite=frozenset(written.getlist("despite")),
            no_shows={} if no_shows is None else no_shows,
        )


class AnswersForm(BaseForm):
    """What was said beside the names, said anew. A field that is there and empty takes its answer back."""

    class Meta(BaseForm.Meta):
        """The token was checked before the view."""

        csrf = False

    sizes = SelectMultipleField(validate_choice=False)
    diets = SelectMultipleField(validate_choice=False)
    keep_medical = SelectMultipleField(validate_choice=False)

    def answers(self, event_id: str, written: Mapping[str, str]) -> NewAnswers:
        """`written` are the fields as they came, for those named after a person."""
        sizes = _pairs(self.sizes.data)
        notes = {name.removeprefix("medical-"): text for name, text in written.items() if name[:8] == "medical-"}
        return NewAnswers(
            sizes=sizes,
            unusual_sizes=unusual_sizes(event_id, sizes.values()),
            diets=_pairs(self.diets.data),
            medical=notes,
            keep_medical=frozenset(self.keep_medical.data or []),
            questions=answered(written),
        )


def without_consents(answers: Answers) -> Answers:
    """What somebody says for a caller: a guardian's consent is not among it, the guardian is asked by letter."""
    return replace(answers, consents=frozenset(), photos=frozenset(), consent_may_follow=True)


def brigade_chosen(shown: Collection[str], people: Collection[str], *, actor: Actor) -> str | None:
    """The brigade on the sheet of which somebody was ticked; asks nothing where one goes alone."""
    if not shown or not actor.person_id or not set(people) - {actor.person_id}:
        return None
    ids = [brigade.id for brigade in brigades_led_by(actor.person_id) if brigade.id in shown]
    for brigade_id, members in members_of(ids).items():
        if any(member.person_id in people for member in members):
            return brigade_id
    return None


def clothing_sizes(event: Event) -> list[str]:
    """The sizes to ask for: those of the T-shirt that the event gives, or all where clothing must fit."""
    usual = list(SIZES) if event.asks_size or event.site.ppe else []
    return next((list(item.sizes) for item in gifts_of(event.id) if item.slug.startswith("t-shirt")), usual)


def answered(written: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """{(question, person or "" for the party): value} of all fields of questions; empty ones are among them."""
    return _questions(written, empty=True)


def _pairs(texts: Iterable[str] | None) -> dict[str, str]:
    pairs = (text.partition(":") for text in texts or [])
    return {person: value[:20] for person, _, value in pairs if value}


def _medical(written: Mapping[str, str]) -> dict[str, str]:
    notes = {name.removeprefix("medical-"): text.strip() for name, text in written.items() if name[:8] == "medical-"}
    return {person: text for person, text in notes.items() if text}


def _questions(written: Mapping[str, str], *, empty: bool = False) -> dict[tuple[str, str], str]:
    answers = {}
    for name, text in written.items():
        kind, _, rest = name.partition("-")
        if kind == "question" and (empty or text.strip()):
            question, _, person = rest.partition("-")
            answers[question, person] = text.strip()
    return answers
