"""The picture that a link to the public page shows elsewhere: 1200 x 630, the mark, the figures, where and when.

Drawn with the Noto Sans that is committed, so that ә ғ қ ң ө ұ ү һ і ₸ come out alike on every machine. Pure.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parents[3] / "static/vendor/noto-sans-ttf"
WIDTH, HEIGHT, MARGIN = 1200, 630, 72
MAST, ON_MAST, SOFT, COPPER = "#12382f", "#f4f3ee", "#b9d3c8", "#f0a577"
MOST = 4  # figures
GAP = 40
SIZES = (76, 68, 60, 52, 44)
Point = tuple[float, float]
# The mark as in logo.svg, on a field of 32 x 32: curves of Bézier from a point on.
BROAD = ((14.6, 19.4), [(8.8, 9.8, 16.5, 1.4, 29.8, 2.2), (31.3, 13.6, 25, 22, 14.6, 19.4)])
NARROW = ((13.6, 27), [(6.8, 25.6, 1.8, 19, 1.6, 9.6), (8.7, 12.6, 13.2, 18.6, 13.6, 27)])
STALK = ((14.6, 19), [(13.6, 23, 13.4, 27, 13.8, 30.8)])
STEPS, FINER = 24, 4


@dataclass(frozen=True)
class CardFigure:
    """A figure as it is to be read: "80", "t", "of waste taken away from the shore"."""

    figure: str
    unit: str
    label: str


def draw_card(name: str, heading: str, figures: Sequence[CardFigure], below: str) -> bytes:
    """A PNG; texts that are too long are broken or cut with a sign, never drawn over the edge."""
    image = Image.new("RGB", (WIDTH, HEIGHT), MAST)
    draw = ImageDraw.Draw(image)
    image.paste(_mark(76), (MARGIN - 6, 52))
    draw.text((MARGIN + 88, 90), name, font=_font("Bold", 38), fill=ON_MAST, anchor="lm")
    title = _fitting(draw, heading, WIDTH - 2 * MARGIN, (64, 54, 44))
    draw.text((MARGIN, 200), _cut(draw, heading, title, WIDTH - 2 * MARGIN), font=title, fill=ON_MAST, anchor="lm")
    _figures(draw, figures[:MOST])
    small = _font("Regular", 30)
    draw.text((MARGIN, HEIGHT - 58), _cut(draw, below, small, WIDTH - 2 * MARGIN), font=small, fill=SOFT, anchor="lm")
    held = io.BytesIO()
    image.quantize(colors=64, dither=Image.Dither.NONE).save(held, "PNG", optimize=True)
    return held.getvalue()


def _figures(draw: ImageDraw.ImageDraw, figures: Sequence[CardFigure]) -> None:
    """Columns of equal width, each under a rule, its number as large as the longest of them allows."""
    shown, width, size = _columns(draw, figures)
    label, bold, unit = _font("Regular", 29), _font("Bold", size), _font("Bold", size // 2)
    for number, one in enumerate(shown):
        left = MARGIN + number * (width + GAP)
        draw.rectangle((left, 262, left + width, 267), fill=COPPER)
        figure = _cut(draw, one.figure, bold, width)
        draw.text((left, 318), figure, font=bold, fill=ON_MAST, anchor="lm")
        after = draw.textlength(figure + " ", font=bold)
        if one.unit and after + draw.textlength(one.unit, font=unit) <= width:
            draw.text((left + after, 318 + size * 0.36), one.unit, font=unit, fill=ON_MAST, anchor="ls")
        for line, text in enumerate(_lines(draw, one.label, label, width)):
            draw.text((left, 388 + line * 38), text, font=label, fill=SOFT, anchor="lm")


def _columns(draw: ImageDraw.ImageDraw, figures: Sequence[CardFigure]) -> tuple[Sequence[CardFigure], float, int]:
    """As many figures as fit side by side, the width of each and the size of their numbers."""
    for many in range(min(MOST, len(figures)), 0, -1):
        width = (WIDTH - 2 * MARGIN - GAP * (many - 1)) / many
        for size in SIZES:
            if all(_width(draw, one, size) <= width for one in figures[:many]):
                return figures[:many], width, size
    return figures[:1], WIDTH - 2 * MARGIN, SIZES[-1]


def _width(draw: ImageDraw.ImageDraw, one: CardFigure, size: int) -> float:
    unit = draw.textlength(" " + one.unit, font=_font("Bold", size // 2)) if one.unit else 0
    return draw.textlength(one.figure, font=_font("Bold", size)) + unit + size // 4


def _fitting(draw: ImageDraw.ImageDraw, text: str, width: float, sizes: Sequence[int]) -> ImageFont.FreeTypeFont:
    fonts = [_font("Bold", size) for size in sizes]
    return next((font for font in fonts if draw.textlength(text, font=font) <= width), fonts[-1])


def _lines(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float, most: int = 4
) -> list[str]:
    """The text in lines of whole words; what doesn't fit any more is cut with a sign."""
    lines: list[str] = []
    words = text.split(" ")
    while words and len(lines) < most:
        line = words.pop(0)
        while words and draw.textlength(f"{line} {words[0]}", font=font) <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(_cut(draw, line, font, width))
    if words:
        lines[-1] = _cut(draw, lines[-1] + " …", font, width)
    return lines


def _cut(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if draw.textlength(text, font=font) <= width:
        return text
    while text and draw.textlength(text + "…", font=font) > width:
        text = text[:-1]
    return text.rstrip() + "…"


@lru_cache(maxsize=1)
def _mark(size: int) -> Image.Image:
    """Drawn large and made smaller: the library's own edges are jagged."""
    scale = FINER * size / 32
    image = Image.new("RGB", (FINER * size, FINER * size), MAST)
    draw = ImageDraw.Draw(image)
    for path, colour in ((BROAD, ON_MAST), (NARROW, COPPER)):
        draw.polygon([(x * scale, y * scale) for x, y in _curve(*path)], fill=colour)
    draw.line(
        [(x * scale, y * scale) for x, y in _curve(*STALK)], fill=ON_MAST, width=round(2.2 * scale), joint="curve"
    )
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _curve(start: Point, parts: Sequence[tuple[float, ...]]) -> list[Point]:
    points, here = [start], start
    for x1, y1, x2, y2, x3, y3 in parts:
        for step in range(1, STEPS + 1):
            t = step / STEPS
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append((a * here[0] + b * x1 + c * x2 + d * x3, a * here[1] + b * y1 + c * y2 + d * y3))
        here = (x3, y3)
    return points


@lru_cache(maxsize=32)
def _font(style: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"NotoSans-{style}.ttf", size)
