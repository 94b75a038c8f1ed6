"""The form that says why something of a plan changed."""

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import BaseForm


class ReasonForm(BaseForm):
    """One sentence."""

    text = StringField(lazy_gettext("Why"), [InputRequired(), Length(max=300)])
