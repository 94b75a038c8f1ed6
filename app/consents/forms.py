"""Forms of consents: a new version of a text, and an answer that was given on paper."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext, lazy_gettext
from wtforms import FormField, RadioField, SelectChoice, SelectField  # type: ignore[attr-defined] # the stubs lag behind 3.3
from wtforms.validators import InputRequired, Optional

from app.consents.cover import OPTIONAL
from app.consents.scans import LARGEST
from app.consents.words import KIND_NAMES, LANGUAGE_NAMES
from app.errors import N_
from app.web.forms import BaseForm, FileField, LongTextsForm

UNREAD = N_("Say in which language the paper is.")
SPOKEN = [SelectChoice(*one) for one in LANGUAGE_NAMES.items()]
UNANSWERED = N_("Answer yes or no to each question that is not optional.")


class VersionForm(BaseForm):
    """The words of a new version."""

    text = FormField(LongTextsForm, lazy_gettext("The text"))


class PaperForm(BaseForm):
    """Who signed, in which language, what was ticked, and the scan."""

    guardian_id = SelectField(lazy_gettext("Who signed"), validate_choice=False)
    language = RadioField(lazy_gettext("Language of the paper"), [InputRequired(lazy_gettext(UNREAD))], choices=SPOKEN)
    participation = RadioField(validators=[InputRequired(lazy_gettext(UNANSWERED))])
    transport = RadioField(validators=[InputRequired(lazy_gettext(UNANSWERED))])
    medical = RadioField(validators=[InputRequired(lazy_gettext(UNANSWERED))])
    photo = RadioField(validators=[Optional()])
    scan = FileField(lazy_gettext("Scan of the signed paper"))

    def offer(self, kinds: Sequence[str], guardians: Iterable[tuple[str, str]]) -> None:
        """Only what this event asks, and who decides for this child."""
        # Nobody's name and no language is chosen beforehand: both are read from the paper.
        self.guardian_id.choices = [SelectChoice("", "—"), *(SelectChoice(*one) for one in guardians)]
        for kind, name in KIND_NAMES.items():
            if kind not in kinds:
                del self[kind]
                continue
            self[kind].label.text = gettext(name)
            self[kind].choices = [SelectChoice("yes", gettext("agrees")), SelectChoice("no", gettext("does not agree"))]
            self[kind].flags.optional = kind in OPTIONAL

    def answers(self) -> dict[str, bool]:
        """{kind: whether they agree} of what was ticked."""
        return {kind: self[kind].data == "yes" for kind in KIND_NAMES if kind in self and self[kind].data}

    def content(self) -> bytes:
        """The bytes of the scan, one more than may be at most."""
        if not self.scan.data:
            return b""
        with self.scan.data.stream as stream:
            return bytes(stream.read(LARGEST + 1))
