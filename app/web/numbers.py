"""Numbers, money and the geometry of meters and bars. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

NBSP = "\u00a0"
MINUS = "\u2212"
MILLION = {"kk": "млн", "ru": "млн", "en": "million"}
LASTING = {"kk": ("с", "мин", "сағ", "күн"), "ru": ("с", "мин", "ч", "дн."), "en": ("s", "min", "h", "days")}
SEAT_TICKS = 20
WIDEST_BAR = 70  # per cent; the rest is for the figure at the end of the line
THINNEST_BAR = Decimal("0.6")

Numeric = int | float | Decimal


def number(value: Numeric, language: str, decimals: int = 3) -> str:
    """12 850 or 2,5 (2.5 in English): grouped by no-break spaces, at most that many decimals, no trailing zeros."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    fraction = fraction.rstrip("0")
    text = f"{int(whole):,}".replace(",", NBSP)
    if fraction:
        text += ("." if language == "en" else ",") + fraction
    return MINUS + text if rounded < 0 else text


def tenge(amount: Numeric) -> str:
    """1 234 567 ₸: whole tenge, alike in all three languages."""
    return f"{number(amount, 'kk', 0)}{NBSP}₸"


def unit_price(amount: Numeric, language: str) -> str:
    """What one of something costs: 12 855 ₸, but 54,34 ₸ below a hundred, where the tiyn still tell."""
    return f"{number(amount, language, 2 if -100 < amount < 100 else 0)}{NBSP}₸"


def millions(amount: Numeric, language: str) -> str:
    """138,4 млн ₸; the full sum belongs below it."""
    return f"{number(Decimal(str(amount)) / 1_000_000, language, 1)}{NBSP}{MILLION[language]}{NBSP}₸"


def lasting(seconds: float, language: str) -> str:
    """12 с, 4 мин, 3 сағ, 6 күн: how long something took, in the largest unit of which there are two."""
    units = LASTING[language]
    for size, unit in ((86_400, units[3]), (3_600, units[2]), (60, units[1])):
        if seconds >= 2 * size:
            return f"{number(seconds / size, language, 0)}{NBSP}{unit}"
    return f"{number(seconds, language, 0)}{NBSP}{units[0]}"


class SeatBar(NamedTuple):
    """Widths in per cent of the meter."""

    taken: float
    held_from: float
    held: float


def seat_bar(taken: int, held: int, capacity: int) -> SeatBar:
    """Twenty ticks, filled ones rounded down, so that one stays free while a seat is free.

    A fill ends in the gap before the next tick.
    """
    taken_ticks = _ticks(taken, capacity)
    filled_ticks = _ticks(taken + held, capacity)
    step = 100 / SEAT_TICKS
    gap = 0 if taken_ticks in (0, SEAT_TICKS) else 0.5
    return SeatBar(taken_ticks * step - gap, taken_ticks * step, (filled_ticks - taken_ticks) * step)


def _ticks(seats: int, capacity: int) -> int:
    return min(SEAT_TICKS, SEAT_TICKS * max(seats, 0) // capacity) if capacity > 0 else 0


def bar_width(amount: Numeric, largest: Numeric) -> str:
    """The length of a chart's bar, "35.32%": the largest takes 70 %, and nothing that exists is invisible."""
    if not amount or not largest:
        return "0%"
    share = Decimal(str(amount)) / Decimal(str(largest)) * WIDEST_BAR
    return f"{max(share, THINNEST_BAR):.2f}%"
