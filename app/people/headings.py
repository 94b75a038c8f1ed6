"""Which column of a file holds what: found by its heading, in Russian, Kazakh or English. Pure."""

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


class ColumnMissing(DomainError):
    """A column without which nobody can be read; said beside the file field."""

    type = "column-missing"
    title = N_("A column is missing")
    message = N_("The file has no column “%(column)s”. Its first row should hold the headings.")
    status = 422
    field = "file"


def columns_of(headings: list[str], kind: str) -> dict[str, int]:
    """{field: number of its column}; unknown columns are left alone. Raises ColumnMissing."""
    wanted = {fold(heading): field for field, names in COLUMNS[kind].items() for heading in names}
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        field = wanted.get(fold(heading))
        if field and field not in found:
            found[field] = number
    for field in REQUIRED[kind]:
        if field not in found:
            raise ColumnMissing(column=COLUMNS[kind][field][0])
    return found
