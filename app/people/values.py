"""Values as people write them: a date, a phone, a size. Pure: each reader returns the clean value or raises Unfit."""

import calendar
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.errors import N_
from app.people.names import fold

Cell = str | int | float | bool | date | datetime | time | timedelta | None

CHILD_SIZES = tuple("98 104 110 116 122 128 134 140 146 152 158 164".split())
ADULT_SIZES = tuple("XS S M L XL XXL 3XL 4XL".split())
SIZES = CHILD_SIZES + ADULT_SIZES
# Meat is halal here as a matter of course; what is asked is what somebody can't eat.
DIETS = {
    "ordinary": N_("Eats everything"),
    "vegetarian": N_("Vegetarian"),
    "no-pork": N_("No pork"),
    "no-dairy": N_("No dairy"),
    "no-gluten": N_("No gluten"),
    "other": N_("Other, will tell the coordinator"),
}
OLDEST = date(1900, 1, 1)

_SAME_LOOK = str.maketrans("СМХ", "CMX")
_OTHER_SIZES = {"C": "S", "2XL": "XXL", "XXXL": "3XL", "XXXXL": "4XL"}
_LANGUAGES = {
    "kk": "kk kaz kz қаз каз қазақ қазақша казахский kazakh".split(),
    "ru": "ru rus рус орыс орысша русский russian".split(),
    "en": "en eng анг англ ағылшын ағылшынша английский english".split(),
}
_LANGUAGE_OF = {word: code for code, words in _LANGUAGES.items() for word in words}
_NUMBER = re.compile(r"[0-9A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][0-9A-ZА-ЯЁӘҒҚҢӨҰҮҺІ/-]{0,19}")
# What nearly all are: a mobile number of ours, and an address before whose sign nothing special stands.
_MOBILE = re.compile(r"(?:\+7|8)(7\d{9})", re.ASCII)
_PLAIN_EMAIL = re.compile(r"([a-z0-9]+(?:[._-][a-z0-9]+)*(?<!.{65}))@([^@]+)")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_SHORT_MONTHS = {
    2: N_("There is no such date. February %(year)s has %(days)s days."),
    4: N_("There is no such date. April has 30 days."),
    6: N_("There is no such date. June has 30 days."),
    9: N_("There is no such date. September has 30 days."),
    11: N_("There is no such date. November has 30 days."),
}


class Unfit(ValueError):
    """A value that can't be: `why` % `params` is the sentence for whoever wrote it."""

    def __init__(self, why: str, **params: str | int) -> None:
        super().__init__(why % params if params else why)
        self.why = why
        self.params = params


