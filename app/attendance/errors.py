"""Why somebody isn't let in or a mark isn't taken, each as a sentence for the person at the door."""

from app.errors import N_, DomainError


class NoTicket(DomainError):
    """Nothing was typed."""

    type = "unknown-ticket"
    title = N_("No such ticket")
    message = N_("Type or scan a ticket code first.")
    status = 422


class UnknownTicket(DomainError):
    """No ticket has this code."""

    type = "unknown-ticket"
    title = N_("No such ticket")
    message = N_("There is no ticket %(code)s. Check the letters, or search by name.")
    status = 422


class TicketOfAnotherEvent(DomainError):
    """The ticket is good, elsewhere."""

    type = "ticket-of-another-event"
    title = N_("A ticket of another event")
    message = N_("This ticket is for another event.")


class TicketOfThatEvent(TicketOfAnotherEvent):
    """The same, where this actor may know which one."""

    message = N_("This ticket is for “%(title)s” on %(date)s.")


class TicketOver(DomainError):
    """The event of this ticket ended more than half a day ago."""

    type = "ticket-over"
    title = N_("This ticket is over")
    message = N_("This ticket counted on %(date)s, and that event is over. Search by name if a mark is missing.")


class NotConfirmed(DomainError):
    """The person has no seat."""

    type = "not-confirmed"
    title = N_("No confirmed seat")
    message = N_("%(name)s has no confirmed seat.")


class StillWaiting(NotConfirmed):
    """In the queue."""

    message = N_("%(name)s is still in the queue and has no seat.")


class OfferOpen(NotConfirmed):
    """A seat was offered and not taken."""

    message = N_("%(name)s was offered a seat and has not answered yet.")


class OfferDeclined(NotConfirmed):
    """They said no to it."""

    message = N_("%(name)s declined the seat on %(date)s.")


class Withdrawn(NotConfirmed):
    """The place was cancelled."""

    message = N_("The place of %(name)s was cancelled on %(date)s.")


class EventCancelled(DomainError):
    """Nobody comes to a cancelled event."""

    type = "event-cancelled"
    message = N_("This event is cancelled. Nobody can be marked.")


class ConsentMissingAtGate(DomainError):
    """A child whose guardians have not agreed, or one of whom is against it."""

    type = "consent-missing"
    title = N_("Consent is missing")
    message = N_(
        "%(name)s has no valid consent and may not go along. Let a guardian answer on their phone, or sign the paper "
        "form and have the coordinator record it."
    )


class AlreadyPresent(DomainError):
    """Somebody let them in before."""

    type = "already-present"
    title = N_("Already here")
    message = N_("%(name)s is already here: marked at %(time)s by %(by)s.")


class AlreadyLeft(DomainError):
    """They were here and went."""

    type = "already-left"
    message = N_("%(name)s left at %(time)s. Undo that first.")


class NotPresent(DomainError):
    """Only somebody who is here can do that."""

    type = "not-present"
    title = N_("Not here")
    message = N_("%(name)s is not marked present.")


class NothingToUndo(DomainError):
    """The mark doesn't stand any more."""

    type = "nothing-to-undo"
    message = N_("This mark was undone already.")


class ReasonMissing(DomainError):
    """A correction without a reason explains nothing later."""

    type = "reason-missing"
    message = N_("Say why the mark is corrected.")
    status = 422
    field = "reason"


class HandedOver(DomainError):
    """A child that was handed over has left; that is not taken back as a mark is."""

    type = "handed-over"
    message = N_(
        "This child was handed over to an adult. If that was a mistake, take it back on the page of the way home."
    )
