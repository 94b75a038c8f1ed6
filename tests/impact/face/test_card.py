"""The picture of a link: its size, the letters of Kazakh, texts that are too long. Pure."""

import io
from collections.abc import Sequence

import pytest
from PIL import Image, ImageFont

from app.impact.face.card import FONTS, CardFigure, draw_card

FIGURES = [CardFigure("80", "т", "қоқыс жағалаудан шығарылды"), CardFigure("448 463", "", "балық жіберілді")]


def drawn(figures: Sequence[CardFigure] = FIGURES, heading: str = "Нәтижелер") -> Image.Image:
    return Image.open(io.BytesIO(draw_card("Тораңғы", heading, figures, "Балқаш, Жезқазған, 2022–2023")))


@pytest.mark.full
def test_it_is_a_png_of_the_size_that_is_asked_for_and_small() -> None:
    content = draw_card("Тораңғы", "Нәтижелер", FIGURES, "Балқаш")
    image = Image.open(io.BytesIO(content))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(content) < 60_000


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_every_letter_of_kazakh_and_the_tenge_have_a_shape_of_their_own(style: str) -> None:
    font = ImageFont.truetype(FONTS / f"NotoSans-{style}.ttf", 40)
    missing = bytes(font.getmask("\uffff"))
    for letter in "әғқңөұүһіӘҒҚҢӨҰҮҺІ₸–":
        assert bytes(font.getmask(letter)) not in (missing, b""), letter


@pytest.mark.full
def test_nothing_is_drawn_over_the_edge() -> None:
    long = "Ұзақ " * 40
    image = drawn([CardFigure("999 999 999 999", "млн ₸", long)] * 9, heading=long).convert("RGB")
    mast = image.getpixel((2, 2))
    edge = [image.getpixel((x, y)) for y in range(0, 630, 3) for x in (*range(0, 60, 3), *range(1142, 1200, 3))]
    assert set(edge) == {mast}


@pytest.mark.full
def test_a_report_without_figures_has_a_picture_too() -> None:
    assert drawn([]).size == (1200, 630)
