"""Why a picture isn't taken, or not shown, each with the way out."""

from app.errors import N_, DomainError


class PictureTooLarge(DomainError):
    """More than 20 MB."""

    type = "picture-too-large"
    field = "pictures"
    message = N_("This file is larger than 20 MB. Send a smaller copy of the picture.")
    status = 422


class PictureTooFine(DomainError):
    """So many pixels that unpacking them would stop the server."""

    type = "picture-too-fine"
    field = "pictures"
    message = N_("This picture has more than %(millions)s million pixels. Send a smaller copy.")
    status = 422


class PictureTooSmall(DomainError):
    """An icon, or a thumbnail by mistake."""

    type = "picture-too-small"
    field = "pictures"
    message = N_("This picture is too small: each side needs at least %(pixels)s pixels. Send the original.")
    status = 422


class PictureUnfit(DomainError):
    """No picture, whatever it is called."""

    type = "picture-unfit"
    field = "pictures"
    message = N_("This file is no picture that can be read, whatever its name says. Send a JPEG, PNG or WebP.")
    status = 422


class NoPicture(DomainError):
    """Nothing was chosen."""

    type = "no-picture"
    field = "pictures"
    message = N_("Choose at least one picture.")
    status = 422


class AlreadyThere(DomainError):
    """The same file at the same event."""

    type = "picture-known"
    field = "pictures"
    message = N_("This picture is in the album already.")
    status = 422


class AlbumFull(DomainError):
    """An album that nobody would look through."""

    type = "album-full"
    field = "pictures"
    message = N_("This album holds %(most)s pictures, and that is as many as it takes. Remove some first.")
    status = 422


class NotBegun(DomainError):
    """Pictures of a day that has not come."""

    type = "event-not-begun"
    field = "pictures"
    message = N_("This event has not begun yet. Its pictures come afterwards.")


class EventCancelled(DomainError):
    """Nothing took place."""

    type = "event-cancelled"
    field = "pictures"
    message = N_("This event was cancelled, so there are no pictures of it.")


class StoreSilent(DomainError):
    """The store of files doesn't answer."""

    type = "store-silent"
    message = N_("The store of files does not answer, so nothing was kept. Try again in a few minutes.")
    status = 503


class SecondLook(DomainError):
    """Whoever uploaded it has looked already."""

    type = "second-look"
    message = N_("You uploaded this picture yourself. Somebody else must look at it before it is published.")


class NotReady(DomainError):
    """What has to be said before anybody sees it."""

    type = "picture-not-ready"
    message = N_("Say first who can be recognised on it, and describe it in Kazakh, Russian and English.")


class ChangedMeanwhile(DomainError):
    """Two people write under one picture."""

    type = "picture-changed"
    message = N_(
        "Somebody else changed what is said about this picture while you wrote. Your words are still in the form: "
        "compare them with what is shown above, then save again."
    )


class RefusalsUnread(DomainError):
    """All agreed, though some of the event did not."""

    type = "refusals-unread"
    field = "read_refusals"
    message = N_("Look through the list of people who must not be shown first, then tick that you did.")
    status = 422
