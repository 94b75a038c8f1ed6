"""Marks for the words that phones take along: where they stand they are source texts, and are spoken later."""

Words = dict[str, str | tuple[str, str]]


def ngettext(singular: str, plural: str) -> tuple[str, str]:
    """Marks a counted text for the translators, who look for this name; as N_ marks the others."""
    return singular, plural
