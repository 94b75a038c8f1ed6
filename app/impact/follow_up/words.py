"""What the states of a follow-up and the lines of its history are called, to translate."""

from app.errors import N_
from app.tasks.models import DONE, DROPPED, OPEN, WORKING

STATE_NAMES = {
    OPEN: N_("Not begun"),
    WORKING: N_("In work"),
    DONE: N_("Finished"),
    DROPPED: N_("Dropped"),
}
SIGNS = {OPEN: "open", WORKING: "wait", DONE: "ok", DROPPED: "off"}
ENTRY_NAMES = {
    "made": N_("Written down"),
    "changed": N_("Was changed"),
    "moved": N_("Moved on"),
    "noted": N_("Note"),
    "answered": N_("Answer of the owner"),
    "asked": N_("The letter with the link went"),
    "told": N_("Told in person"),
    "reminded": N_("A reminder went to the owner"),
    "unreached": N_("No e-mail: to be told in person"),
    "escalated": N_("The coordinators heard that it is late"),
}
FIELD_NAMES = {
    "text": N_("What is to be done"),
    "city": N_("City"),
    "event_id": N_("Event"),
    "owner_id": N_("Owner"),
    "owner": N_("Owner"),
    "owner_email": N_("E-mail"),
    "owner_language": N_("Language of the letters"),
    "due_on": N_("Due day"),
    "state": N_("State"),
}
