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
    "rosters/list": N_("List of names"),
    "rosters/host_invited": N_("A host is asked"),
    "rosters/host_list": N_("List of names for a host"),
    "rosters/host_cancelled": N_("A host hears that nobody comes"),
    "rosters/host_declined": N_("A host can't come"),
    "rosters/lunch_order": N_("Lunch for the caterer"),
    "rosters/lunch_changed": N_("The lunch numbers changed"),
    "rosters/duty_placed": N_("Placed on a task"),
    "rosters/duty_released": N_("Taken off a task"),
    "desk/message": N_("Message of the coordinator"),
    "desk/seat_gained": N_("Places swapped: a seat"),
    "desk/seat_given": N_("Places swapped: back in the queue"),
    "access/activation": N_("Invitation to log in"),
    "access/password": N_("New password"),
    "desk/hand": N_("Helping at an event"),
    "access/delegation": N_("Standing in for somebody"),
}
