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
