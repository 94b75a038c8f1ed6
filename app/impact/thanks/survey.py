"""The survey: one answer for each place, changeable until it ends, and never written down with who gave it.

An answer lies under a word that only this installation's key makes of a place; that the place has answered lies apart,
under another. When the survey ends all answers get new words at random, in a new order: then nobody finds one again.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from app.access.signed_links import keyed_digest
from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.db import connection, db, lock, transaction
from app.errors import N_, Invalid, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.impact.thanks.errors import NoCertificate, SurveyNotOpen, SurveyOver
from app.impact.thanks.models import CHOICES, LONGEST_WORD, SCALE, SurveyAnswer, SurveyBallot, Thanks
from app.impact.thanks.shares import still_came
from app.signups.models import Place

ENDED_AT_ONCE = 20


def answer_survey(place: Place, *, scale: int, choice: str, word: str = "", now: datetime) -> bool:
    """Says how it was, for one place; says whether it was for the first time. Nothing goes into the log: it would say
    who. Raises SurveyOver, NoCertificate for who was not there, Invalid."""
    said = " ".join(word.split())
    if scale not in SCALE or choice not in CHOICES:
        raise Invalid({"scale": N_("Choose one of the answers.")})
    if len(said) > LONGEST_WORD:
        raise Invalid({"word": N_("At most 200 letters.")})
    with transaction() as session:
        row = session.get(Thanks, place.event_id)
        if row is None:
            raise SurveyOver
        lock(row)
        if not row.takes_answers_at(now):
            raise SurveyOver
        if not still_came([place.id]):
            raise NoCertificate
        return _keep(place, scale, choice, said)


def _keep(place: Place, scale: int, choice: str, word: str) -> bool:
    answer = db.session.get(SurveyAnswer, _answer_word(place.id))
    if answer is not None:
        answer.scale, answer.choice, answer.word = scale, choice, word
        return False
    given = {"scale": scale, "choice": choice, "word": word}
    db.session.add(SurveyAnswer(id=_answer_word(place.id), event_id=place.event_id, **given))
    db.session.add(SurveyBallot(token=ballot_of(place.id), event_id=place.event_id))
    return True


def answer_of(place: Place) -> SurveyAnswer | None:
    """What was said for this place, while the survey runs; its page fills the form with it."""
    return db.session.get(SurveyAnswer, _answer_word(place.id))


def answered(place_ids: Sequence[str]) -> set[str]:
    """Those of these places for which somebody answered."""
    tokens = {ballot_of(place_id): place_id for place_id in place_ids}
    query = select(SurveyBallot.token).where(SurveyBallot.token.in_(tokens))
    return {tokens[token] for token in db.session.scalars(query)} if tokens else set()


def ballot_of(place_id: str) -> str:
    """The token that is spent by answering for this place."""
    return keyed_digest("survey ballot", place_id).hex()


def _answer_word(place_id: str) -> str:
    return keyed_digest("survey answer", place_id).hex()


def end_survey(event: Event, *, now: datetime, actor: Actor) -> None:
    """A coordinator looks at the results now: nobody answers any more. Raises NotAllowed, SurveyNotOpen."""
    with transaction() as session:
        row = session.get(Thanks, event.id)
        if row is not None:
            lock(row)
        require(can_manage_event(actor, event))
        if row is None or not row.takes_answers:
            raise SurveyNotOpen
        _end(row, now=now, actor=actor)
        record(actor, "end_survey", event, now=now)


def end_due_surveys(*, now: datetime) -> bool:
    """Those whose time is over, switched off or not; says whether there were any."""
    over = select(Thanks).where(Thanks.survey_ended_at.is_(None), Thanks.survey_ends_at <= now).limit(ENDED_AT_ONCE)
    rows = db.session.scalars(over).all()
    for row in rows:
        with transaction():
            lock(row)
            if row.survey_ended_at is None:
                _end(row, now=now, actor=SYSTEM)
    return bool(rows)


def _end(row: Thanks, *, now: datetime, actor: Actor) -> None:
    """New words at random, written anew in their order: neither a key nor the place in the table tells whose."""
    table = SurveyAnswer.__table__
    said = select(table.c.scale, table.c.choice, table.c.word).where(table.c.event_id == row.event_id)
    anew = [
        {"id": secrets.token_hex(32), "event_id": row.event_id, **answer._mapping}
        for answer in connection().execute(said).all()
    ]
    connection().execute(delete(SurveyAnswer).where(SurveyAnswer.event_id == row.event_id))
    if anew:
        connection().execute(insert(SurveyAnswer), sorted(anew, key=lambda answer: answer["id"]))
    row.survey_ended_at, row.survey_ended_by_id = now, actor.account_id
