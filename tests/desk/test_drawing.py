"""Lines that look alike are drawn once; each still says its own words, escaped, and has ids of its own."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.attendance.entry_ids import canonical, many_entry_ids
from app.attendance.queries import Attendance
from app.db import transaction
from app.desk.roster.drawing import drawn_alike
from app.desk.roster.roster import GiftLine, RosterRow
from app.people.models import Person
from tests import factories

LogIn = Callable[[Person], FlaskClient]
LINE = RosterRow(
    place_id="p1", person_id="q1", surname="Омаров", given_name="Нұрлан", patronymic="", age=None, is_minor=False,
    personnel_number="1", department="Цех", school_class="", group_id=None, group="1", role="participant",
    status="confirmed", ticket="T", size="L", consent=None, has_note=False, attendance=Attendance(), gifts=(), bus="2",
)  # fmt: skip


def draw(row: RosterRow, *, number: Any, since: str, ids: Callable[[], str]) -> str:
    told = (
        number,
        row.place_id,
        row.name,
        row.age,
        row.group,
        row.bus,
        row.personnel_number,
        row.department,
        row.status,
    )
    return "|".join(["100%", *map(str, told), *(ids() for gift in row.gifts)]) + "\n"


def lines(*rows: RosterRow, first: int = 1) -> list[str]:
    drawn = drawn_alike(rows, draw, first=first, entry_ids="ids-", timezone="Asia/Almaty")
    return str(drawn).splitlines()


def test_a_line_says_its_own_words_though_another_was_drawn() -> None:
    other = LINE._replace(place_id="p2", surname="Ким", given_name="Иван", group="10", bus="7", personnel_number="9")
    assert lines(LINE, other, first=5) == [
        "100%|5|p1|Омаров Нұрлан|None|1|2|1|Цех|confirmed",
        "100%|6|p2|Ким Иван|None|10|7|9|Цех|confirmed",
    ]


@pytest.mark.parametrize(
    "change",
    [{"status": "waiting"}, {"group": ""}, {"age": 12}, {"department": ""}, {"bus": ""}, {"personnel_number": ""}],
)
def test_what_looks_otherwise_is_drawn_anew(change: dict[str, Any]) -> None:
    other = LINE._replace(**change)
    assert lines(LINE, other)[1] == lines(other, first=2)[0]
    assert lines(LINE, other)[1].split("|")[2:] != lines(LINE)[0].split("|")[2:]


def test_words_are_escaped() -> None:
    nasty = LINE._replace(surname="<b>", given_name="%(name)s", group='"&', bus="<i>", department="<u>")
    assert lines(nasty) == ["100%|1|p1|&lt;b&gt; %(name)s|None|&#34;&amp;|&lt;i&gt;|1|&lt;u&gt;|confirmed"]


def test_every_form_has_an_id_of_its_own() -> None:
    gift = GiftLine("g", {"en": "Cap"}, (), "")
    drawn = "".join(lines(*[LINE._replace(gifts=(gift, gift))] * 20))
    found = re.findall(r"ids-[0-9a-f]{12}", drawn)
    assert len(found) == len(set(found)) == 40


def test_ids_of_a_page_are_uuids() -> None:
    begins = many_entry_ids()
    assert canonical(begins + "0000000001" + "01") == begins + "000000000101"
    assert begins != many_entry_ids()


@pytest.mark.full
def test_the_roster_draws_each_person_as_if_alone(app: Flask, log_in: LogIn) -> None:
    event = factories.event(audience="families")
    nurlan = factories.employee("Сейітқали <b>", "Нұрлан", department="Цех & Ко")
    people = [nurlan, factories.child(nurlan), factories.employee("Ким", "Иван"), factories.employee("Ли", "Анна")]
    places = [factories.place(event, who) for who in people]
    with transaction():
        places[2].tshirt_size = "XL"
    aigul = log_in(factories.coordinator())
    address = f"/events/{event.id}/roster?columns=age&columns=number&columns=department&columns=status&columns=gifts"
    together = aigul.get(address).text
    for place, who in zip(places, people, strict=True):
        alone = _line(aigul.get(f"{address}&q={who.given_name}").text, place.id)
        assert _without_ids(_line(together, place.id)) == _without_ids(alone)
    assert "Сейітқали &lt;b&gt;" in together
    assert not re.search("[\ue000-\uf8ff]", together)


def _line(page: str, place_id: str) -> str:
    found = re.search(rf'<tr role="row"[^>]*id="p-{place_id}">.*?</tr>', page, re.DOTALL)
    assert found
    return found[0]


def _without_ids(line: str) -> str:
    return re.sub(r'c-nr">\d+<|value="[0-9a-f-]{36}"|name="csrf_token" value="[^"]*"', "", line)
