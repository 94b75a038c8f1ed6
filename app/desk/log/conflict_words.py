"""What conflicts, their sides and refusals of operations are called by people, to translate. Pure.

A room adds the words of its kinds.
"""

from app.errors import N_

REFUSALS = {
    "out-of-stock": N_("None are left. Choose another size."),
    "malformed": N_("This can't be read: %(about)s."),
    "unknown-kind": N_("Nobody here knows what this is: %(about)s."),
    "unknown-ticket": N_("There is no ticket %(about)s. Check the letters, or search by name."),
    "ticket-of-another-event": N_("This ticket is for another event."),
    "unknown-place": N_("Nobody of this event has this place."),
    "unknown-subject": N_("What this is about is not part of this event."),
    "not-allowed": N_("You are not allowed to do this. Ask your coordinator."),
    "undo-of-undo": N_("An undo can't be undone. Say it again instead."),
    "too-late": N_("The event has been over for too long. Ask your coordinator."),
    "unknown-leg": N_("The trip of this event has no such leg or bus: %(about)s."),
    "unknown-device": N_("This was sealed by a phone that isn't known here."),
    "unreadable": N_("This can't be opened: it was changed on the way, or sealed for another event."),
    "after-revocation": N_("This was recorded after the phone's access had ended. Give the file to the coordinator."),
    "id-taken": N_("This was sent with the id of another mark. Reload the page and try again."),
}
CONFLICTS = {
    "given-twice": N_("One person got the same gift twice"),
    "given-to-absent": N_("A gift was given, but nobody let the person in"),
    "exchanged-twice": N_("One gift was exchanged for two sizes"),
    "lent-twice": N_("The same thing was lent twice, and one is still out"),
    "counted-twice": N_("Two people counted one table and came to different numbers"),
    "shortage": N_("The count at the table doesn't fit what was given"),
    "stock-below-zero": N_("More was given than the store had"),
    "present-and-absent": N_("Marked as present and as not coming"),
    "left-without-coming": N_("Left, but nobody let them in"),
    "came-twice": N_("Came twice: with a place and without"),
    "no-seat": N_("Let in without a confirmed seat"),
    "no-consent": N_("A child was let in, and a consent is missing"),
    "over-capacity": N_("Came without a place, and all seats are taken"),
    "in-two-buses": N_("Counted in two buses on one leg"),
    "counts-differ": N_("The heads and the names of a bus differ"),
    "departure-undecided": N_("A bus left, and nobody said why somebody is missing"),
    "departure-unconfirmed": N_("A bus left, and no second person confirmed it"),
    "handed-over-twice": N_("A child was handed over twice"),
    "handed-over-unproved": N_("A child was handed over to somebody who is not on its list"),
}
# What one side says, in the past: the time and the phone stand beside it.
SIDES = {
    "hand_out": N_("gave a gift"),
    "exchange": N_("exchanged a gift"),
    "return": N_("took a gift back"),
    "kit_out": N_("lent it"),
    "kit_back": N_("took it back"),
    "stock_open": N_("counted at the beginning"),
    "stock_close": N_("counted at the end"),
    "check_in": N_("let in"),
    "check_out": N_("marked as left"),
    "absent": N_("marked as absent"),
    "excused": N_("marked as excused"),
    "walk_in": N_("came without a place"),
    "undo": N_("taken back"),
    "board": N_("in the bus"),
    "alight": N_("got off"),
    "headcount": N_("counted"),
    "departure": N_("the bus left"),
    "confirm": N_("confirmed"),
    "hand_over": N_("handed over"),
}
# What a coordinator says by choosing this side.
CHOICES = {
    "hand_out": N_("This one was given"),
    "exchange": N_("They have this size"),
    "kit_out": N_("This one was lent"),
    "stock_open": N_("This number holds"),
    "stock_close": N_("This number holds"),
    "check_in": N_("They are here"),
    "check_out": N_("They left"),
    "absent": N_("They are absent"),
    "excused": N_("They are excused"),
    "walk_in": N_("They came without a place"),
    "board": N_("They rode in this bus"),
    "headcount": N_("This number holds"),
    "departure": N_("The bus left so"),
    "hand_over": N_("This hand-over holds"),
}
# Nothing is to be chosen here: all of it happened, and somebody says how it could.
EXPLAINED = ("stock-below-zero", "shortage")
LET_STAND, TAKE_BACK = N_("Let it stand"), N_("Take the record back")
REASONS = {
    "asked": N_("I asked them"),
    "seen": N_("I saw it myself"),
    "slip": N_("Somebody tapped the wrong one"),
    "agreed": N_("Agreed with those who lead"),
}
# What people at the door say by one tap.
REASONS_AT_DOOR = {
    "parent": N_("A parent is here and agrees"),
    "known": N_("I know them"),
    "room": N_("There is room"),
    "ill": N_("They are ill"),
    "work": N_("They have to work"),
    "family": N_("Something in the family"),
}


def refusal_words(why: str) -> str:
    """The sentence of a refusal, to translate; %(about)s is what could not be read or found."""
    return REFUSALS[why]


def spoken_conflict(kind: str) -> str:
    """What the contradiction is, to translate."""
    return CONFLICTS.get(kind, kind)


def spoken_side(kind: str) -> str:
    """What one side said, to translate."""
    return SIDES.get(kind, kind)


def spoken_choice(kind: str) -> str:
    """What a coordinator says who keeps this side, all of them, or none; to translate."""
    return {"both": LET_STAND, "none": TAKE_BACK}.get(kind) or CHOICES.get(kind, kind)


def spoken_reason(reason: str) -> str:
    """One of the usual reasons, to translate; what was typed stays as it is."""
    return REASONS.get(reason) or REASONS_AT_DOOR.get(reason, reason)
