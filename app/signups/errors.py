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


class PartyTooLarge(SignUpRefused):
    """More people than the whole event has seats: they would wait for ever."""

    type = "party-too-large"
    message = N_("The event has %(seats)s seats in all. Sign up fewer people, or let some of you go.")


class AlreadySignedUp(SignUpRefused):
    """The person has a place here."""

    type = "already-signed-up"
    title = N_("Already signed up")
    message = N_("%(name)s is already signed up for this event.")


class SignedUpBy(AlreadySignedUp):
    """The other parent, or the brigade's leader, was first: one seat, and both know."""

    message = N_("%(name)s is already signed up by %(by)s.")


class GrownUp(SignUpRefused):
    """Eighteen by the day of the event."""

    type = "grown-up"
    title = N_("Signs up alone")
    message = N_("%(name)s is 18 by then and signs up alone. The coordinator can help.")


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


class WrongCity(SignUpRefused):
    """The event is for people of certain cities."""

    type = "wrong-city"
    title = N_("For another city")
    message = N_(
        "This event is for people of other cities than that of %(name)s. The coordinator can make an exception."
    )


class WrongDepartment(SignUpRefused):
    """The event is for people of certain departments."""

    type = "wrong-department"
    title = N_("For another department")
    message = N_("This event is for other departments than that of %(name)s. The coordinator can make an exception.")


class TooDangerous(SignUpRefused):
    """Heavy or harmful work is nothing for children; they may look at such a place with a guide."""

    type = "hazard-class"
    title = N_("Not for people under 18")
    message = N_("%(name)s is under 18: children don't work at a place of high hazard. They can come on an excursion.")


class SizeMissing(SignUpRefused):
    """The place asks for protective equipment that fits."""

    type = "size-missing"
    title = N_("A clothing size is missing")
    message = N_("Choose a clothing size for %(name)s: protective equipment is given out there.")
    status = 422


class TooManyPlaces(SignUpRefused):
    """One employee brings only so many people."""

    type = "places-per-employee"
    title = N_("Too many places")
    message = N_(
        "One employee can take up to %(limit)s places at this event, and %(left)s are left for you. "
        "The coordinator can make an exception."
    )


class OnShift(SignUpRefused):
    """HR's calendar says that they work on that day: a warning, which the party may wave aside."""

    type = "on-shift"
    title = N_("On shift on that day")
    message = N_("On shift then: %(who)s. If the shift leader lets you go, tick “Go all the same” and sign up again.")


class OftenAbsent(SignUpRefused):
    """Had seats and didn't come, again and again."""

    type = "no-shows"
    title = N_("Seats stayed empty")
    message = N_(
        "%(name)s had a seat and didn't come %(times)s times in the last 12 months. "
        "This event doesn't take such sign-ups; write to the coordinator below to ask for one."
    )


class CancelClosed(DomainError):
    """The event asks to be told in time."""

    type = "cancel-closed"
    title = N_("Too late to cancel by yourself")
    message = N_("You could cancel by yourself until %(until)s. The coordinator can still take you off the list.")


class NothingToAppeal(DomainError):
    """No rule of absences is in this person's way."""

    type = "nothing-to-appeal"
    message = N_("Nothing keeps you from signing up for this event. Just sign up.")


class AppealEmpty(DomainError):
    """Nothing was written."""

    type = "appeal-empty"
    message = N_("Write a sentence or two to the coordinator.")
    status = 422


class AppealMade(DomainError):
    """The coordinator has it."""

    type = "appeal-made"
    message = N_("The coordinator has your letter about this event already.")


class AppealAnswered(DomainError):
    """Somebody was faster."""

    type = "appeal-answered"
    message = N_("This letter is answered already.")


class NothingToCancel(DomainError):
    """All its places are cancelled."""

    type = "already-cancelled"
    message = N_("This sign-up is cancelled already.")


class EventHasBegun(DomainError):
    """Too late to change who goes."""

    type = "event-began"
    message = N_("The event has begun. Tell the coordinator who is not there.")
