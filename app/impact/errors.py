"""Why a number can't be, each with what to do instead: what outcomes and money share."""

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


class AlreadyWithdrawn(DomainError):
    """It doesn't count any more."""

    type = "already-withdrawn"
    message = N_("This entry was withdrawn already.")