def tidy(cell: Cell) -> str:
    """What stands in a cell, as text: composed, without control characters, single spaces, none around."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        return cell.strftime("%d.%m.%Y")
    text = unicodedata.normalize("NFC", "" if cell is None else str(cell))
    if text.isprintable():
        return " ".join(text.split())
    kept = (c if c.isprintable() else " " if c.isspace() or unicodedata.category(c) == "Cc" else "" for c in text)
    return " ".join("".join(kept).split())


def read_name(cell: Cell) -> str:
    """A part of a name as written; only its edges are tidied."""
    text = read_text(cell, longest=100)
    if text and not fold(text).strip("0123456789 "):
        raise Unfit(N_("%(value)s is not a name."), value=_shown(text))
    return text


def read_text(cell: Cell, *, longest: int = 200) -> str:
    """Any short text."""
    text = tidy(cell)
    if len(text) > longest:
        raise Unfit(
            N_("This is too long: %(length)s characters, the limit is %(longest)s."), length=len(text), longest=longest
        )
    return text


def read_note(cell: Cell) -> str:
    """A longer note."""
    return read_text(cell, longest=2000)


def read_number(cell: Cell) -> str:
    """A personnel number: digits and capitals."""
    text = tidy(cell).upper()
    if text and not _NUMBER.fullmatch(text):
        raise Unfit(N_("%(value)s is not a personnel number."), value=_shown(text))
    return text


def read_email(cell: Cell) -> str | None:
    """An e-mail address in small letters; None for an empty cell. The domain may be Kazakh, what stands before @ may
    not: hardly a server takes such letters.
    """
    text = tidy(cell).lower()
    if not text:
        return None
    if "@" in text and not text.rpartition("@")[0].isascii():
        raise Unfit(N_("%(value)s: before @ only Latin letters, digits and . _ + - can stand."), value=_shown(text))
    try:
        plain = _PLAIN_EMAIL.fullmatch(text)
        address = f"{plain[1]}@{_domain(plain[2])}" if plain else _address(text)
    except (EmailNotValidError, UnicodeError) as error:
        raise Unfit(N_("%(value)s is not an e-mail address."), value=_shown(text)) from error
    if len(address) > 254:
        raise Unfit(N_("%(value)s is not an e-mail address."), value=_shown(text))
    return address


@lru_cache(maxsize=512)
def _domain(text: str) -> str:
    """The part behind the sign, which thousands share; raises EmailNotValidError."""
    return _address(f"a@{text}").partition("@")[2]


def _address(text: str) -> str:
    return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()


def read_phone(cell: Cell) -> str | None:
    """A phone number as +77086541886; 8 708 ... is Kazakhstan's. None for an empty cell."""
    text = tidy(cell)
    if not text:
        return None
    if plain := _MOBILE.fullmatch(text):
        return f"+7{plain[1]}"
    try:
        number = phonenumbers.parse(text, "KZ")
    except phonenumbers.NumberParseException as error:
        raise Unfit(N_("%(value)s is not a phone number."), value=_shown(text)) from error
    too_long = number.country_code == 7 and (number.national_number or 0) > 9_999_999_999
    if number.extension or too_long or not phonenumbers.is_possible_number(number):
        raise Unfit(N_("%(value)s is not a phone number."), value=_shown(text))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_language(cell: Cell) -> str | None:
    """kk, ru or en, also written as a word; None for an empty cell."""
    text = tidy(cell).casefold()
    if text and text not in _LANGUAGE_OF:
        raise Unfit(N_("%(value)s is not one of our languages: kk, ru, en."), value=_shown(text))
    return _LANGUAGE_OF.get(text)


def read_size(cell: Cell) -> str:
    """A T-shirt size that exists; Cyrillic letters that look like it are meant."""
    text = tidy(cell).upper().translate(_SAME_LOOK).replace(" ", "")
    size = _OTHER_SIZES.get(text, text)
    if size and size not in SIZES:
        raise Unfit(
            N_("%(value)s is not a size. Sizes are 98 to 164 for children, XS to 4XL for adults."),
            value=_shown(tidy(cell)),
        )
    return size


def read_birth_date(cell: Cell, *, today: date) -> date | None:
    """A birthday: a date that exists, not in the future. None for an empty cell."""
    born = read_date(cell)
    if born and born > today:
        raise Unfit(N_("This date of birth lies in the future."))
    if born and born < OLDEST:
        raise Unfit(N_("This date of birth is too long ago: before 1900."))
    return born


def read_date(cell: Cell) -> date | None:
    """05.03.2017, 2017-03-05 or a spreadsheet's date; None for an empty cell. Says which part of a date can't be."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = tidy(cell)
    if not text:
        return None
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        raise Unfit(N_("This is not a date: %(value)s. Write it like 05.03.2017."), value=_shown(text))
    return _existing(year, month, day)


def _existing(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise Unfit(N_("There is no such date. A year has 12 months."))
    if year < 1:
        raise Unfit(N_("There is no such date. Write the year with four digits."))
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= 31 or (day > days and month not in _SHORT_MONTHS):
        raise Unfit(N_("There is no such date. A month has 31 days at most."))
    if day > days:
        raise Unfit(_SHORT_MONTHS[month], **({"year": year, "days": days} if month == 2 else {}))
    return date(year, month, day)


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
