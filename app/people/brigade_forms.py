"""The two forms of brigades: founding one, and adding a colleague."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import BaseForm


class BrigadeForm(BaseForm):
    """What the brigade is called."""

    name = StringField(_("Name of the brigade"), [InputRequired(_("Please fill this in.")), Length(max=100)])


class ColleagueForm(BaseForm):
    """Whom to add: both say that one knows the colleague."""

    personnel_number = StringField(_("Personnel number"), [InputRequired(_("Please fill this in.")), Length(max=20)])
    surname = StringField(_("Surname"), [InputRequired(_("Please fill this in.")), Length(max=100)])
