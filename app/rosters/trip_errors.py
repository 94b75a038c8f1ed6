"""What can stand in the way of hosts and lunches, as facts; each names the state and the next step."""

from app.errors import N_, DomainError


class NoAddress(DomainError):
    """A letter needs somewhere to go."""

    type = "host-without-address"
    message = N_("%(name)s has no e-mail address here. Add one, or call and write the answer down.")


class HostThere(DomainError):
    """One person gets one invitation."""

    type = "host-there"
    message = N_("Somebody with this e-mail address is among the hosts already.")
    field = "email"


class NotYetPublic(DomainError):
    """Nobody is invited to a draft."""

    type = "event-not-open"
    message = N_("Hosts are invited once the event is published and while it is ahead.")


class AnswerClosed(DomainError):
    """On the day itself people rely on the answer."""

    type = "answer-closed"
    title = N_("The day has come")
    message = N_("The day has come, so the answer can't be changed here any more. Please call the coordinator.")


class NobodyConfirmed(DomainError):
    """The list of names goes to those who said that they receive us."""

    type = "nobody-confirmed"
    message = N_("No host has confirmed yet. The list goes only to those who did.")


class NoLunch(DomainError):
    """There is nothing to order."""

    type = "no-lunch"
    message = N_("No lunch is given at this event. Tick it in the plan first.")


class NoCaterer(DomainError):
    """There is nobody to tell."""

    type = "no-caterer"
    message = N_("Say first who cooks: a name and an e-mail address.")


class NothingNew(DomainError):
    """The caterer knows these numbers."""

    type = "nothing-new"
    message = N_("The caterer has these very numbers already.")
