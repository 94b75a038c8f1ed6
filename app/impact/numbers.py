"""Reading numbers as people write them. Pure.

Decimal commas and points, spaces of every width between thousands. `43,125` may be 43 tonnes or 43 thousand: it is
read as a decimal, and whoever wrote it is asked.
"""

import re
from decimal import Decimal, InvalidOperation

from app.impact.errors import NoFigure, NotANumber, TooLarge

Written = str | int | float | Decimal

LARGEST = Decimal(10) ** 12

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\ufeff'’]+")

_GROUPED = re.compile(r"[+−-]?\d{1,3}(,\d{3})+\.\d+")

_LIKE_THOUSANDS = re.compile(r"[+−-]?[1-9]\d{0,2}[.,]\d{3}")


def read_number(written: Written) -> Decimal:
    """The number that somebody wrote; raises NoFigure, NotANumber or TooLarge."""
    text = _SPACES.sub("", str(written)).replace("−", "-")
    if not text:
        raise NoFigure
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise NotANumber(text=str(written)[:40]) from error
    if not value.is_finite() or isinstance(written, bool):
        raise NotANumber(text=str(written)[:40])
    if abs(value) > LARGEST:
        raise TooLarge
    return value


def is_ambiguous(written: Written) -> bool:
    """`43,125`: forty-three and a bit, or forty-three thousand?"""
    return isinstance(written, str) and bool(_LIKE_THOUSANDS.fullmatch(_SPACES.sub("", written)))


def grouped(value: Decimal | int) -> str:
    """2 826 000 with no-break spaces and a decimal comma: how a refusal repeats a figure."""
    whole, _, fraction = f"{Decimal(value):f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{int(whole):,}".replace(",", "\u00a0") + ("," + fraction if fraction else "")
