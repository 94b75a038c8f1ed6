"""What the letters are called where they are listed; a template without a name here shows its own."""

from app.errors import N_

KINDS = {
    "signups/confirmed": N_("Confirmation"),
    "signups/waiting": N_("In the queue"),
    "signups/promoted": N_("A seat from the queue"),
    "signups/offer": N_("A seat is offered"),
    "signups/offer_expired": N_("Offer ended"),
    "signups/approval_asked": N_("May they go?"),
    "signups/approval_pending": N_("Waiting for approval"),
    "signups/approval_refused": N_("Not approved"),
    "signups/approval_expired": N_("No approval in time"),
    "signups/cancelled": N_("Seat given up"),
    "signups/event_cancelled": N_("Event cancelled"),
    "reminders/reminder": N_("Reminder"),
    "access/activation": N_("Invitation to log in"),
    "access/password": N_("New password"),
}
