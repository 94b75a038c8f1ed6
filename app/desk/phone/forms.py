"""What a phone sends when it takes an event along, and the file that it saved."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.web.forms import BaseForm

LONGEST_FILE = 4_000_000  # characters: thousands of records


class TakeAlongForm(BaseForm):
    """The PIN that locks it; with the password where there is no PIN yet."""

    install_id = StringField(validators=[InputRequired(), Length(max=36)])
    name = StringField(validators=[Length(max=60)])
    pin = PasswordField(_("PIN"), [InputRequired(_("Please fill this in.")), Length(max=20)])
    password = PasswordField(_("Password"), [Optional(), Length(max=200)])


class ImportForm(BaseForm):
    """A file first; what is in it again once somebody has looked at it."""

    file = FileField(_("File from the phone"), [Optional()])
    content = TextAreaField(validators=[Optional(), Length(max=LONGEST_FILE)])
