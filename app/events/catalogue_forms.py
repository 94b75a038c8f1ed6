"""The forms of sites and programmes."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FormField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.events import words
from app.events.badges import NAMES as BADGE_NAMES
from app.events.forms import chosen
from app.events.models import Programme, Site
from app.web.fields import WholeNumberField
from app.web.forms import BaseForm, TextsForm, texts


class SiteForm(BaseForm):
    """A place and its rules."""

    name = FormField(TextsForm, _("Name"))
    city = SelectField(_("City"))
    kind = SelectField(_("Kind"), choices=chosen(words.SITE_KINDS))
    host = StringField(_("Who receives us there"), [Optional(), Length(max=200)])
    min_age = WholeNumberField(_("Youngest age"), [Optional()])
    adult_child_ratio = WholeNumberField(_("Children for one adult, at most"), [Optional()])
    hazard_class = SelectField(_("Hazard"), choices=chosen(words.HAZARD_CLASSES), default="none")
    ppe = SelectMultipleField(
        _("Protective equipment"),
        choices=chosen(words.PPE),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def values(self) -> dict[str, Any]:
        """The columns as typed."""
        names = ("city", "kind", "min_age", "adult_child_ratio", "hazard_class")
        same = {name: self[name].data for name in names}
        return same | {"name": texts(self.name), "host": (self.host.data or "").strip(), "ppe": self.ppe.data or []}

    def keep_unlisted(self, site: Site) -> None:
        """Equipment that an import brought stays on the list of this site."""
        self.ppe.choices = chosen(words.PPE | {item: item for item in site.ppe if item not in words.PPE})


class ProgrammeForm(BaseForm):
    """A line of work over one or more years."""

    name = FormField(TextsForm, _("Name"))
    first_year = WholeNumberField(_("First year"), [InputRequired()])
    last_year = WholeNumberField(_("Last year"), [Optional()])
    planned_tenge = WholeNumberField(_("Planned cost, whole tenge"), [Optional()])
    badges = SelectMultipleField(
        _("Badges"),
        [Optional()],
        choices=chosen(BADGE_NAMES),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def values(self) -> dict[str, Any]:
        """The columns as typed; one year if no last one is told."""
        first_year = self.first_year.data
        return {
            "name": texts(self.name),
            "first_year": first_year,
            "last_year": self.last_year.data or first_year,
            "planned_tenge": self.planned_tenge.data,
            "badges": self.badges.data or [],
        }


def typed(row: Site | Programme, columns: tuple[str, ...]) -> dict[str, Any]:
    """What the form holds when it opens on this row."""
    return {column: getattr(row, column) for column in columns}
