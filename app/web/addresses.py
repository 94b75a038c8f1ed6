"""Addresses that came with a request."""


def own_path(wanted: str | None) -> str | None:
    """A path of ours to go on to; anything that could lead to another site is no path."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or not wanted.isprintable():
        return None
    return wanted
