"""Why an answer about a child isn't taken, each with the way out."""

from app.errors import N_, DomainError


class TextChanged(DomainError):
    """A new version came into force between reading and answering."""

    type = "text-changed"
    title = N_("The text has changed")
    message = N_("The text was changed while you were reading. Read it once more, then answer.")


class NoAnswer(DomainError):
    """Nothing was ticked."""

    type = "no-answer"
    message = N_("Answer yes or no to each question that is not optional.")
    status = 422


class NotAGuardian(DomainError):
    """Only who decides for the child today may answer for it."""

    type = "not-a-guardian"
    message = N_("Choose a guardian of %(name)s.")
    status = 422
    field = "guardian_id"


class NeedsNoConsent(DomainError):
    """Grown up on the day of the event."""

    type = "needs-no-consent"
    message = N_("%(name)s is of age on that day and decides alone.")


class NotAsked(DomainError):
    """The event asks for no such consent."""

    type = "consent-not-asked"
    message = N_("This event does not ask for that consent.")
    status = 422
    field = "kinds"


class ScanUnfit(DomainError):
    """Neither PDF nor picture."""

    type = "scan-unfit"
    message = N_("A scan is a PDF, JPEG or PNG file.")
    status = 422
    field = "scan"


class ScanTooLarge(DomainError):
    """More than ten megabytes."""

    type = "scan-too-large"
    message = N_("The file is too large. The limit is 10 MB.")
    status = 422
    field = "scan"


class ScanMissing(DomainError):
    """An answer on paper comes with its paper."""

    type = "scan-missing"
    message = N_("Choose the scan of the signed paper.")
    status = 422
    field = "scan"
