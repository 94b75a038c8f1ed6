"""Forms of the go or no-go board."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.events.forms import offered
from app.web.fields import WholeNumberField
from app.web.forms import BaseForm

LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


class LimitForm(BaseForm):
    """In which weather it may set out."""

    wind_max = WholeNumberField(_("Wind up to, m/s"), [Optional()])
    temperature_min = WholeNumberField(_("Not colder than, °C"), [Optional()])
    temperature_max = WholeNumberField(_("Not hotter than, °C"), [Optional()])
    note = StringField(_("Note"), [Optional(), Length(max=500)])


class ReadingForm(BaseForm):
    """What the weather is."""

    wind = WholeNumberField(_("Wind now, m/s"), [Optional()])
    temperature = WholeNumberField(_("Temperature now, °C"), [Optional()])


class OverrideForm(BaseForm):
    """Why it sets out although a line is red."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(max=500)])


class BriefingForm(BaseForm):
    """Who was told what."""

    group_id = SelectField(_("Who was briefed"))
    text = TextAreaField(_("What was explained"), [InputRequired(), Length(max=500)])
    version = StringField(_("Version of the text"), [Optional(), Length(max=20)], default="1")
    language = SelectField(_("Language"), choices=offered(LANGUAGES.items()), validate_choice=False)
    instructor = StringField(_("Instructor"), [Optional(), Length(max=120)])
