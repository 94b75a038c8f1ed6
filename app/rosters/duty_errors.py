"""What can stand in the way of a duty, as facts; each names the rule and the next step."""

from app.errors import N_, DomainError


class DutyFull(DomainError):
    """As many as are needed took it on."""

    type = "duty-full"
    message = N_("Enough people took this on already. Choose another task.")


class SkillMissing(DomainError):
    """It takes a skill that is proved and still valid on the day."""

    type = "skill-missing"
    message = N_("%(name)s has no valid proof of this skill on that day. The coordinator can enter one.")


class NotOnRoster(DomainError):
    """Only those who are in help on the day."""

    type = "not-on-roster"
    message = N_("%(name)s has no confirmed place at this event.")


class OnDuty(DomainError):
    """One person is in one place at a time."""

    type = "on-duty"
    message = N_("%(name)s has a task at that time already.")


class ForAdults(DomainError):
    """Children are never volunteers in such work."""

    type = "duty-for-adults"
    message = N_("%(name)s is under 18: tasks are for grown-ups.")


class OfNobody(DomainError):
    """Without a seat come only those who work: of the company, or of an institution that sends them."""

    type = "of-nobody"
    message = N_("%(name)s works neither here nor for an institution that we know. Give them a seat instead.")


class ShiftFull(DomainError):
    """The shift has a capacity of its own."""

    type = "shift-full"
    message = N_("This shift is full. Choose another one.")


class InUse(DomainError):
    """People hang on it."""

    type = "in-use"
    message = N_("People or needs hang on “%(name)s”. Take them off first.")


class DutyOver(DomainError):
    """What was done is done."""

    type = "duty-over"
    message = N_("The event is not ahead any more: tasks stay as they are.")
