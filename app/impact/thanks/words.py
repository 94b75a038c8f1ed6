"""What the survey and the states of thanks are called by people, to translate. Pure."""

from app.errors import N_
from app.impact.thanks.due import OFF, TOO_LATE

SCALE_NAMES = {
    5: N_("Very good"),
    4: N_("Good"),
    3: N_("So-so"),
    2: N_("Not good"),
    1: N_("Bad"),
}
CHOICE_NAMES = {
    "nothing": N_("Nothing, all was fine"),
    "organisation": N_("Organisation on the day"),
    "transport": N_("The way there and back"),
    "equipment": N_("Gloves, bags, tools"),
    "food": N_("Food and water"),
    "time": N_("Day and hour"),
}
WAY_NAMES = {"weighed": N_("weighed"), "estimated": N_("estimated")}
REASONS = {
    OFF: N_("They are switched off for this event."),
    TOO_LATE: N_("It was too late to thank: too much time had passed since the event."),
}
