"""What stands twice, in Python for the server and in JavaScript for phones, says the same: of generated days whatever
their order, of names and tickets whatever their letters. And the search on the phone finds people."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from app.attendance.operation import Operation
from app.attendance.tickets import ticket_code
from app.desk.log.merging import merge, merged_json
from app.people.names import fold
from tests.browser.desk_files import files_page
from tests.desk.histories import day
from tests.factories import SATURDAY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOGS, LETTERS = 250, 10_000
SURNAMES = "Сейітқали Әкімов Ғаббасова Омарова Қожахмет Щербакова Цой Ким Ён Жұмаділов Үсенов Хан Һашимов Juma".split()
GIVEN = "Нұрлан Айгүл Ғалия Өмірзақ Іңкәр Жанна Ёлка Ш Zhanibek Dīna Ayşe Çağla Naïve O'Brien ҚЫЗЫ-Гүл".split()
TICKETS = (
    "7k3m pq2x|  https://torangy.example/tickets/7K3MPQ2X/ |7К3МРQ2Х|вснк-мртх|ßẞſ|ﬃ７Ｋ|\u200b7K\u00a03M\x85|/|".split(
        "|"
    )
)
MERGE = """async (logs) => {
  const { merge, Merged, mergedJson } = await import("/static/desk/merging.js");
  return logs.map(({ at_once, in_steps }) => {
    const slowly = new Merged();
    for (const batch of in_steps) slowly.add(batch);
    return [mergedJson(merge(at_once)), mergedJson(slowly)];
  });
}"""
FOLD = """async ([names, tickets]) => {
  const { fold, ticketCode } = await import("/static/desk/fold.js");
  return [names.map(fold), tickets.map(ticketCode)];
}"""
SEARCH = """async ([people, asked]) => {
  const { Index } = await import("/static/desk/search.js");
  const index = new Index(people);
  const soon = asked.map((query) => index.find(query).map((one) => one.id));
  await index.ready;
  const tickets = new Map([["7K3MPQ2X", people[0]]]);
  return [soon, asked.map((query) => index.find(query, tickets).map((one) => one.id)), index.byNumber(" 00-12 ")?.id];
}"""
TEN_THOUSAND = """async ([surnames, names]) => {
  const { Index } = await import("/static/desk/search.js");
  const people = Array.from({ length: 10000 }, (_, n) => ({
    id: String(n), number: String(n), surname: surnames[n % surnames.length], given_name: names[n % names.length] + n,
  }));
  const index = new Index(people);
  await index.ready;
  const from = performance.now();
  for (const query of ["омар", "s n", "9999", "қож", "x"]) index.find(query);
  return (performance.now() - from) / 5;
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with files_page(chromium) as found:
        yield found


def test_both_merge_any_day_to_the_same_state_in_any_order(page: Page):
    random = Random(6)
    logs = [whole_day(random) for _ in range(LOGS)]
    sent = [{"at_once": told(random, log), "in_steps": steps(random, told(random, log))} for log in logs]
    for log, (at_once, slowly) in zip(logs, page.evaluate(MERGE, sent), strict=True):
        assert at_once == slowly == merged_json(merge(log))


def test_both_fold_all_letters_and_read_all_tickets_alike(page: Page):
    random = Random(7)
    known = [chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")]
    random.shuffle(known)
    odd = ["".join(random.choices(known, k=random.randint(1, 6))) for _ in range(LETTERS // 4)]
    names = [f"{one} {other}" for one in SURNAMES for other in GIVEN]
    names += [unicodedata.normalize(form, name) for form in ("NFD", "NFKD", "NFC") for name in names]
    names += [name.upper() for name in names] + known[:LETTERS] + odd
    tickets = [*TICKETS, *odd, *known[:LETTERS]]
    folded, codes = page.evaluate(FOLD, [names, tickets])
    assert [pair for pair in zip(names, folded, map(fold, names), strict=True) if pair[1] != pair[2]] == []
    assert [pair for pair in zip(tickets, codes, map(ticket_code, tickets), strict=True) if pair[1] != pair[2]] == []


@pytest.mark.parametrize(
    ("heard", "found"),
    [
        ("омарова ғал", ["a"]), ("omar", ["a"]), ("ОМАРОВА Г", ["a"]), ("О Ғ", ["a"]), ("ОҒ", ["a"]), ("О.Ғ.", ["a"]),
        ("сеиткали", ["b"]), ("нурл", ["b"]), ("КИМ", ["c"]), ("0012", ["c"]), ("7k3m pq2x", ["a"]),
        ("зз", []), ("", []),
    ],
)  # fmt: skip
def test_people_are_found_by_what_one_hears(page: Page, heard: str, found: list[str]):
    people = [
        person("a", "Омарова", "Ғалия"), person("b", "Сейітқали", "Нұрлан"), person("c", "Ким", "Игорь", "0012")
    ]  # fmt: skip
    [soon], [later], numbered = page.evaluate(SEARCH, [people, [heard]])
    assert later == found and numbered == "c"
    assert soon in ([], found)


def test_ten_thousand_names_are_searched_within_a_frame_or_two(page: Page):
    assert page.evaluate(TEN_THOUSAND, [SURNAMES, GIVEN]) < 50


def person(id_: str, surname: str, given_name: str, number: str = "") -> dict[str, str]:
    return {"id": id_, "surname": surname, "given_name": given_name, "patronymic": "", "number": number}


def whole_day(random: Random) -> list[Operation]:
    """A day of marks with people who came without a place, what came late, and what a coordinator decided."""
    said = day(random, ["one", "two", "three"], length=random.randint(1, 24))
    for number, one in enumerate(said):
        chance = random.random()
        if chance < 0.1:
            said[number] = replace(one, is_late=True)
        elif chance < 0.2 and one.kind == "check_in":
            said[number] = replace(one, kind="walk_in", key=one.key if chance < 0.15 else f"w:{one.id}")
        elif chance < 0.25 and one.kind == "check_out":
            said[number] = replace(one, kind="hand_over")
    late = [one for one in said if one.is_late]
    for one in random.sample(late, len(late) // 2):
        said.append(another(random, "accept", one.key, names=one.id))
    for conflict in merge(said).conflicts:
        if random.random() < 0.5:
            keep = random.choice([*conflict.sides, "both", "none"])
            sides = list(conflict.sides[: random.randint(1, len(conflict.sides))])
            body = {"word": conflict.word, "sides": sides, "keep": keep}
            said.append(another(random, "solve", conflict.key, body=body))
            if random.random() < 0.3:
                said.append(another(random, "undo", conflict.key, names=said[-1].id))
    return said


def another(random: Random, kind: str, key: str, **more: Any) -> Operation:
    id_ = str(UUID(int=random.getrandbits(128), version=4))
    return Operation(id_, kind, key, SATURDAY, SATURDAY, **more)


def told(random: Random, log: list[Operation]) -> list[dict[str, Any]]:
    """As phones hear it: in any order, some of it twice."""
    heard = [
        {
            "id": one.id, "kind": one.kind, "key": one.key, "names": one.names, "after": sorted(one.after),
            "at": one.corrected_at.isoformat(), "device": one.device, "late": one.is_late, "body": dict(one.body),
        }
        for one in log
    ]  # fmt: skip
    return random.sample(heard, len(heard)) + random.sample(heard, len(heard) // 3)


def steps(random: Random, heard: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    batches = []
    while heard:
        many = random.randint(1, 5)
        batches.append(heard[:many])
        heard = heard[many:]
    return batches
