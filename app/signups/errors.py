"""Why somebody can't be signed up or cancelled, each with the rule and the way out."""

from app.errors import N_, DomainError


class SignUpRefused(DomainError):
    """A person or a party can't be signed up. `person_id` in the params puts the sentence beside that person."""


class NobodyChosen(SignUpRefused):
    """The party is empty."""

    type = "nobody-chosen"
    message = N_("Choose who is going.")
    status = 422


class TooManyPeople(SignUpRefused):
    """The party is larger than one sign-up takes."""

    type = "too-many-people"
    message = N_("One sign-up takes up to %(limit)s people. Split it in two.")
    status = 422


class SignUpClosed(SignUpRefused):
    """No sign-ups now."""

    type = "closed"
    title = N_("Sign-up is closed")
    message = N_("Sign-up for this event is closed. Ask the coordinator.")


class SignUpNotOpenYet(SignUpRefused):
    """It opens later."""

    type = "closed"
    title = N_("Sign-up is not open yet")
    message = N_("Sign-up for this event is not open yet.")


class EventFull(SignUpRefused):
    """No seats, and this event keeps no queue."""

    type = "full"
    title = N_("No seats left")
    message = N_("No seats are left, and this event keeps no queue.")


class AlreadySignedUp(SignUpRefused):
    """The person has a place here."""

    type = "already-signed-up"
    title = N_("Already signed up")
    message = N_("%(name)s is already signed up for this event.")


class Overlap(SignUpRefused):
    """The person is elsewhere then."""

    type = "overlap"
    title = N_("Overlaps another event")
    message = N_("%(name)s goes to “%(other)s” at that time. Cancel that one first.")


class TooYoung(SignUpRefused):
    """Below the event's or the site's age."""

    type = "too-young"
    title = N_("Too young")
    message = N_("%(name)s is too young: this event is for ages %(age)s and up.")


class TooOld(SignUpRefused):
    """Above the event's age."""

    type = "too-old"
    title = N_("Too old")
    message = N_("%(name)s is too old: this event is for ages up to %(age)s.")


class AgeUnknown(SignUpRefused):
    """The event has an age limit and the birthday is missing."""

    type = "age-unknown"
    message = N_("The birthday of %(name)s is missing. Add it first.")


class NotForChildren(SignUpRefused):
    """Adults only."""

    type = "wrong-audience"
    message = N_("This event is for adults; %(name)s can't take part.")


class NotForAdultsAlone(SignUpRefused):
    """A children's event: an adult comes along as escort only."""

    type = "wrong-audience"
    message = N_("This event is for children. Sign up a child with you.")


class OnlyByInstitution(SignUpRefused):
    """The institution brings its own list."""

    type = "wrong-audience"
    message = N_("The institution signs people up for this event.")


class NotYours(SignUpRefused):
    """Neither the person themselves, nor their guardian, nor the coordinator."""

    type = "not-yours"
    message = N_("You can sign up yourself and your own children.")
    status = 403


class ConsentMissing(SignUpRefused):
    """A guardian signs a child up and has not agreed."""

    type = "consent-missing"
    title = N_("Consent is missing")
    message = N_("Your consent for %(name)s is missing.")
    status = 422


class UnknownSize(SignUpRefused):
    """No T-shirt comes in this size."""

    type = "unknown-size"
    message = N_("%(value)s is not a size. Sizes are 98 to 164 for children, XS to 4XL for adults.")
    status = 422


class Deactivated(SignUpRefused):
    """The person left."""

    type = "deactivated"
    message = N_("%(name)s is no longer in the list of people.")


class NothingToCancel(DomainError):
    """All its places are cancelled."""

    type = "already-cancelled"
    message = N_("This sign-up is cancelled already.")


class EventHasBegun(DomainError):
    """Too late to change who goes."""

    type = "event-began"
    message = N_("The event has begun. Tell the coordinator who is not there.")
