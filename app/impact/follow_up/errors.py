"""Why a follow-up can't be written down or moved on."""

from app.errors import N_, DomainError


class NoSuchMove(DomainError):
    """From here it doesn't go there."""

    type = "no-such-move"
    title = N_("It stands elsewhere by now")
    message = N_("Somebody has moved this follow-up meanwhile. Look at how it stands now and decide again.")


class NoReason(DomainError):
    """Whoever asks later must find out why."""

    type = "no-reason"
    title = N_("Why is it dropped?")
    message = N_("Write why it is dropped: whoever reads the protocol will ask.")
    status = 422
    field = "note"


class ChangedMeanwhile(DomainError):
    """Two people edit one follow-up."""

    type = "changed-meanwhile"
    title = N_("Changed meanwhile")
    message = N_(
        "Somebody changed this follow-up while you were writing. What you wrote is still here: compare it with what "
        "stands above, and save again."
    )
    field = "text"


class IsOver(DomainError):
    """What is done or dropped is asked for no more."""

    type = "follow-up-over"
    title = N_("This is settled")
    message = N_("This follow-up is done or dropped. Open it again first.")


class NobodyToWrite(DomainError):
    """The owner has no e-mail."""

    type = "no-address"
    title = N_("There is no e-mail address")
    message = N_("%(name)s has no e-mail here. Tell them yourself, then press “Told them”.")


class NothingToTell(DomainError):
    """Nobody waits to be told."""

    type = "nothing-to-tell"
    message = N_("Nobody waits to be told about this any more.")


class NothingSaid(DomainError):
    """Neither words nor a file."""

    type = "nothing-said"
    message = N_("Write something, or choose a file.")
    status = 422
    field = "note"


class FileTooLarge(DomainError):
    """More than the store takes."""

    type = "file-too-large"
    title = N_("The file is too large")
    message = N_("The file is larger than 10 MB. Choose a smaller one, or a photograph of it.")
    status = 413
    field = "file"


class FileUnfit(DomainError):
    """Its bytes are not what we take."""

    type = "file-unfit"
    title = N_("This file can't be kept")
    message = N_(
        "Only PDF files and photographs (JPEG, PNG) can be kept here. This file is neither, whatever its name."
    )
    status = 422
    field = "file"
