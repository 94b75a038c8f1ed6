"""What became of planned events, in words; translated by whoever shows them."""

from app.errors import N_

FATE_NAMES = {
    "done": N_("Took place"),
    "ahead": N_("Still ahead"),
    "added": N_("Not in the plan"),
    "slipped": N_("Slipped"),
    "late": N_("Its day has passed, still a draft"),
    "dropped": N_("Dropped"),
}
# How a chip of the look shows it.
LOOKS = {"done": "ok", "ahead": "wait", "added": "offer", "slipped": "wait", "late": "wait", "dropped": "off"}
