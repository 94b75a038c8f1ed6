"""The ids that phones and pages give to what they record, so that sending it twice records it once."""

from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from app.errors import N_, DomainError, Invalid


class EntryIdTaken(DomainError):
    """The id already stands for something else."""

    type = "entry-id-taken"
    message = N_("This was sent with the id of another mark. Reload the page and try again.")


def new_entry_id() -> str:
    """A fresh UUID for a form, made when the page is drawn."""
    return str(uuid4())


def many_entry_ids() -> str:
    """How the ids of one page's many forms begin: random, to be followed by twelve digits (0-9, a-f) of one's own."""
    return str(uuid4())[:24]


def canonical(entry_id: str) -> str:
    """The UUID as we store it; raises Invalid where it is none."""
    try:
        return str(UUID(entry_id))
    except ValueError as error:
        raise Invalid({"entry_id": N_("This mark has no valid id. Reload the page and try again.")}) from error


def following(entry_id: str, what: str) -> str:
    """The id of an entry that comes with this one (the stock that a hand-out takes): always the same."""
    return str(uuid5(NAMESPACE_URL, f"torangy:{what}:{entry_id}"))
