"""Forms of safety: a report of what went wrong or nearly did."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, MultipleFileField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.errors import N_
from app.events.forms import chosen
from app.web.fields import TimeField
from app.web.forms import BaseForm

KIND_NAMES = {
    "incident": N_("An incident: somebody or something was harmed"),
    "near_miss": N_("A near-miss: it went well this time"),
}


class IncidentForm(BaseForm):
    """What happened, where, when, to whom, and what was done."""

    incident_id = HiddenField()
    corrects = HiddenField()
    kind = RadioField(_("What it was"), choices=chosen(KIND_NAMES), default="incident")
    at = TimeField(_("At what time"), [InputRequired()])
    where = StringField(_("Where"), [Optional(), Length(max=200)])
    text = TextAreaField(_("What happened"), [InputRequired(), Length(max=4000)])
    action = TextAreaField(_("What was done"), [Optional(), Length(max=2000)])
    guardian_told = TimeField(_("When the guardian was told"), [Optional()])
    people = SelectMultipleField(
        _("Who was concerned"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    photos = MultipleFileField(_("Photos"), [Optional()])
