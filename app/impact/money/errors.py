"""Why a sum can't be written down as it is, each with what to do instead."""

from typing import ClassVar

from app.errors import N_, DomainError


class WrongAmount(DomainError):
    """The sum can't be."""

    type = "wrong-amount"
    title = N_("This sum can't be")
    status = 422
    field = "amount_tenge"


class AmountNotPositive(WrongAmount):
    """Zero or less."""

    message = N_("Write a sum above zero.")


class PartsOfATenge(WrongAmount):
    """Tiyn; or thousands that were taken for tenge."""

    message = N_("That makes %(figure)s ₸, and only whole tenge are kept. Are these thousands of tenge?")


class NotASum(WrongAmount):
    """No number at all."""

    message = N_("“%(text)s” is not a sum. Write it like 2826000 or 24370,628.")


class UnlikelyAmount(WrongAmount):
    """Perhaps tenge were taken for thousands, or the other way round."""

    type = "unlikely-amount"
    title = N_("Is this sum right?")
    message = N_("That is %(figure)s ₸. Is it right?")
    short: ClassVar[str] = N_("Is it really %(figure)s ₸?")


class SpentTwice(WrongAmount):
    """The very same expense stands already."""

    type = "said-twice"
    title = N_("Recorded already?")
    message = N_("The same expense stands here already. If it is another one, tick “The sum is right” and save again.")


class UnknownStage(DomainError):
    """Neither planned, committed nor spent."""

    type = "unknown-stage"
    message = N_("Choose whether it is planned, ordered or spent.")
    status = 422
    field = "stage"


class NoCategory(DomainError):
    """What it was for is missing."""

    type = "no-category"
    message = N_("Say what the money was for, in 40 letters at most.")
    status = 422
    field = "category"


class EventOfAnotherProgramme(DomainError):
    """The event belongs elsewhere."""

    type = "other-programme"
    message = N_("This event belongs to another programme.")
    status = 422
    field = "event_id"


class BeyondPlan(UnlikelyAmount):
    """More than ten times the plan."""

    message = N_("That is %(figure)s ₸, more than ten times the plan of %(beside)s ₸. Is it right?")
    short = N_("Is it really %(figure)s ₸? The plan is %(beside)s ₸.")


class UnlikeOthers(UnlikelyAmount):
    """It would fit better in the other unit."""

    message = N_("That is %(figure)s ₸. Such entries are usually about %(beside)s ₸. Is it right?")
    short = N_("Is it really %(figure)s ₸? Such entries are usually about %(beside)s ₸.")


class ExpenseReplaced(DomainError):
    """Somebody corrected it before."""

    type = "already-corrected"
    message = N_("This entry was corrected already. Open the new one.")


class OrderPaid(DomainError):
    """What was ordered is paid; the payment counts now."""

    type = "already-paid"
    message = N_("This order was paid already. Open the payment.")


class NotAnOrder(DomainError):
    """Only what is ordered can be paid."""

    type = "not-an-order"
    message = N_("Only an order that was not paid yet can be paid.")


class NothingChanged(WrongAmount):
    """A correction that corrects nothing."""

    type = "nothing-changed"
    title = N_("Nothing is changed")
    message = N_("Nothing is changed yet. Change what is wrong and save again.")


class ChangedMeanwhile(WrongAmount):
    """Two people changed the same of one entry; the page shows both."""

    type = "changed-meanwhile"
    title = N_("Somebody else changed it")
    status = 409
    message = N_(
        "Somebody else corrected this entry while you were writing. "
        "Compare both below and save again: then yours counts."
    )


class DocumentRefused(DomainError):
    """The file can't be kept as it is."""

    type = "document-refused"
    title = N_("This file can't be kept")
    status = 422
    field = "document"


class DocumentMissing(DocumentRefused):
    """Nothing was chosen, or the file is empty."""

    message = N_("Choose a file that is not empty.")


class DocumentTooLarge(DocumentRefused):
    """More bytes than are kept."""

    type = "document-too-large"
    message = N_("The file is too large. A document has up to 10 MB: scan it in grey or divide it.")
    status = 413


class DocumentUnfit(DocumentRefused):
    """Neither PDF nor picture, whatever it is called."""

    type = "document-unfit"
    message = N_("This is neither a PDF nor a picture (JPEG, PNG), whatever its name says.")


class DocumentBroken(DocumentRefused):
    """It begins like one and isn't."""

    type = "document-broken"
    message = N_("The file is damaged or was cut off on its way. Make it anew and choose it again.")


class TooManyPixels(DocumentRefused):
    """A picture that would fill the memory of whoever opens it."""

    type = "too-many-pixels"
    message = N_("The picture has more than %(most)s million points. Make it smaller.")


class DocumentKnown(DocumentRefused):
    """The very same file hangs at this entry."""

    type = "document-known"
    message = N_("This document is there already.")


class FileReadBefore(DomainError):
    """Its sums stand already."""

    type = "file-read-before"
    title = N_("Read before")
    message = N_("This very file was read on %(day)s: %(count)s entries, %(figure)s ₸. It is not added again.")
    field = "file"


class LinesWrong(DomainError):
    """All or nothing."""

    type = "lines-wrong"
    message = N_("Nothing was saved: lines of the file need a look. Correct them in the file and read it again.")
