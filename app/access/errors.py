"""Why somebody doesn't get in, each with the next step."""

from app.errors import N_, DomainError, Invalid


class WrongLogin(DomainError):
    """Unknown login, wrong password, or a login that is closed: the answer doesn't say which."""

    type = "wrong-login"
    title = N_("Not logged in")
    message = N_("This login and this password don't belong together. Try again, or set a new password.")
    status = 422
    field = "password"


class TooManyTries(DomainError):
    """Five wrong tries within a quarter of an hour."""

    type = "too-many-tries"
    title = N_("Too many tries")
    message = N_("Too many wrong tries. Wait 15 minutes, then try again or set a new password.")
    status = 429


class CodeEnded(DomainError):
    """A link or code that was used, replaced, ran out, or never was."""

    type = "code-ended"
    title = N_("This link has ended")
    message = N_("This link was used already or is too old. Ask for a new one under “Forgotten password”.")
    status = 410


class WrongCode(DomainError):
    """A code from a slip that doesn't fit the personnel number, or has ended."""

    type = "wrong-code"
    title = N_("Wrong code")
    message = N_(
        "This code doesn't fit the personnel number, or was used already. Ask your coordinator for a new slip."
    )
    status = 422
    field = "code"


class WrongPassword(DomainError):
    """The present password, asked once more, is another one."""

    type = "wrong-password"
    title = N_("Wrong password")
    message = N_("This is not your present password.")
    status = 422
    field = "present"


class NoAddress(DomainError):
    """An invitation needs an e-mail address."""

    type = "no-address"
    title = N_("No e-mail address")
    message = N_("%(name)s has no e-mail address. Print a slip with a code instead.")


class HasLogin(DomainError):
    """Who logs in already needs no invitation."""

    type = "has-login"
    title = N_("Has a login already")
    message = N_("%(name)s has a login already. With “Forgotten password” a new password is set.")


class NoLoginForChildren(DomainError):
    """A child is signed up by guardians and has no login of their own."""

    type = "no-login-for-children"
    title = N_("Children have no login")
    message = N_("%(name)s is a child; the guardians sign children up.")


class WrongPin(DomainError):
    """Unknown number, wrong PIN, no PIN, or a login that is closed: the answer doesn't say which."""

    type = "wrong-pin"
    title = N_("Not logged in")
    message = N_("This number and this PIN don't belong together. Try again.")
    status = 422
    field = "pin"


class PinLocked(DomainError):
    """Five wrong PINs within a quarter of an hour."""

    type = "pin-locked"
    title = N_("The PIN is locked")
    message = N_(
        "Five wrong tries: the PIN is locked for 15 minutes. "
        "Wait, or set a new PIN on your phone under “Personal data”."
    )
    status = 429
    field = "pin"


class WrongKioskCode(DomainError):
    """Mistyped, used, a day old, or of a kiosk that was ended."""

    type = "wrong-code"
    title = N_("Wrong code")
    message = N_(
        "This code opens no kiosk: it is mistyped, was used already, or is older than a day. Ask for a new one."
    )
    status = 422
    field = "code"


class NotAKiosk(DomainError):
    """The kiosk's pages are only for computers that a coordinator enrolled."""

    type = "not-a-kiosk"
    title = N_("This computer is no kiosk")
    message = N_("A kiosk is a shared computer that a coordinator has enrolled. On your own phone, log in as usual.")
    status = 403


def refused_password(sentence: str, **params: object) -> Invalid:
    """The rule that a new password breaks, beside its field."""
    return Invalid({"password": sentence}, **params)
