"""The forms of getting in. Shapes only: whether a password is right or good, the rules say."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (  # type: ignore[attr-defined]
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from app.accounts.actor import ADMIN, COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER
from app.errors import N_
from app.web.forms import BaseForm

NEEDED = InputRequired(_("Please fill this in."))
ROLE_NAMES = {
    COORDINATOR: N_("Coordinator"),
    GIFT_KEEPER: N_("Gift keeper"),
    SAFETY_OFFICER: N_("Safety officer"),
    ADMIN: N_("Administrator"),
    "employee": N_("Employee"),
}
GRANTED = (COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, ADMIN)


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


class LogInForm(BaseForm):
    """Who and with what."""

    login = StringField(_("E-mail or personnel number"), [NEEDED, Length(max=254)], filters=[typed])
    password = PasswordField(_("Password"), [NEEDED, Length(max=1000)])


class ForgottenForm(BaseForm):
    """To whom the letter goes."""

    login = StringField(_("E-mail or personnel number"), [NEEDED, Length(max=254)], filters=[typed])


class SlipForm(NewPasswordForm):
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
