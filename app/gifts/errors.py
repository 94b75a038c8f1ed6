"""Why a gift isn't given or an entry isn't taken into the ledger."""

from app.errors import N_, DomainError


class UnknownSize(DomainError):
    """The item doesn't come in it."""

    type = "unknown-size"
    title = N_("No such size")
    message = N_("%(item)s comes in these sizes: %(sizes)s. “%(size)s” is none of them.")
    status = 422
    field = "size"


class SizeMissing(DomainError):
    """The item comes in sizes and none was chosen."""

    type = "size-missing"
    message = N_("Choose a size: %(item)s comes in %(sizes)s.")
    status = 422
    field = "size"


class HasNoSizes(DomainError):
    """One size fits all."""

    type = "unknown-size"
    message = N_("%(item)s has no sizes. Leave the size empty.")
    status = 422
    field = "size"


class UnknownKind(DomainError):
    """Entries of this kind aren't written by hand."""

    type = "unknown-kind"
    message = N_("An entry is a receipt, a loss, a correction, a return or a transfer. “%(kind)s” is none of them.")
    status = 422
    field = "kind"


class UnknownStore(DomainError):
    """No such city."""

    type = "unknown-store"
    message = N_("There is no store “%(store)s”.")
    status = 422
    field = "store"


class SameStore(DomainError):
    """A transfer needs two places."""

    type = "same-store"
    message = N_("A transfer goes to another city. Choose which.")
    status = 422
    field = "to_store"


class WrongQuantity(DomainError):
    """Zero, a sign that contradicts the kind, or more than anybody stores."""

    type = "wrong-quantity"
    message = N_("Write how many pieces, from 1 to %(most)s. Only a correction may be below zero.")
    status = 422
    field = "quantity"


class SizeInUse(DomainError):
    """Pieces of that size lie in a store."""

    type = "size-in-use"
    message = N_("Size %(size)s still stands in the ledger with %(quantity)s pieces. Book them out first.")
    field = "sizes"


class NotGivenHere(DomainError):
    """The event doesn't give this item."""

    type = "not-given-here"
    message = N_("%(item)s is not given at this event.")


class AlreadyGiven(DomainError):
    """Once per person, item and event."""

    type = "already-given"
    title = N_("Already given")
    message = N_("%(name)s already got %(item)s at %(time)s.")


class NotHere(DomainError):
    """Only those who came get a gift."""

    type = "not-present"
    title = N_("Not here")
    message = N_("%(name)s is not marked present. Mark them first, then give the gift.")


class WasHandedOut(DomainError):
    """Somebody has it already."""

    type = "was-handed-out"
    message = N_("%(item)s was already handed out at this event and stays on the list.")


class OutOfStock(DomainError):
    """The store has none, as far as the ledger knows."""

    type = "out-of-stock"
    title = N_("None left")
    message = N_("%(item)s: none are left in the store. Choose another size, or write down what came in.")


class TooFewInStock(DomainError):
    """More would go than there is."""

    type = "out-of-stock"
    title = N_("Not so many left")
    message = N_("%(item)s: the store has %(left)s. Count what lies there, then write it down.")
    field = "quantity"


class NotDue(DomainError):
    """Given at this event, but to others."""

    type = "not-due"
    message = N_("%(item)s is given at this event, but not to %(name)s: look at who gets it.")


class NotLentHere(DomainError):
    """The event doesn't lend this item."""

    type = "not-lent-here"
    message = N_("%(item)s is not lent at this event.")


class AlreadyLent(DomainError):
    """Once at a time."""

    type = "already-lent"
    message = N_("%(name)s already has %(item)s. Take it back first.")


class NothingToTakeBack(DomainError):
    """It came back, or never went."""

    type = "nothing-to-take-back"
    message = N_("This came back already.")


class SameSize(DomainError):
    """They have this size."""

    type = "same-size"
    message = N_("%(name)s has this size already. Choose another.")
    status = 422
    field = "size"
