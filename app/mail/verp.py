"""Return paths that name their letter (VERP): what comes back says by its address alone which letter it was. Pure."""

import re

_ID = re.compile(r"\+([23456789bcdfghjkmnpqrstvwxz]{16})@", re.IGNORECASE)


def return_path(mail_id: str, address: str) -> str:
    """bounces@example.kz for one letter: bounces+4k7d...@example.kz."""
    local, _, host = address.rpartition("@")
    return f"{local}+{mail_id}@{host}"


def mail_id_in(address: str) -> str | None:
    """The letter that such an address names, however its case was changed on the way; None where there is none."""
    found = _ID.search(address)
    return found[1].lower() if found else None
