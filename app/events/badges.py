"""Badges that a programme may turn on: few, and each says what it is given for. None compares people."""

from app.errors import N_

# {key: (its name, what for)}
BADGES = {
    "first": (N_("The first time"), N_("Took part for the first time in this programme")),
    "three": (N_("Three times"), N_("Took part three times in one year")),
    "ten-hours": (N_("Ten hours"), N_("Gave ten hours as a volunteer in one year")),
    "family": (N_("With the family"), N_("Came with a child of one's own")),
}
NAMES = {key: name for key, (name, _) in BADGES.items()}
