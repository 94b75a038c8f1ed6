"""The use cases of sign-ups in one place to import from; each is written in the file of its verb."""

from app.signups.cancelling import cancel_place, cancel_signup, free_seats_of
from app.signups.capacity import change_event
from app.signups.consenting import give_consent, revoke_consent
from app.signups.signing_up import Answers, sign_up

__all__ = [
    "Answers",
    "cancel_place",
    "cancel_signup",
    "change_event",
    "free_seats_of",
    "give_consent",
    "revoke_consent",
    "sign_up",
]
