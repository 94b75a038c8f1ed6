"""From which state a follow-up may go on to which. Pure."""

from app.tasks.models import DONE, DROPPED, OPEN, WORKING

MOVES = {
    OPEN: (WORKING, DONE, DROPPED),
    WORKING: (DONE, OPEN, DROPPED),
    DONE: (OPEN,),
    DROPPED: (OPEN,),
}
# What its owner may say by the link; dropping it is not theirs to decide.
OWNERS_MOVES = {OPEN: (WORKING, DONE), WORKING: (DONE,), DONE: (), DROPPED: ()}


def may_go(before: str, after: str, *, is_owner: bool = False) -> bool:
    """Whether this move is one."""
    return after in (OWNERS_MOVES if is_owner else MOVES).get(before, ())
