"""A season from a spreadsheet: the report before, the drafts, and reading it again."""

import io
from datetime import UTC, date, datetime, time

import pytest
import xlsxwriter
from flask_babel import force_locale, gettext

from app.db import db
from app.errors import NotFound
from app.events.checklists import checklist_of
from app.events.kind_defaults import STARTS
from app.events.models import Event, SeasonImport
from app.events.season_import import check_season, checked_rows, keep_season, make_drafts, season_to_import
from app.events.season_rows import START_WORDS
from app.files import FileStore
from app.people.headings import ColumnMissing
from app.people.names import fold
from app.people.sheets import UnreadableFile
from tests import factories
from tests.events.drafting import NOW, coordinating

HEADS = ["Key", "Kind", "Programme", "Place", "Date", "Begins", "Ends", "Seats", "Title kk", "Coordinator"]
COAST = ["1", "Уборка", "Таза жағалау", "Қала жағалауы", date(2030, 5, 18), time(9, 30), "13:00", 60, "Жағажай", ""]
GROVE = ["2", "grove", "Clean Coast", "grove", "25.05.2030", "", "", "", "", ""]


def book(*rows, heads=HEADS):
    """The bytes of a spreadsheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"}) as workbook:
        sheet, clock = workbook.add_worksheet(), workbook.add_format({"num_format": "hh:mm"})
        for number, row in enumerate([heads, *rows]):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell)
                elif isinstance(cell, time):
                    sheet.write_datetime(number, column, cell, clock)
                else:
                    sheet.write(number, column, cell)
    return file.getvalue()


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


@pytest.fixture
def aigul(app):
    """Aigul, a coast and a grove in her city, one programme."""
    factories.site()
    factories.site(kind="nature", slug="grove", name={"en": "Grove"})
    factories.programme("coast")
    return coordinating(factories.coordinator(personnel_number="90001"))


def refused(*rows, actor):
    checked = checked_rows(book(*rows), now=NOW, actor=actor)
    return [(one.row.number, problem.field) for one in checked for problem in one.problems]


def test_nothing_is_written_before_the_report_is_agreed_to_and_then_each_row_is_a_draft(aigul, store):
    season = keep_season("s.xlsx", book(COAST, GROVE), store=store, now=NOW, actor=aigul)
    assert [one.state for one in check_season(season, store=store, now=NOW, actor=aigul)] == ["new", "new"]
    assert db.session.query(Event).count() == 0
    assert make_drafts(season, store=store, now=NOW, actor=aigul) == 2
    coast, grove = db.session.query(Event).order_by(Event.starts_at)
    assert (coast.title, coast.capacity, coast.import_key) == ({"kk": "Жағажай"}, 60, "1")
    assert coast.starts_at == datetime(2030, 5, 18, 4, 30, tzinfo=UTC)
    assert coast.signup_closes_at == datetime(2030, 5, 17, 13, tzinfo=UTC)
    assert (grove.kind, grove.audience, grove.min_age, grove.asks_medical) == ("excursion", "families", 6, True)
    assert grove.title["en"] == "Trip to the turanga grove"
    assert checklist_of(grove.id)
    assert {coast.status, grove.status} == {"draft"}


def test_reading_it_again_makes_only_what_is_missing(aigul, store):
    first = keep_season("s.xlsx", book(COAST), store=store, now=NOW, actor=aigul)
    make_drafts(first, store=store, now=NOW, actor=aigul)
    again = keep_season("s.xlsx", book(COAST, GROVE), store=store, now=NOW, actor=aigul)
    assert [one.state for one in check_season(again, store=store, now=NOW, actor=aigul)] == ["known", "new"]
    assert make_drafts(again, store=store, now=NOW, actor=aigul) == 1
    assert make_drafts(again, store=store, now=NOW, actor=aigul) == 1, "a second press makes nothing more"
    assert db.session.query(Event).count() == 2
    assert not list(store.folder.iterdir()), "files whose drafts are made are gone"


@pytest.mark.parametrize("spoken", ["kk", "ru", "en"])
def test_kinds_may_be_written_as_the_pages_call_them(app, spoken):
    with app.test_request_context(), force_locale(spoken):
        for start in STARTS.values():
            assert fold(gettext(start.label)) in {fold(word) for word in START_WORDS[start.slug]}


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        (0, "", "key"),
        (1, "Party", "start"),
        (2, "Another", "programme"),
        (3, "Nowhere", "site"),
        (4, "31.02.2030", "day"),
        (4, "", "day"),
        (5, "25:00", "begins"),
        (6, "08:00", "ends"),
        (7, "many", "capacity"),
        (7, "0", "capacity"),
        (9, "123", "coordinator"),
    ],
)
def test_every_wrong_cell_is_told_by_its_row_and_column(aigul, column, cell, field):
    wrong = [*COAST[:column], cell, *COAST[column + 1 :]]
    assert refused(GROVE, wrong, actor=aigul) == [(3, field)]


def test_a_row_tells_all_that_is_wrong_at_once_and_a_key_stands_once(aigul):
    assert refused(["", "x", "x", "x", "x"], actor=aigul) == [
        (2, "key"), (2, "start"), (2, "day"), (2, "site"), (2, "programme"),
    ]  # fmt: skip
    assert refused(COAST, ["1", *GROVE[1:]], actor=aigul) == [(3, "key")]


def test_a_name_that_two_places_bear_asks_for_the_short_one(aigul):
    factories.site(slug="twin")
    (row,) = checked_rows(book(COAST), now=NOW, actor=aigul)
    assert "twin" in row.problems[0].params["names"]


def test_a_coordinator_finds_the_person_and_another_city_finds_no_place(aigul):
    with_her = [*COAST[:9], "90001"]
    (row,) = checked_rows(book(with_her), now=NOW, actor=aigul)
    assert row.draft.coordinator_id == aigul.person_id
    zhan = coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")
    assert refused(COAST, actor=zhan) == [(2, "site")]


def test_what_is_no_season_is_refused(aigul, store):
    with pytest.raises(UnreadableFile):
        keep_season("s.xlsx", b"%PDF", store=store, now=NOW, actor=aigul)
    with pytest.raises(ColumnMissing):
        keep_season("s.xlsx", book(COAST[1:], heads=HEADS[1:]), store=store, now=NOW, actor=aigul)


def test_a_file_is_its_own_bringers_and_a_newer_one_takes_its_place(aigul, store):
    season = keep_season("s.xlsx", book(COAST), store=store, now=NOW, actor=aigul)
    with pytest.raises(NotFound):
        season_to_import(coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan"), season.id)
    keep_season("s.xlsx", book(GROVE), store=store, now=NOW, actor=aigul)
    assert db.session.query(SeasonImport).count() == 1
    assert len(list(store.folder.iterdir())) == 1


def test_aigul_fills_the_template_and_reads_it(aigul, log_in, app):
    page = log_in(factories.coordinator(language="ru", personnel_number="90002"))
    template = page.get("/planning/season/template.xlsx").data
    assert page.post("/planning/season", data={}).status_code == 422
    answer = page.post("/planning/season", data={"file": (io.BytesIO(template), "season.xlsx")})
    assert answer.status_code == 303
    assert "season.xlsx" in page.get(answer.location).text
    assert page.post(f"{answer.location}/drafts").status_code == 303
    assert db.session.query(Event).one().import_key == "1"
    assert log_in(factories.employee()).get("/planning/season").status_code == 403
