"""Fields as people type into them: a day, a time, a whole number; each says what helps where it is wrong."""

from datetime import date, datetime
from typing import Any

import wtforms
from flask_babel import gettext
from wtforms.widgets import TextInput

from app.errors import N_

YEARS = range(1990, 2100)
WRITTEN = ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y")
TYPED = {"inputmode": "numeric", "autocomplete": "off"}


class DateField(wtforms.DateField):
    """A day typed as 05.03.2017; its name tells the field macro how to draw it."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, format=list(WRITTEN), **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the day; says so where the calendar has no such one, or where the year is a slip."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext(N_("There is no such date."))) from error
        if self.data and self.data.year not in YEARS:
            raise ValueError(gettext(N_("Check the year.")))


class TimeField(wtforms.TimeField):
    """A time on 24 hours: 09:40, also typed 9.40 or 940."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, format=["%H:%M", "%H.%M", "%H%M", "%H:%M:%S"], render_kw=TYPED, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the time; says so where the clock has no such one."""
        try:
            super().process_formdata([value.zfill(4) if value.isdecimal() else value for value in valuelist])
        except ValueError as error:
            raise ValueError(gettext(N_("There is no such time. Write it like 09:40."))) from error


class WholeNumberField(wtforms.IntegerField):
    """A whole number, spaces allowed between its digits."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, render_kw=TYPED, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the number; no other sentence for a typing slip than the one that helps."""
        try:
            super().process_formdata(["".join(value.split()) for value in valuelist])
        except ValueError as error:
            raise ValueError(gettext(N_("Write a whole number."))) from error


def typed_day(text: str) -> date | None:
    """A day of a filter in an address, however it was typed; None where it is none."""
    for form in WRITTEN:
        try:
            day = datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
        return day if day.year in YEARS else None
    return None
