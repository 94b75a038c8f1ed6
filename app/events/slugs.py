"""Readable addresses: a name in plain Latin letters, "Қала жағалауы" -> "qala-zhagalauy". Pure."""

import re
import unicodedata
from collections.abc import Collection

_CYRILLIC = "а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я".split()
_LATIN = "a a b v g g d e e zh z i i k q l m n n o o p r s t u u u f kh h ts ch sh shch - y i - e yu ya".split()
_LETTERS = {cyrillic: "" if latin == "-" else latin for cyrillic, latin in zip(_CYRILLIC, _LATIN, strict=True)}
LONGEST = 50


def slug_of(name: dict[str, str]) -> str:
    """The English name if there is one, else the Kazakh or Russian one, spelled in a-z, digits and hyphens."""
    text = next((name[code] for code in ("en", "kk", "ru") if name.get(code, "").strip()), "")
    latin = "".join(_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", text.lower()))
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-") or "unnamed"


def unused(slug: str, taken: Collection[str]) -> str:
    """The slug itself, or with the first number that nobody has."""
    number = 2
    candidate = slug
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate
