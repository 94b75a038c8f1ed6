"""Pictures of codes in letters: whatever HTML shows as `cid:qr-<TEXT>@torangy` goes along as a small PNG. Pure.

A ticket's code costs less to draw than a row costs to read, so its picture is kept nowhere: with version, length and
mask given, each bit of the text turns over the same modules whatever the others say. Those are asked of segno once.
"""

import re
import struct
import zlib
from functools import cache

import segno
from segno.consts import ALPHANUMERIC_CHARS

_SHOWN = re.compile(rb"cid:(qr-([0-9A-Z]+)@torangy)")
PIXELS, MARGIN = 8, 4  # of one module (eight, so that a module is a byte); modules of white around
QUICKLY = 3  # zlib's best is half as long, 130 bytes less, and takes three times as long
MASK = 2  # any of the eight is read alike; weighing all of them is what takes the time
TICKET, PAIR, SIDE = 8, 11, 21  # letters of a ticket; bits that two of them take; modules of such a code
_LETTERS = {chr(letter): value for value, letter in enumerate(ALPHANUMERIC_CHARS)}
_PAIRS = tuple(range(0, TICKET, 2))
_DARK_IS_ZERO = bytes.maketrans(b"01", b"\xff\x00")
_EDGE = b"\xff" * MARGIN


def code_pictures(html: bytes) -> tuple[tuple[str, bytes], ...]:
    """(content id, PNG) of every code that this HTML shows, each once."""
    shown = dict.fromkeys(_SHOWN.findall(html))
    return tuple((name.decode("ascii"), code_png(text.decode("ascii"))) for name, text in shown)


def code_png(text: str) -> bytes:
    """The QR code of this text, black on white with its margin."""
    if len(text) == TICKET and not text.isdigit():
        return _png([format(row, f"0{SIDE}b") for row in _rows_of(_ticket(text))])
    matrix = segno.make(text, error="m", micro=False, mask=MASK).matrix
    return _png(["".join("1" if dark else "0" for dark in row) for row in matrix])


def _ticket(text: str) -> int:
    """All modules of a ticket's code as one number."""
    turned, modules = _turned(), _drawn(_written(0))
    for place in _PAIRS:
        value = _LETTERS[text[place]] * 45 + _LETTERS[text[place + 1]]
        for bit in range(PAIR):
            if value >> bit & 1:
                modules ^= turned[place * PAIR // 2 + bit]
    return modules


@cache
def _turned() -> tuple[int, ...]:
    """Which modules each bit of the text turns over, pair by pair."""
    blank = _drawn(_written(0))
    return tuple(blank ^ _drawn(_written(1 << bit, place)) for place in _PAIRS for bit in range(PAIR))


def _written(value: int, place: int = 0) -> str:
    """Eight letters that say nothing but this value in the pair at that place."""
    letters = ["0"] * TICKET
    letters[place], letters[place + 1] = (chr(ALPHANUMERIC_CHARS[each]) for each in divmod(value, 45))
    return "".join(letters)


@cache
def _drawn(text: str) -> int:
    matrix = segno.make(text, error="m", micro=False, mode="alphanumeric", version=1, mask=MASK).matrix
    return int("".join("1" if dark else "0" for row in matrix for dark in row), 2)


def _rows_of(modules: int) -> list[int]:
    row = (1 << SIDE) - 1
    return [modules >> SIDE * down & row for down in reversed(range(SIDE))]


def _png(rows: list[str]) -> bytes:
    """A bitmap of rows of "1" (dark) and "0"; unfiltered."""
    side = (len(rows) + 2 * MARGIN) * PIXELS
    white = (b"\0" + b"\xff" * (side // 8)) * (MARGIN * PIXELS)
    lines = (b"\0" + _EDGE + row.encode().translate(_DARK_IS_ZERO) + _EDGE for row in rows)
    pixels = white + b"".join(line * PIXELS for line in lines) + white
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(pixels, QUICKLY)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
