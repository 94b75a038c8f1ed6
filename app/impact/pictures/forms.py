"""Forms of pictures: the files, and what is said about one or several."""

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FormField, HiddenField, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.events.forms import chosen
from app.impact.pictures.describing import LONGEST, Words
from app.impact.pictures.drawing import LARGEST
from app.impact.pictures.words import SHOWS_NAMES
from app.web.forms import BaseForm, TextsForm, texts


class CaptionForm(TextsForm):
    """One line in three languages."""

    kk = StringField(validators=[Length(max=LONGEST)])
    ru = StringField(validators=[Length(max=LONGEST)])
    en = StringField(validators=[Length(max=LONGEST)])


class AltForm(TextsForm):
    """A sentence or two in three languages."""

    kk = TextAreaField(validators=[Length(max=LONGEST)])
    ru = TextAreaField(validators=[Length(max=LONGEST)])
    en = TextAreaField(validators=[Length(max=LONGEST)])


class UploadForm(BaseForm):
    """Many files at once."""

    pictures = MultipleFileField(_("Pictures"))

    def files(self) -> list[FileStorage]:
        """Those that were chosen: an empty field sends one without a name."""
        return [file for file in self.pictures.data or () if isinstance(file, FileStorage) and file.filename]


class DescribeForm(BaseForm):
    """Who is on it, what is under it, and what is to be seen; where nothing may be left out."""

    shows = RadioField(_("Who can be recognised"), choices=chosen(SHOWS_NAMES), validate_choice=False)
    read_refusals = BooleanField(_("I looked through the list: none of those who must not be shown is on it"))
    alt = FormField(AltForm, _("What is to be seen"))
    caption = FormField(CaptionForm, _("Caption"))
    revision = HiddenField(validators=[Optional(), Length(max=9)])

    def words(self, *, only_filled: bool = False) -> Words:
        """What was written; with `only_filled` an empty text leaves what stands there."""
        said = {"alt": texts(self.alt), "caption": texts(self.caption)}
        kept = {name: text for name, text in said.items() if text or not only_filled}
        return Words(shows=self.shows.data or "", has_read=bool(self.read_refusals.data), **kept)

    def seen(self) -> int:
        """The revision that was on the page; -1, which none is, where there was none."""
        number = self.revision.data or ""
        return int(number) if number.isdecimal() else -1


def content_of(file: FileStorage) -> bytes:
    """Its bytes, one more than may be at most."""
    with file.stream as stream:
        return bytes(stream.read(LARGEST + 1))
