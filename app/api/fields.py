"""Fields of arguments: what a database can hold, with sentences in the caller's language."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields, validate

from app.errors import N_
from app.people.values import Unfit

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
LARGEST = 2**53 - 1

# marshmallow's own sentences, for the translators; the parser of arguments puts them in the caller's language
SENTENCES = (
    N_("Missing data for required field."),
    N_("Field may not be null."),
    N_("Unknown field."),
    N_("Not a valid string."),
    N_("Not a valid integer."),
    N_("Not a valid boolean."),
    N_("Not a valid list."),
    N_("Not a valid datetime."),
    N_("Not a valid date."),
    N_("Not a valid number."),
    N_("Not a valid mapping type."),
    N_("Not a valid email address."),
    N_("Invalid input type."),
    N_("Invalid value."),
    N_("Special numeric values (nan or infinity) are not permitted."),
)


class UpTo(validate.Length):
    """At most so many characters or entries; nothing at all (a mail of spaces alone) is short enough."""

    def __call__(self, value: Any) -> Any:
        """The value itself, or the sentence."""
        return value if value is None else super().__call__(value)

    def _format_error(self, value: Any, message: str) -> str:
        return gettext("Too long: at most %(num)s.", num=self.max)


class Within(validate.Range):
    """A number between two others."""

    def _format_error(self, value: Any, message: str) -> str:
        return gettext("Should be from %(low)s to %(high)s.", low=self.min, high=self.max)


class Among(validate.OneOf):
    """One of these words."""

    def _format_error(self, value: Any) -> str:
        return gettext("Should be one of: %(words)s.", words=", ".join(map(str, self.choices)))


class Text(fields.String):
    """Words without control characters (line breaks stay where they may), spaces around them gone."""

    def __init__(self, *, up_to: int = 200, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(validate=UpTo(max=up_to), **kwargs)
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if any(not letter.isprintable() and not (self.lines and letter in "\n\r\t") for letter in text):
            raise ValidationError(gettext("Only letters, digits and signs that can be printed."))
        return text.strip()


class Cleaned(Text):
    """Text that a reader of the domain understands and tidies; it says itself what can't be."""

    def __init__(self, reader: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reader = reader

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self.reader(text)
        except Unfit as refusal:
            sentence = gettext(refusal.why)
            raise ValidationError(sentence % refusal.params if refusal.params else sentence) from refusal


class Word(Text):
    """One of a few words."""

    def __init__(self, words: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [Among(list(words))]


class Whole(fields.Integer):
    """A whole number; true and 1.5 are none."""

    def __init__(self, *, low: int = 0, high: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=Within(low, high), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Number(fields.Integer):
    """A whole number in an address, where everything is text."""

    def __init__(self, *, low: int = 0, high: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(validate=Within(low, high), **kwargs)


class Quantity(fields.Decimal):
    """A figure, exact as it is written; which figures can be, the rules say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_nan=False, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class YesNo(fields.Boolean):
    """true or false; in a form or an address 1 or 0 too."""


class Day(fields.Date):
    """A day as 2026-10-03."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise ValidationError(gettext("Check the year."))
        return day


class Moment(fields.DateTime):
    """A moment as ISO 8601 with its offset; one without would be somebody's local time, nobody knows whose."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValidationError(gettext("Check the year."))
        if moment.tzinfo is None:
            raise ValidationError(gettext("Say the offset too, for example 2026-10-03T09:40:00+05:00."))
        return moment.astimezone(UTC)


class Texts(Schema):
    """One text in three languages."""

    kk = Text(up_to=4000, lines=True)
    ru = Text(up_to=4000, lines=True)
    en = Text(up_to=4000, lines=True)


def in_three(**kwargs: Any) -> fields.Nested:
    """A field that holds a text in three languages."""
    return fields.Nested(Texts, **kwargs)


def without_empty(texts: dict[str, str] | None) -> dict[str, str]:
    """The languages that say something."""
    return {code: text for code, text in (texts or {}).items() if text}
