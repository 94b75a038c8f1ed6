"""Why a result can't be written down as it is, each with what to do instead."""

from app.errors import N_, DomainError
from app.impact.errors import AlreadyWithdrawn, WrongFigure


class Doubt(WrongFigure):
    """Perhaps wrong: kept as soon as somebody says that it is right."""


class UnlikelyFigure(Doubt):
    """Perhaps a slip of a thousand: saved only when somebody says that it is right."""

    type = "unlikely-figure"
    title = N_("Is this figure right?")
    message = N_("That is %(figure)s. If it is right, tick “The figure is right” and save again.")


class SaidTwice(Doubt):
    """The very same figure stands already."""

    type = "said-twice"
    title = N_("Recorded already?")
    message = N_(
        "The same figure stands here already. If it is another one, tick “The figure is right” and save again."
    )


class SameShore(Doubt):
    """This shore was counted at another event: each kilometre once."""

    type = "same-shore"
    title = N_("Counted already?")
    message = N_(
        "%(figure)s km of this shore are counted already, at “%(event)s”. Each kilometre counts once: write this under "
        "“Shore walked”. If it is another stretch, tick “The figure is right” and save again."
    )


class MixedUnits(WrongFigure):
    """Two figures in one field."""

    type = "mixed-units"
    message = N_("Two units in one figure can't be added up. Write one entry for each of them.")


class UnitsDiffer(WrongFigure):
    """One unit is written, another chosen."""

    type = "mixed-units"
    message = N_("“%(text)s” is written in another unit than the one chosen. Choose the unit in which it was counted.")


class MoreAliveThanPlanted(WrongFigure):
    """A recount finds more than there were."""

    type = "more-alive-than-planted"
    message = N_("%(planted)s plants were planted, so no more can be alive. If the first figure is wrong, correct it.")


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


class NoUnit(DomainError):
    """A number of what?"""

    type = "no-unit"
    message = N_("“%(text)s” of what? Choose the unit in which it was counted.")
    status = 422
    field = "unit"


class WrongDensity(DomainError):
    """No waste weighs that."""

    type = "wrong-density"
    message = N_("A cubic metre of waste weighs between 0,01 and 3 tonnes. Write it like 0,2.")
    status = 422
    field = "density"


class UnknownMethod(DomainError):
    """A way of finding out that nobody knows."""

    type = "unknown-method"
    message = N_("Choose how it was found out.")
    status = 422
    field = "method"


class NotYet(DomainError):
    """Found out on a day to come."""

    type = "not-yet"
    message = N_("This day is still to come.")
    status = 422
    field = "said_on"


class NothingToReport(DomainError):
    """A cancelled event has no result."""

    type = "event-cancelled"
    message = N_("The event was cancelled, so it has no results.")


class OutcomeReplaced(WrongFigure):
    """Somebody corrected it before, and otherwise than this; both are shown."""

    type = "already-corrected"
    title = N_("Corrected by somebody else")
    message = N_(
        "While you were writing, somebody else corrected this figure: both are shown here. Look at them and save "
        "again, then yours takes the place of theirs."
    )
    status = 409


class WithdrawnMeanwhile(AlreadyWithdrawn):
    """Somebody withdrew it before."""

    message = N_("While you were writing, this figure was withdrawn. What you wrote stands here still: record it anew.")
    field = "quantity"


class FileMissing(DomainError):
    """Nothing was chosen."""

    type = "no-file"
    message = N_("Choose a photo or a PDF.")
    status = 422
    field = "files"


class FileTooLarge(DomainError):
    """More than we keep as a proof."""

    type = "file-too-large"
    message = N_("This file is larger than 10 MB. Send a smaller one, or only the page that matters.")
    status = 422
    field = "files"


class FileUnfit(DomainError):
    """Neither a picture nor a PDF, whatever it is called."""

    type = "file-unfit"
    message = N_("Only photos (JPEG, PNG, WebP) and PDF are kept as a proof. This file is something else inside.")
    status = 422
    field = "files"


class FileTooFine(DomainError):
    """So many pixels that unpacking them would stop the server."""

    type = "file-too-fine"
    message = N_("This picture has too many pixels to be opened. Send a smaller copy.")
    status = 422
    field = "files"


class FileTooSmall(DomainError):
    """A thumbnail by mistake."""

    type = "file-too-small"
    message = N_("Nothing can be read on a picture this small. Send the original.")
    status = 422
    field = "files"


class TooManyFiles(DomainError):
    """More proofs than one figure needs."""

    type = "too-many-files"
    message = N_("At most %(most)s files belong to one figure.")
    status = 422
    field = "files"


class NoMetricName(DomainError):
    """A metric without a name."""

    type = "no-name"
    message = N_("Say what is counted, in at least one language.")
    status = 422
    field = "texts"


class MetricKnown(DomainError):
    """The name stands for another one."""

    type = "metric-known"
    message = N_("This is counted already.")
    status = 422
    field = "texts"


class UnitFixed(DomainError):
    """Figures stand in the old unit."""

    type = "unit-fixed"
    message = N_("Figures stand in this unit already. Add another metric instead.")
    status = 422
    field = "unit"


class WrongLimit(DomainError):
    """Nothing is above it, or everything."""

    type = "wrong-limit"
    message = N_("Write a number above zero, or leave it empty.")
    status = 422
    field = "unlikely_above"


class TargetChanged(WrongFigure):
    """Somebody changed the plan before."""

    type = "plan-changed"
    title = N_("Changed by somebody else")
    message = N_("While you were writing, somebody else planned %(theirs)s. Save again, then yours takes its place.")
    status = 409


class NoMarkName(DomainError):
    """Which report was it?"""

    type = "no-name"
    message = N_("Say which report this was: for the board, the second quarter.")
    status = 422
    field = "name"
