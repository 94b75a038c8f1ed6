"""Why an answer keeps a party out. `person_id` ("" for the party) and `question` in the params place the sentence."""

from app.errors import N_
from app.signups.errors import SignUpRefused


class AnswerMissing(SignUpRefused):
    """A required question was passed over."""

    type = "answer-missing"
    title = N_("An answer is missing")
    message = N_("“%(label)s”: please answer this question.")
    status = 422
    field = "answers"


class AnswerMissingOf(SignUpRefused):
    """The same, of one person."""

    type = "answer-missing"
    title = N_("An answer is missing")
    message = N_("“%(label)s”: please answer this question for %(name)s.")
    status = 422
    field = "answers"


class AnswerUnknown(SignUpRefused):
    """The answer is none of those that there are."""

    type = "answer-unknown"
    title = N_("There is no such answer")
    message = N_("“%(label)s”: choose one of the answers.")
    status = 422
    field = "answers"


class AnswerTooLong(SignUpRefused):
    """More than a sheet takes."""

    type = "answer-too-long"
    title = N_("The answer is too long")
    message = N_("“%(label)s”: at most %(longest)s characters.")
    status = 422
    field = "answers"


class DietUnknown(SignUpRefused):
    """The diet is none of those that there are."""

    type = "diet-unknown"
    title = N_("There is no such answer")
    message = N_("Food for %(name)s: choose one of the answers.")
    status = 422
    field = "diets"


class NoteTooLong(SignUpRefused):
    """A note of health is read on a phone, in a hurry."""

    type = "note-too-long"
    title = N_("The answer is too long")
    message = N_("The health note for %(name)s: at most %(longest)s characters.")
    status = 422


class ChoiceFull(SignUpRefused):
    """As many people chose it as there are seats."""

    type = "choice-full"
    title = N_("This choice is full")
    message = N_("“%(option)s” has no seats left for %(people)s more. Choose another answer.")
