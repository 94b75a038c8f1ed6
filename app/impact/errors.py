"""Why a figure can't be written down as it is, each with what to do instead."""

from app.errors import N_, DomainError


class WrongFigure(DomainError):
    """The quantity can't be."""

    type = "wrong-figure"
    title = N_("This figure can't be")
    status = 422
    field = "quantity"


class NoFigure(WrongFigure):
    """Nothing was written."""

    message = N_("Write how much it was.")


class NotANumber(WrongFigure):
    """Letters, or more than one number."""

    message = N_("“%(text)s” is not a number. Write it like 43 or 2,5.")


class NegativeFigure(WrongFigure):
    """Below zero."""

    message = N_("It can't be less than zero.")


class TooManyDecimals(WrongFigure):
    """More exact than we keep."""

    message = N_("At most three decimal places are kept. Round it.")


class NotWhole(WrongFigure):
    """Half a person, half a fish."""

    message = N_("This is counted in whole numbers.")


class TooLarge(WrongFigure):
    """More than can be kept."""

    message = N_("This number is too large to be true.")


class UnlikelyFigure(WrongFigure):
    """Perhaps a slip of a thousand: saved only when somebody says that it is right."""

    type = "unlikely-figure"
    title = N_("Is this figure right?")
    message = N_("That is %(figure)s. If it is right, tick “The figure is right” and save again.")


class SaidTwice(WrongFigure):
    """The very same figure stands already."""

    type = "said-twice"
    title = N_("Recorded already?")
    message = N_(
        "The same figure stands here already. If it is another one, tick “The figure is right” and save again."
    )


class UnknownMetric(DomainError):
    """Nothing that we count."""

    type = "unknown-metric"
    message = N_("Choose what was counted.")
    status = 422
    field = "metric"


class UnknownUnit(DomainError):
    """A unit that doesn't measure this."""

    type = "unknown-unit"
    message = N_("This is counted in %(units)s.")
    status = 422
    field = "unit"


class UnknownMethod(DomainError):
    """A way of finding out that nobody knows."""

    type = "unknown-method"
    message = N_("Choose how it was found out.")
    status = 422
    field = "method"


class NothingToReport(DomainError):
    """A cancelled event has no result."""

    type = "event-cancelled"
    message = N_("The event was cancelled, so it has no results.")


class OutcomeReplaced(DomainError):
    """Somebody corrected it before."""

    type = "already-corrected"
    message = N_("This figure was corrected already. Correct the new one.")


class AlreadyWithdrawn(DomainError):
    """It doesn't count any more."""

    type = "already-withdrawn"
    message = N_("This entry was withdrawn already.")


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
    message = N_("That is %(figure)s ₸. If it is right, tick “The sum is right” and save again.")


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
