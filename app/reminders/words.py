"""What a plan of reminders is called by people: to whom, in which state, why one was not sent. Pure."""

from app.errors import N_
from app.reminders.due import ADDED_LATE, NIGHT_UNTIL_START, SUPERSEDED, TOO_LATE
from app.reminders.plans import CONFIRMED, DAYS, ESCORTS, HOSTS, HOURS, INSTITUTIONS

AUDIENCE_NAMES = {
    CONFIRMED: N_("Those who go, and guardians of children"),
    ESCORTS: N_("Escorts and staff of the day"),
    HOSTS: N_("Hosts and guides who confirmed"),
    INSTITUTIONS: N_("Contacts of institutions"),
}
UNIT_NAMES = {DAYS: N_("days before"), HOURS: N_("hours before")}
REASONS = {
    TOO_LATE: N_("It was too late: the event was about to begin."),
    SUPERSEDED: N_("It was late, and the next reminder was near."),
    NIGHT_UNTIL_START: N_("The night lasted until the beginning."),
    ADDED_LATE: N_("Its time had passed when it was added."),
}
STATES = {
    "sent": N_("written"),
    "going": N_("being written"),
    "missed": N_("not sent"),
    "waits": N_("waits"),
    "off": N_("waits for publication"),
}
