"""Which column of a file holds what: found by its heading, in Russian, Kazakh or English, or as a person said. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import N_, DomainError
from app.people.names import fold

# field: its headings; the first one is what a refusal asks for.
EMPLOYEE_COLUMNS = {
    "personnel_number": ("Табельный номер", "Таб. номер", "Табель нөмірі", "Personnel number", "Personnel no"),
    "surname": ("Фамилия", "Тегі", "Surname", "Last name", "Family name"),
    "given_name": ("Имя", "Аты", "Given name", "First name", "Name"),
    "patronymic": ("Отчество", "Әкесінің аты", "Patronymic", "Middle name"),
    "department": ("Подразделение", "Цех", "Отдел", "Бөлімше", "Бөлім", "Department"),
    "birth_date": ("Дата рождения", "Туған күні", "Birth date", "Date of birth", "Birthday"),
    "email": ("Эл. почта", "Электронная почта", "Почта", "Эл. пошта", "Электрондық пошта", "E-mail", "Mail"),
    "phone": ("Телефон", "Мобильный телефон", "Ұялы телефон", "Phone", "Mobile"),
    "language": ("Язык", "Тіл", "Тілі", "Language"),
    "tshirt_size": ("Размер футболки", "Размер", "Футболка өлшемі", "Өлшемі", "T-shirt size", "Size"),
}
CHILD_COLUMNS = {
    "guardian_number": (
        "Табельный номер родителя",
        "Ата-ананың табель нөмірі",
        "Ата-анасының табель нөмірі",
        "Guardian's personnel number",
        "Parent personnel number",
    ),
    "surname": EMPLOYEE_COLUMNS["surname"],
    "given_name": EMPLOYEE_COLUMNS["given_name"],
    "patronymic": EMPLOYEE_COLUMNS["patronymic"],
    "birth_date": EMPLOYEE_COLUMNS["birth_date"],
    "school_class": ("Класс", "Сынып", "Сыныбы", "Class", "School class"),
    "tshirt_size": EMPLOYEE_COLUMNS["tshirt_size"],
    "medical_note": ("Аллергия", "Здоровье", "Аллергия и здоровье", "Денсаулығы", "Allergy", "Allergies", "Health"),
}
COLUMNS = {"employees": EMPLOYEE_COLUMNS, "children": CHILD_COLUMNS}
REQUIRED = {
    "employees": ("personnel_number", "surname", "given_name"),
    "children": ("surname", "given_name", "birth_date"),
}
FULL_NAME, IGNORE = "full_name", "ignore"  # what a person may say of a column besides the fields above
IN_FULL_NAME = ("surname", "given_name", "patronymic")


class ColumnMissing(DomainError):
    """A column without which nobody can be read; said beside the file field."""

    type = "column-missing"
    title = N_("A column is missing")
    message = N_("The file has no column “%(column)s”. Its first row should hold the headings.")
    status = 422
    field = "file"


@dataclass(frozen=True)
class Match:
    """{field: number of its column}, and the numbers of the columns that nobody knows."""

    columns: dict[str, int]
    unknown: list[int]


def match(headings: Sequence[str], kind: str, assigned: Mapping[str, str]) -> Match:
    """What a person assigned ({folded heading: field}) goes before our own headings; a field is its first column's.

    A heading without a letter or digit says nothing, and is left alone like the second column of one field.
    """
    wanted = {fold(heading): field for field, names in COLUMNS[kind].items() for heading in names}
    found: dict[str, int] = {}
    unknown: list[int] = []
    for number, heading in enumerate(headings):
        folded = fold(heading)
        field = assigned.get(folded) or wanted.get(folded)
        if field is None and folded:
            unknown.append(number)
        elif field and field != IGNORE:
            found.setdefault(field, number)
    if "surname" in found or "given_name" in found:
        found.pop(FULL_NAME, None)
    return Match(found, unknown)


def columns_of(headings: Sequence[str], kind: str, assigned: Mapping[str, str] | None = None) -> dict[str, int]:
    """{field: number of its column}; unknown columns are left alone. Raises ColumnMissing."""
    found = match(headings, kind, assigned or {}).columns
    if missing := missing_field(found, kind):
        raise ColumnMissing(column=COLUMNS[kind][missing][0])
    return found


def missing_field(columns: Mapping[str, int], kind: str) -> str | None:
    """The first field that a file of this kind must have and this one hasn't."""
    for field in REQUIRED[kind]:
        if field not in columns and not (field in IN_FULL_NAME and FULL_NAME in columns):
            return field
    return None


def assignable(kind: str) -> tuple[str, ...]:
    """What a person may say of a column of such a file."""
    return *COLUMNS[kind], FULL_NAME, IGNORE
