"""Forms of groups and buses: making them, changing one, the rules to fill them by, a stop of a bus."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.db import Texts
from app.events.forms import chosen, offered
from app.people.forms import ReadsEmail
from app.people.models import Person
from app.people.values import read_email
from app.rosters.arranging import Rules
from app.rosters.containers import FOR_BUSES, MOST, OF_FIRM, Draft
from app.rosters.group_words import AREAS, DIRECTIONS, WAYS
from app.rosters.host_forms import LANGUAGES, CellsForm
from app.rosters.models import Bus, Group
from app.rosters.ratio import Band
from app.web.fields import TimeField, WholeNumberField
from app.web.forms import BaseForm, TextsForm, texts

LARGEST = 500
OF_BUS_ALONE = tuple(name for name in FOR_BUSES if name not in OF_FIRM)
FILL_IN = _("Please fill this in.")


class FirmForm(CellsForm):
    """Where buses come from; a firm with an e-mail hears of another day by itself."""

    firm = StringField(_("Bus firm"), [Optional(), Length(max=200)])
    firm_email = StringField(_("E-mail of the bus firm"), [Optional(), ReadsEmail()])
    firm_language = SelectField(_("Language of the letters"), choices=LANGUAGES, default="kk")


class MakingForm(FirmForm):
    """So many groups of so many people; a bus also has a driver and a plate."""

    count = WholeNumberField(_("How many"), [InputRequired(FILL_IN), NumberRange(1, MOST)], default=1)
    capacity = WholeNumberField(_("Places in each"), [Optional(), NumberRange(1, LARGEST)])
    name = StringField(_("Name"), [Optional(), Length(max=60)])
    driver = StringField(_("Driver"), [Optional(), Length(max=200)])
    driver_phone = StringField(_("Driver's phone"), [Optional(), Length(max=20)])
    plate = StringField(_("Plate"), [Optional(), Length(max=20)])

    def drafts(self) -> list[Draft]:
        """As many as were asked for, all of one firm; what names one bus alone goes to the first."""
        said = {name: (self[name].data or "").strip() for name in ("name", *OF_BUS_ALONE)}
        firm = typed_firm(self)
        first, others = Draft(capacity=self.capacity.data, **said, **firm), Draft(capacity=self.capacity.data, **firm)
        return [first, *[others] * ((self.count.data or 1) - 1)]


class ContainerForm(FirmForm):
    """One group or bus; its leader is a grown-up of it, or any employee by number."""

    name = StringField(_("Name"), [InputRequired(FILL_IN), Length(max=60)])
    capacity = WholeNumberField(_("Places"), [Optional(), NumberRange(1, LARGEST)])
    leader = SelectField(_("Leader"), validate_choice=False)
    leader_number = StringField(_("Or an employee by personnel number"), [Optional(), Length(max=20)])
    driver = StringField(_("Driver"), [Optional(), Length(max=200)])
    driver_phone = StringField(_("Driver's phone"), [Optional(), Length(max=20)])
    plate = StringField(_("Plate"), [Optional(), Length(max=20)])

    def fields(self, what: str) -> dict[str, object]:
        """What was typed, by column."""
        said = {name: (self[name].data or "").strip() for name in ("name", *(OF_BUS_ALONE if what == "buses" else ()))}
        return said | (typed_firm(self) if what == "buses" else {}) | {"capacity": self.capacity.data}


class RulesForm(BaseForm):
    """How to fill them. Families stay together in any case."""

    by = SelectField(_("Put together"), choices=chosen(AREAS))
    brigades = BooleanField(_("Brigades and lists of institutions stay together"))
    escorts = BooleanField(_("Enough adults for the children in each"))
    balanced = BooleanField(_("About as many people in each"))
    keep = SelectField(_("Those who are placed already"), choices=chosen(WAYS))

    def rules(self, bands: tuple[Band, ...]) -> Rules:
        """The rules as the solver takes them."""
        return Rules(self.brigades.data, self.by.data or "", self.balanced.data, self.escorts.data, bands)


class BusStopForm(BaseForm):
    """Where the bus stops, and when by the clock of that place."""

    place = FormField(TextsForm, _("Where"))
    leaves_at = TimeField(_("Leaves at"), [InputRequired(FILL_IN)])
    direction = SelectField(_("On the way"), choices=chosen(DIRECTIONS))

    def places(self) -> Texts:
        """In the languages that were filled in."""
        return texts(self.place)


def typed_firm(form: FirmForm) -> dict[str, str]:
    """The firm as a bus keeps it."""
    name, email = (form.firm.data or "").strip(), read_email(form.firm_email.data) or ""
    return {"firm": name, "firm_email": email, "firm_language": form.firm_language.data or "kk"}


def container_form(
    container: Group | Bus, adults: Sequence[tuple[str, str]], leader: Person | None, *, is_sent: bool = True
) -> ContainerForm:
    """The form of one group or bus, with those who may lead it to choose from; not `is_sent`: another form was."""
    names = ("name", "capacity", *(FOR_BUSES if isinstance(container, Bus) else ()))
    data = {name: getattr(container, name) for name in names} | {"leader": container.leader_id or ""}
    form = ContainerForm(data=data) if is_sent else ContainerForm(formdata=None, data=data)
    known = dict(adults)
    if leader:
        known.setdefault(leader.id, leader.short_name)
    form.leader.choices = offered(known.items(), may_be_none=True)
    return form
