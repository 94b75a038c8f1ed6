"""A season in a spreadsheet, one event in a row: its columns, and what each cell can say. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from app.errors import N_
from app.events.models import AUDIENCES
from app.people.headings import ColumnMissing
from app.people.names import fold
from app.people.sheets import Row
from app.people.values import Cell, Unfit, read_date, tidy

# field: its headings in English, Russian, Kazakh, then other spellings; the first one is what a refusal asks for.
COLUMNS = {
    "key": ("Key", "Ключ", "Кілт"),
    "start": ("Kind", "Вид", "Түрі"),
    "programme": ("Programme", "Программа", "Бағдарлама"),
    "site": ("Place", "Место", "Орны"),
    "day": ("Date", "Дата", "Күні"),
    "begins": ("Begins", "Начало", "Басталуы"),
    "ends": ("Ends", "Конец", "Аяқталуы", "Окончание"),
    "capacity": ("Seats", "Места", "Орын саны", "Мест", "Орын"),
    "audience": ("For whom", "Для кого", "Кімге"),
    "min_age": ("Youngest age", "Возраст от", "Ең кіші жас"),
    "coordinator": ("Coordinator", "Координатор", "Үйлестіруші"),
    "title_kk": ("Title kk", "Название kk", "Атауы kk", "Атауы"),
    "title_ru": ("Title ru", "Название ru", "Атауы ru", "Название"),
    "title_en": ("Title en", "Название en", "Атауы en", "Title"),
}
REQUIRED = ("key", "start", "programme", "site", "day")
START_WORDS = {
    "cleanup": ("Cleanup day", "Cleanup", "Уборка", "Субботник", "Сенбілік", "Тазалық"),
    "planting": ("Planting", "Посадка", "Посадка деревьев", "Ағаш отырғызу", "Көшет отырғызу"),
    "stocking": ("Fish stocking", "Зарыбление", "Балық жіберу"),
    "smelter": ("Excursion to a smelter", "Экскурсия на завод", "Зауытқа экскурсия"),
    "solar": (
        "Excursion to the solar substation",
        "Экскурсия на солнечную подстанцию",
        "Күн қосалқы станциясына экскурсия",
    ),
    "grove": ("Excursion to the grove", "Экскурсия в рощу", "Поездка в рощу", "Тоғайға экскурсия", "Тоғайға сапар"),
    "celebration": ("Celebration", "Праздник", "Мереке"),
    "visit": ("Working visit", "Рабочая поездка", "Жұмыс сапары"),
    "other": ("Something else", "Другое", "Басқа"),
}
AUDIENCE_WORDS = {
    "employees": ("Employees", "Сотрудники", "Қызметкерлер"),
    "families": ("Families", "Семьи", "Отбасылар"),
    "children": ("Children", "Дети", "Балалар"),
    "everyone": ("Everyone", "Все", "Барлығы"),
}
LONGEST_KEY, LONGEST_TITLE = 60, 300


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell: `why` % `params` is the sentence."""

    field: str
    why: str
    params: Mapping[str, str | int] | None = None


@dataclass(frozen=True)
class SeasonRow:
    """One row as it was understood, and what was not; `values` hold only what stands in it."""

    number: int
    values: dict[str, Any]
    problems: list[Problem]


def season_columns(headings: Sequence[str]) -> dict[str, int]:
    """{field: number of its column}; unknown columns are left alone. Raises ColumnMissing."""
    wanted = {fold(heading): name for name, heads in COLUMNS.items() for heading in heads}
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        name = wanted.get(fold(heading))
        if name and name not in found:
            found[name] = number
    for name in REQUIRED:
        if name not in found:
            raise ColumnMissing(column=COLUMNS[name][0])
    return found


def read_row(row: Row, columns: Mapping[str, int]) -> SeasonRow:
    """Every cell on its own, so that one look tells all that is wrong."""
    values: dict[str, Any] = {}
    problems = []
    for name, number in columns.items():
        cell = row.cells[number] if number < len(row.cells) else None
        try:
            value = READERS[name](cell)
        except Unfit as unfit:
            problems.append(Problem(name, unfit.why, unfit.params))
            continue
        if value not in (None, ""):
            values[name] = value
        elif name in REQUIRED:
            problems.append(Problem(name, N_("Please fill this in.")))
    return SeasonRow(row.number, values, problems)


def _text(longest: int) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        text = tidy(cell)
        if len(text) > longest:
            raise Unfit(N_("Make it shorter."))
        return text

    return read


def _word(words: Mapping[str, Sequence[str]]) -> Callable[[Cell], str | None]:
    known = {fold(said): word for word, saids in words.items() for said in (word, *saids)}

    def read(cell: Cell) -> str | None:
        text = tidy(cell)
        if text and fold(text) not in known:
            raise Unfit(N_("“%(value)s” is not one of the list."), value=text[:60])
        return known.get(fold(text))

    return read


def read_clock(cell: Cell) -> time | None:
    """A time of day: a real one, or 09:40, or 9.40."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, timedelta) or (isinstance(cell, float) and 0 <= cell < 1):
        span = cell if isinstance(cell, timedelta) else timedelta(minutes=round(cell * 1440))
        return (datetime.min + span).time().replace(second=0, microsecond=0)
    text = tidy(cell)
    for form in ("%H:%M", "%H.%M", "%H:%M:%S") if text else ():
        try:
            return datetime.strptime(text, form).time()
        except ValueError:
            continue
    if text:
        raise Unfit(N_("There is no such time. Write it like 09:40."))
    return None


def read_whole(cell: Cell) -> int | None:
    """A whole number, spaces allowed between its digits."""
    text = "".join(tidy(cell).split())
    if text and not (text.isdecimal() and len(text) < 9):
        raise Unfit(N_("Write a whole number."))
    return int(text) if text else None


READERS: dict[str, Callable[[Cell], Any]] = {
    "key": _text(LONGEST_KEY),
    "start": _word(START_WORDS),
    "programme": _text(200),
    "site": _text(200),
    "day": read_date,
    "begins": read_clock,
    "ends": read_clock,
    "capacity": read_whole,
    "audience": _word({word: AUDIENCE_WORDS[word] for word in AUDIENCES if word in AUDIENCE_WORDS}),
    "min_age": read_whole,
    "coordinator": _text(200),
    "title_kk": _text(LONGEST_TITLE),
    "title_ru": _text(LONGEST_TITLE),
    "title_en": _text(LONGEST_TITLE),
}
