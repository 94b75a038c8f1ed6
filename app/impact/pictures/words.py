"""What states of pictures, reasons and answers are called; translated by whoever shows them."""

from app.errors import N_

SHOWS_NAMES = {
    "nobody": N_("Nobody can be recognised on it"),
    "agreed": N_("Everybody who can be recognised agreed"),
}
# state: (look of the chip, words)
STATE_NAMES = {
    "objected": ("stop", N_("Taken down: look again")),
    "to-describe": ("open", N_("To be described")),
    "to-look-at": ("wait", N_("Waits for a second look")),
    "published": ("ok", N_("Published")),
    "withdrawn": ("off", N_("Taken down")),
}
WHY_NAMES = {"refused": N_("said no to pictures"), "silent": N_("no consent of a guardian")}
REFUSED_WORDS = {
    "second-look": N_("Pictures that you uploaded yourself wait for somebody else."),
    "picture-not-ready": N_(
        "Pictures of which it isn't said who is on them, or which aren't described, were left out."
    ),
}
