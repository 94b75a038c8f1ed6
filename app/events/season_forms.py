"""The form that takes the file of a season."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from app.web.forms import BaseForm


class SeasonForm(BaseForm):
    """One spreadsheet."""

    file = FileField(_("File"), [FileRequired(_("Choose a file."))])
