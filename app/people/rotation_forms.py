"""The form of a rotation calendar."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired
from wtforms import BooleanField

from app.web.forms import BaseForm, FileField


class RotationsForm(BaseForm):
    """HR's file, tried first."""

    file = FileField(_("File"), [FileRequired(_("Choose a file."))])
    is_dry_run = BooleanField(_("Only try it: show what would change"), default=True)
