"""What is refused around thanks, certificates and the survey, each with the sentence to show."""

from app.errors import N_, DomainError


class NoCertificate(DomainError):
    """The marks don't say that they were there, or the day is not closed."""

    type = "no-certificate"
    title = N_("There is no certificate")
    message = N_("A certificate is there for those who came, once the coordinator has closed the day.")


class SurveyOver(DomainError):
    """Its answers are counted."""

    type = "survey-over"
    title = N_("The questions are closed")
    message = N_("The answers are counted by now, so nothing can be added or changed. Thank you all the same.")


class SurveyNotOpen(DomainError):
    """There is nothing to end."""

    type = "survey-not-open"
    title = N_("No questions are open")
    message = N_("No questions are open for this event.")


class LettersGone(DomainError):
    """What has left can't be held back."""

    type = "thanks-gone"
    title = N_("The letters have left")
    message = N_("The letters of thanks have left already.")
