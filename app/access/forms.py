"""The forms of getting in. Shapes only: whether a password is right or good, the rules say."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (  # type: ignore[attr-defined] # the stubs lag behind 3.3
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from app.accounts.actor import ADMIN, COORDINATOR, GIFT_KEEPER, HELPER, MANAGEMENT, SAFETY_OFFICER
from app.errors import N_
from app.web.fields import DateField
from app.web.forms import BaseForm

NEEDED = InputRequired(_("Please fill this in."))
ROLE_NAMES = {
    COORDINATOR: N_("Coordinator"),
    GIFT_KEEPER: N_("Gift keeper"),
    SAFETY_OFFICER: N_("Safety officer"),
    ADMIN: N_("Administrator"),
    "employee": N_("Employee"),
    HELPER: N_("Helper"),
    MANAGEMENT: N_("Management"),
}
GRANTED = (COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, MANAGEMENT, ADMIN)


def typed(text: str | None) -> str | None:
    """What a person can have typed: no control characters, no spaces around."""
    return "".join(letter for letter in text if letter.isprintable()).strip() if text else text


class NewPasswordForm(BaseForm):
    """A new password, typed twice because nobody sees it."""

    password = PasswordField(_("New password"), [NEEDED, Length(max=1000)])
    again = PasswordField(_("The same once more"), [NEEDED])

    def validate_again(self, field: PasswordField) -> None:
        """Both are the same."""
        if field.data != self.password.data:
            raise ValidationError(gettext("The two passwords differ."))


class ActivationForm(NewPasswordForm):
    """The first password, and for those who will stand at a shared computer a PIN, if they like."""

    pin = StringField(_("PIN for the kiosk"), [Optional(), Length(max=20)], filters=[typed])


class PinForm(BaseForm):
    """A PIN, in plain sight because it is typed on one's own phone; the password says that it is one's own."""

    pin = StringField(_("New PIN"), [NEEDED, Length(max=20)], filters=[typed])
    present = PasswordField(_("Present password"), [NEEDED, Length(max=1000)])


class KioskLogInForm(BaseForm):
    """What is typed at the gate."""

    number = StringField(_("Personnel number"), [NEEDED, Length(max=20)], filters=[typed])
    pin = PasswordField(_("PIN"), [NEEDED, Length(max=20)])


class KioskForm(BaseForm):
    """A shared computer to be enrolled."""

    name = StringField(_("Name of the place"), [NEEDED, Length(max=100)], filters=[typed])
    city = SelectField(_("City"), [NEEDED])

    def offer(self, cities: list[tuple[str, str]]) -> None:
        """The cities to choose from."""
        self.city.choices = [SelectChoice(*city) for city in cities]


class EnrolmentForm(BaseForm):
    """The code that a coordinator was shown."""

    code = StringField(_("Code of the kiosk"), [NEEDED, Length(max=40)], filters=[typed])


class LogInForm(BaseForm):
    """Who and with what."""

    login = StringField(_("E-mail or personnel number"), [NEEDED, Length(max=254)], filters=[typed])
    password = PasswordField(_("Password"), [NEEDED, Length(max=1000)])


class ForgottenForm(BaseForm):
    """To whom the letter goes."""

    login = StringField(_("E-mail or personnel number"), [NEEDED, Length(max=254)], filters=[typed])


class SlipForm(ActivationForm):
    """What stands on a printed slip."""

    number = StringField(_("Personnel number"), [NEEDED, Length(max=20)], filters=[typed])
    code = StringField(_("Code from the slip"), [NEEDED, Length(max=40)], filters=[typed])


class ChangePasswordForm(NewPasswordForm):
    """The present password once more, so that a phone left open gives nothing away for good."""

    present = PasswordField(_("Present password"), [NEEDED, Length(max=1000)])


class GrantForm(BaseForm):
    """A role and where it holds."""

    role = SelectField(_("Role"), [NEEDED], choices=[SelectChoice(role, _(ROLE_NAMES[role])) for role in GRANTED])
    city = SelectField(_("City"), [Optional()])

    def offer(self, cities: list[tuple[str, str]]) -> None:
        """The cities to choose from, all of them first."""
        self.city.choices = [SelectChoice("", gettext("All cities")), *(SelectChoice(*city) for city in cities)]


class DelegationForm(BaseForm):
    """Who stands in, from which day to which, and why."""

    deputy = StringField(_("E-mail or personnel number"), [NEEDED, Length(max=254)], filters=[typed])
    from_on = DateField(_("First day"), [NEEDED])
    until_on = DateField(_("Last day"), [NEEDED])
    reason = StringField(_("Reason"), [NEEDED, Length(max=200)], filters=[typed])


class HelperForm(BaseForm):
    """Who helps at the event."""

    helper = StringField(_("E-mail or personnel number"), [NEEDED, Length(max=254)], filters=[typed])
