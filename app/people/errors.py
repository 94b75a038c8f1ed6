"""What the rules of people say no to."""

from app.errors import N_, DomainError


class ChildAlreadyThere(DomainError):
    """The guardian has a child of this name and birthday."""

    type = "child-already-there"
    title = N_("Already there")
    message = N_("%(name)s with this date of birth is already on the list.")
    field = "given_name"


class NumberTaken(DomainError):
    """Two people can't have one personnel number."""

    type = "number-taken"
    title = N_("Personnel number taken")
    message = N_("Somebody already has the personnel number %(number)s.")
    field = "personnel_number"


class NoSuchColleague(DomainError):
    """The number and the surname don't belong together; whose the number is stays unsaid."""

    type = "no-such-colleague"
    title = N_("No such colleague")
    message = N_("We found no colleague with this personnel number and surname. Ask them for both.")
    field = "personnel_number"
    status = 422


class AlreadyInBrigade(DomainError):
    """They are in it, or lead it."""

    type = "already-in-brigade"
    title = N_("Already in the brigade")
    message = N_("%(name)s is in this brigade already.")
    field = "personnel_number"


class BrigadeFull(DomainError):
    """More than anybody leads in one brigade."""

    type = "brigade-full"
    title = N_("The brigade is full")
    message = N_("A brigade has up to %(limit)s people. Found a second one.")
    field = "personnel_number"


class BrigadeEnded(DomainError):
    """It is no more."""

    type = "brigade-ended"
    title = N_("This brigade has ended")
    message = N_("This brigade has ended. Nobody can be added to it.")
    field = "personnel_number"


class NotInBrigade(DomainError):
    """They left already."""

    type = "not-in-brigade"
    title = N_("Not in the brigade")
    message = N_("This colleague is no longer in the brigade.")


class BrigadeNameTaken(DomainError):
    """One leader, two brigades of one name: nobody could tell them apart."""

    type = "brigade-name-taken"
    title = N_("You have such a brigade")
    message = N_("A brigade of this name stands already. Choose another name.")
    field = "name"


class AlreadyGuardian(DomainError):
    """They decide for the child already."""

    type = "already-guardian"
    title = N_("A guardian already")
    message = N_("%(name)s is a guardian of this child already.")
    field = "personnel_number"


class NotAGuardianNow(DomainError):
    """Ended before."""

    type = "not-a-guardian-now"
    message = N_("This person is no guardian of the child any more.")


class LastGuardian(DomainError):
    """A child without anybody who decides would hear of nothing."""

    type = "last-guardian"
    title = N_("The only guardian")
    message = N_("Somebody must decide for %(name)s: add the new guardian first.")


class AlreadyAsked(DomainError):
    """The other parent has the letter."""

    type = "already-asked"
    title = N_("Asked already")
    message = N_("You have asked already. If there is no answer, talk to the coordinator.")


class SharingAnswered(DomainError):
    """A link counts once."""

    type = "sharing-answered"
    title = N_("Answered already")
    message = N_("This question is answered already.")
