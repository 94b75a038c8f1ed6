"""What an approver writes beside a no."""

from flask_babel import lazy_gettext
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from app.web.forms import BaseForm


class RefusalForm(BaseForm):
    """A note that the party gets to read."""

    note = TextAreaField(lazy_gettext("Why not? The letter says it"), [Optional(), Length(max=500)])

    @property
    def note_said(self) -> str:
        """The note without spaces around it."""
        return (self.note.data or "").strip()
