"""The help pages: for everybody, and the helper's card says in each language what its guide says."""

import pytest
from flask.testing import FlaskClient

from app.web.help import points_of_card

FIRST = {"kk": "Кешке", "ru": "Вечером", "en": "The evening before"}


@pytest.mark.parametrize("language", FIRST)
def test_the_card_has_its_nine_points_in_each_language(language):
    points = points_of_card(language)
    assert len(points) == 9 and points[0][0][0].startswith(FIRST[language])
    told = "".join("".join(piece) for point in points for piece in point)
    assert "103" in told and "*" not in told and "  " not in told and "\n" not in told


def test_anybody_reads_it(client: FlaskClient):
    page = client.get("/help/card", headers={"Accept-Language": "en"})
    assert page.status_code == 200 and "Red:" in page.text and "data-print" in page.text
    assert "/help/card" in client.get("/help").text
