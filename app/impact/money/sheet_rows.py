"""Sums in a spreadsheet, one in a row: the columns, and what each cell can say. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.errors import N_, DomainError
from app.impact.money.sums import read_tenge
from app.impact.numbers import is_ambiguous
from app.people.headings import ColumnMissing
from app.people.names import fold
from app.people.sheets import Row
from app.people.values import Cell, Unfit, read_date, read_text, tidy

# field: its headings in English, Russian, Kazakh, then other spellings; the first one is what a refusal asks for.
COLUMNS = {
    "programme": ("Programme", "Программа", "Бағдарлама"),
    "event": ("Event", "Событие", "Іс-шара", "Мероприятие", "Оқиға"),
    "stage": ("State of the money", "Состояние", "Күйі", "State", "Стадия", "Статус"),
    "amount_tenge": ("Sum", "Сумма", "Сома", "Сомасы"),
    "unit": ("Unit", "Единица", "Өлшем", "Ед.", "Единица измерения", "Өлшем бірлігі"),
    "category": ("What for", "На что", "Не үшін", "Категория", "Статья", "Санат"),
    "supplier": ("Paid to", "Кому", "Кімге", "Поставщик", "Жеткізуші", "Supplier"),
    "document_no": ("Document no.", "Документ", "Құжат", "Номер документа", "Құжат нөмірі", "Document"),
    "spent_on": ("Paid on", "Дата", "Күні", "Дата оплаты", "Төленген күні", "Date"),
    "note": ("Note", "Примечание", "Ескертпе", "Комментарий"),
}
# A heading that names the unit of its column: it must be the one that was chosen for the file.
UNIT_HEADINGS = {
    "tenge": ("Sum, tenge", "Сумма, тенге", "Сома, теңге", "Сумма (тенге)"),
    "thousand": (
        "Sum, thousands of tenge",
        "Сумма, тыс. тенге",
        "Сома, мың теңге",
        "Сумма (тыс. тенге)",
        "Сумма, тыс. тг",
        "Сома, мың тг",
        "Сумма, тыс.тенге",
    ),
}
REQUIRED = ("programme", "stage", "amount_tenge", "category")
STAGE_WORDS = {
    "planned": ("Planned", "План", "Жоспар", "Запланировано", "Жоспарланған", "Plan"),
    "committed": ("Ordered", "Заказано", "Тапсырыс", "Обязательство", "Тапсырыс берілген", "Committed"),
    "actual": ("Spent", "Факт", "Нақты", "Потрачено", "Оплачено", "Жұмсалған", "Төленді", "Paid", "Actual"),
}
CATEGORY_WORDS = {
    "total": ("All costs together", "Все затраты", "Барлық шығын", "Всего", "Барлығы"),
    "transport": ("Transport", "Транспорт", "Көлік"),
    "catering": ("Food", "Питание", "Тамақ", "Тамақтану"),
    "equipment": ("Tools and bags", "Инвентарь", "Құрал-сайман", "Инструменты и мешки"),
    "seedlings": ("Seedlings and planting", "Саженцы", "Көшеттер", "Саженцы и посадка"),
    "fish": ("Young fish", "Мальки", "Шабақтар", "Зарыбление"),
    "gifts": ("Gifts", "Подарки", "Сыйлықтар"),
    "services": ("Services", "Услуги", "Қызметтер"),
    "other": ("Other", "Другое", "Басқа", "Прочее"),
}
UNIT_WORDS = {
    "tenge": ("Tenge", "Тенге", "Теңге", "тг", "KZT"),
    "thousand": ("Thousands of tenge", "тыс. тенге", "мың теңге", "тыс.тенге", "тыс тенге", "тыс. тг", "мың тг"),
}
FORMULA_LEFT = "#"


class UnitsDiffer(DomainError):
    """The heading of the sums says another unit than was chosen."""

    type = "units-differ"
    title = N_("Tenge or thousands?")
    message = N_("The heading of the sums says “%(heading)s”, but you chose another unit. Which one is right?")
    status = 422
    field = "unit"


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell: `why` % `params` is the sentence."""

    field: str
    why: str
    params: Mapping[str, object] | None = None


