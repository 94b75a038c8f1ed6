"""Why an institution can't be invited, or its list not be changed: each with the rule and the way out."""

from app.errors import N_, DomainError


class NotOpenForLists(DomainError):
    """A draft, or an event that is over or called off."""

    type = "not-open-for-lists"
    title = N_("No lists are taken now")
    message = N_("This event takes no lists now: it must be published and still ahead.")


class AlreadyInvited(DomainError):
    """One standing invitation for each institution."""

    type = "already-invited"
    message = N_("This institution is invited to this event already.")
    field = "institution_id"


class SeatsNotFree(DomainError):
    """More seats asked for than there are."""

    type = "seats-not-free"
    message = N_("Seats that nobody has and that no other institution was promised: %(free)s.")
    status = 422
    field = "seats"


class SeatsBelowList(DomainError):
    """Fewer seats than people on the list."""

    type = "seats-below-list"
    message = N_("People on the list already: %(used)s. Give at least that many seats.")
    status = 422
    field = "seats"


class ContactThere(DomainError):
    """Two links to one mailbox."""

    type = "contact-there"
    message = N_("This address has a link to the list already.")
    field = "email"


class InvitationOver(DomainError):
    """The event is behind us."""

    type = "invitation-over"
    title = N_("This link has ended")
    message = N_("The event is over, and the list with it. Thank you for bringing people.")
    status = 410


class NamesWereDue(DomainError):
    """The deadline has passed."""

    type = "names-were-due"
    title = N_("The deadline for names has passed")
    message = N_(
        "The deadline for names has passed. You can still take somebody off; for the rest write to the coordinator."
    )


class NobodyOnList(DomainError):
    """Nothing was chosen."""

    type = "nobody-chosen"
    message = N_("Nobody was chosen.")
    status = 422


class ListFull(DomainError):
    """All seats of the invitation are used, or the event's are."""

    type = "full"
    title = N_("No seats left")
    message = N_(
        "Seats left for your list: %(left)s, people to add: %(wanted)s. Take somebody off, or ask the coordinator."
    )


class EscortsMissing(DomainError):
    """More children than the escorts named may lead."""

    type = "escorts-missing"
    title = N_("Escorts are missing")
    message = N_(
        "Escorts missing: %(missing)s. Here one adult leads up to %(ratio)s children; for %(children)s children name "
        "%(needed)s escorts first."
    )


class EscortNeeded(DomainError):
    """Taking this one off would leave too few."""

    type = "escorts-missing"
    title = N_("Escorts are missing")
    message = N_(
        "For %(children)s children this place asks for %(needed)s escorts. Name another one first, or replace this one."
    )


class OnListAlready(DomainError):
    """The same name and birthday stands on this list."""

    type = "already-signed-up"
    title = N_("On the list already")
    message = N_("%(name)s stands on your list already. If this is another person of the same name, tick the box.")


class KnownAlready(DomainError):
    """The institution brought somebody of this name and birthday before."""

    type = "known-already"
    title = N_("You brought this person before")
    message = N_(
        "%(name)s came with you before: pick the name below. If this is another person of the same name, tick the box."
    )


class RowChanged(DomainError):
    """Somebody else changed the row since this page was opened."""

    type = "row-changed"
    title = N_("Changed in the meantime")
    message = N_("%(who)s changed this row in the meantime. Below is what stands there now; repeat your change.")


class RowChangedElsewhere(DomainError):
    """A file or a rule changed the row since this page was opened."""

    type = "row-changed"
    title = N_("Changed in the meantime")
    message = N_("This row was changed in the meantime. Below is what stands there now; repeat your change.")


class RowGone(DomainError):
    """Somebody else took the row off."""

    type = "row-gone"
    title = N_("Not on the list any more")
    message = N_("%(name)s is not on the list any more: %(who)s took this name off.")


class RowFreed(DomainError):
    """The seat went to somebody else without anybody's doing."""

    type = "row-gone"
    title = N_("Not on the list any more")
    message = N_("%(name)s is not on the list any more: the consent did not come in time.")


class NoRepresentative(DomainError):
    """Only a legal representative answers for the children."""

    type = "no-representative"
    title = N_("Only the representative answers")
    message = N_("Only the children's legal representative can agree here. You can upload the signed paper.")
    status = 403


class TooManyForList(DomainError):
    """More rows than a list of people takes at once."""

    type = "too-many-rows"
    message = N_("The file has more than %(most)s rows. Divide it into several files.")
    status = 422
    field = "file"
