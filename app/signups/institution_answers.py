"""What the coordinator asks of those on an institution's list: a contact answers for each of them, and once for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import transaction
from app.errors import N_, DomainError
from app.signups.asked import PARTY, faults
from app.signups.institution_errors import NobodyOnList
from app.signups.institution_locking import opened
from app.signups.invitation_mails import mail_list_changed
from app.signups.invitation_queries import list_of
from app.signups.models import Invitation, InvitationContact, Place, SignUp
from app.signups.question_queries import Sheet, questions_of, seats_chosen
from app.signups.reanswer_queries import others_chose
from app.signups.reanswering import answers_of, replace_answers

Answered = Mapping[tuple[str, str], str]


class AnswersChanged(DomainError):
    """The other contact, or the coordinator, answered since this page was opened."""

    type = "answers-changed"
    title = N_("Changed in the meantime")
    message = N_("Somebody else answered in the meantime. What you wrote is below: if it still holds, save again.")


@dataclass(frozen=True)
class ListSheet:
    """Everybody on the list, what is asked, what was said, and the word that changes when somebody says more."""

    places: list[Place]
    sheet: Sheet
    said: Answered
    version: str


def list_sheet(invitation: Invitation) -> ListSheet:
    """The sheet for a contact; size, food and health stand in each one's own row."""
    places, questions = list_of(invitation), questions_of(invitation.event_id)
    said = answers_of(places[0].signup) if places else {}
    limited = [question.id for question in questions if question.is_limited]
    chosen = others_chose(seats_chosen(limited) if limited else {}, said, len(places), places)
    return ListSheet(places, Sheet(questions=questions, chosen=chosen), said, _version_of(said))


def unanswered(invitation: Invitation) -> int | None:
    """How many required answers are missing, everybody on the list taken together; None where nothing is asked."""
    questions = questions_of(invitation.event_id)
    if not questions:
        return None
    places = list_of(invitation)
    return len(faults(questions, [place.person_id for place in places], answers_of(places[0].signup))) if places else 0


def answer_for_list(
    contact: InvitationContact, answers: Answered, *, version: str, now: datetime, actor: Actor
) -> bool:
    """What the contact says, until names are due; whoever is passed over altogether may follow. Says whether it is new.

    Raises AnswersChanged where another contact was faster, NobodyOnList, NamesWereDue, and what is wrong with an
    answer.
    """
    with transaction():
        event = opened(contact, now=now)
        places = list_of(contact.invitation)
        if not places:
            raise NobodyOnList
        signup = places[0].signup
        was = answers_of(signup)
        if _version_of(was) != version:
            raise AnswersChanged
        wanted = _spoken_of(signup, answers, was)
        whom = {person_id for _, person_id in wanted}
        is_new = replace_answers(event, signup, wanted, whom=whom, now=now, language=actor.language)
        if is_new:
            record(actor, "change_answers", signup, now=now, changes={"contact_id": (None, contact.id)})
            mail_list_changed(contact.invitation, now=now)
        return is_new


def _spoken_of(signup: SignUp, answers: Answered, was: Answered) -> dict[tuple[str, str], str]:
    """The answers about people of whom anything is said, now or before."""
    listed = {PARTY, *(place.person_id for place in signup.standing_places)}
    spoken = {who for (_, who), value in answers.items() if value.strip()} | {who for _, who in was}
    return {(question, who): value for (question, who), value in answers.items() if who in listed & spoken}


def _version_of(said: Answered) -> str:
    return sha256(repr(sorted(said.items())).encode()).hexdigest()[:12]
