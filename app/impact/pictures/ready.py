"""Whether a picture may be published, and what it still lacks. Pure."""

from collections.abc import Mapping

LANGUAGES = ("kk", "ru", "en")
# How a picture stands, in the order of the work.
STATES = ("objected", "to-describe", "to-look-at", "published", "withdrawn")


def is_described(shows: str, alt: Mapping[str, str]) -> bool:
    """Whom it shows is said, and what is to be seen, in each language."""
    return bool(shows) and all(alt.get(code, "").strip() for code in LANGUAGES)


def state_of(*, shows: str, alt: Mapping[str, str], is_published: bool, withdrawn_why: str) -> str:
    """One of STATES. One that was taken down by hand stays down until somebody publishes it again."""
    if is_published:
        return "published"
    if withdrawn_why == "consent":
        return "objected"
    if withdrawn_why:
        return "withdrawn"
    return "to-look-at" if is_described(shows, alt) else "to-describe"