@dataclass(frozen=True)
class SumRow:
    """One row as it was understood, and what was not; `values` hold only what stands in it, the sum in whole tenge.

    `is_ambiguous`: the sum was typed like 24,370, which may be thousands.
    """

    number: int
    values: dict[str, Any]
    problems: list[Problem]
    is_ambiguous: bool = False


def sum_columns(headings: Sequence[str], *, unit: str) -> dict[str, int]:
    """{field: number of its column}; unknown columns are left alone. Raises ColumnMissing, UnitsDiffer."""
    wanted = {fold(heading): (name, "") for name, heads in COLUMNS.items() for heading in heads}
    wanted |= {fold(one): ("amount_tenge", said) for said, heads in UNIT_HEADINGS.items() for one in heads}
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        name, said = wanted.get(fold(heading), ("", ""))
        if name and name not in found:
            found[name] = number
            if said and said != unit:
                raise UnitsDiffer(heading=tidy(heading)[:60])
    for name in REQUIRED:
        if name not in found:
            raise ColumnMissing(column=COLUMNS[name][0])
    return found


def read_sum_row(row: Row, columns: Mapping[str, int], *, unit: str) -> SumRow:
    """Every cell on its own, so that one look tells all that is wrong; `unit` is the file's."""
    values: dict[str, Any] = {}
    problems = []
    cells = {name: row.cells[at] if at < len(row.cells) else None for name, at in columns.items()}
    for name, cell in cells.items():
        try:
            value = READERS[name](cell)
        except Unfit as unfit:
            problems.append(Problem(name, unfit.why, unfit.params))
            continue
        if value not in (None, ""):
            values[name] = value
        elif name in REQUIRED:
            problems.append(Problem(name, N_("Please fill this in.")))
    written = values.get("amount_tenge", "")
    if written:
        problems += _in_tenge(values, unit)
    return SumRow(row.number, values, problems, is_ambiguous(written))


def _in_tenge(values: dict[str, Any], unit: str) -> list[Problem]:
    """Puts whole tenge in the place of what was written; a row's own unit wins over the file's."""
    written = values.pop("amount_tenge")
    try:
        values["amount_tenge"] = read_tenge(written, unit=values.get("unit", unit))
    except DomainError as error:
        return [Problem("amount_tenge", error.message, error.params)]
    return []


def _text(longest: int) -> Callable[[Cell], str]:
    return lambda cell: read_text(cell, longest=longest)


def _word(words: Mapping[str, Sequence[str]]) -> Callable[[Cell], str | None]:
    known = {fold(said): word for word, saids in words.items() for said in (word, *saids)}

    def read(cell: Cell) -> str | None:
        text = tidy(cell)
        if not text:
            return None
        if fold(text) not in known:
            raise Unfit(N_("“%(value)s” is not one of the list."), value=text[:60])
        return known[fold(text)]

    return read


def _written_sum(cell: Cell) -> Cell | Decimal:
    """A number as Excel holds it, or as somebody typed it; what a broken formula left is no sum."""
    if isinstance(cell, bool):
        raise Unfit(N_("“%(value)s” is not one of the list."), value=tidy(cell))
    if isinstance(cell, float):
        return round(Decimal(repr(cell)), 6).normalize()
    text = tidy(cell)
    if text.startswith(FORMULA_LEFT):
        raise Unfit(N_("A formula went wrong in this cell: %(value)s."), value=text[:20])
    return cell if isinstance(cell, int) else text


READERS: dict[str, Callable[[Cell], Any]] = {
    "programme": _text(200),
    "event": _text(300),
    "stage": _word(STAGE_WORDS),
    "amount_tenge": _written_sum,
    "unit": _word(UNIT_WORDS),
    "category": _word(CATEGORY_WORDS),
    "supplier": _text(200),
    "document_no": _text(60),
    "spent_on": read_date,
    "note": _text(300),
}
