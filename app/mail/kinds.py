"""What the letters are called where they are listed; a template without a name here shows its own."""

from app.errors import N_

KINDS = {
    "signups/confirmed": N_("Confirmation"),
    "signups/waiting": N_("In the queue"),
    "signups/promoted": N_("A seat from the queue"),
    "signups/cancelled": N_("Seat given up"),
    "signups/event_cancelled": N_("Event cancelled"),
    "reminders/reminder": N_("Reminder"),
    "access/activation": N_("Invitation to log in"),
    "access/password": N_("New password"),
}
