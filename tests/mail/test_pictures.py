"""Codes in letters are the same as segno's, and cheap enough to be drawn with each letter."""

from time import process_time

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import TICKET_LETTERS, new_ticket
from app.mail.pictures import MARGIN, MASK, PIXELS, _png, code_pictures, code_png

TICKETS = st.text(TICKET_LETTERS, min_size=8, max_size=8)


def by_segno(text: str) -> bytes:
    matrix = segno.make(text, error="m", micro=False, mask=MASK).matrix
    return _png(["".join("1" if dark else "0" for dark in row) for row in matrix])


@settings(max_examples=300, deadline=None)
@given(TICKETS)
@pytest.mark.full
def test_a_tickets_code_is_what_segno_draws(ticket: str) -> None:
    assert code_png(ticket) == by_segno(ticket)


def test_other_texts_have_codes_too() -> None:
    for text in ("23456789", "00000000", "ABC", "Z" * 8, "A" * 40):
        assert code_png(text) == by_segno(text)


def test_each_code_that_is_shown_goes_along_once() -> None:
    html = b'<img src="cid:qr-7KQ2M4XD@torangy"><img src="cid:qr-W8RT3HPA@torangy"><img src="cid:qr-7KQ2M4XD@torangy">'
    assert [name for name, _ in code_pictures(html)] == ["qr-7KQ2M4XD@torangy", "qr-W8RT3HPA@torangy"]
    assert code_pictures(b'<img src="cid:qr-7kq2@torangy"> 7KQ2M4XD') == ()


def test_a_code_keeps_its_white_margin() -> None:
    png = code_png("7KQ2M4XD")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20], "big") == (21 + 2 * MARGIN) * PIXELS


def test_a_tickets_code_costs_less_than_half_of_a_general_one() -> None:
    tickets = [new_ticket() for _ in range(60)]
    code_png(tickets[0])
    assert min(_cost(code_png, tickets) for _ in range(5)) < min(_cost(by_segno, tickets) for _ in range(5)) / 2


def _cost(draw: object, tickets: list[str]) -> float:
    begun = process_time()
    for ticket in tickets:
        draw(ticket)  # type: ignore[operator]
    return process_time() - begun
