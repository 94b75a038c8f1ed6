"""Forms of the survey and of what a coordinator decides about thanks."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (  # type: ignore[attr-defined] # the stubs lag behind 3.3
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.events.forms import chosen
from app.impact.thanks.models import LONGEST_WORD, GroupWaste, SurveyAnswer
from app.impact.thanks.operations import Said
from app.impact.thanks.words import CHOICE_NAMES, SCALE_NAMES, WAY_NAMES
from app.rosters.models import Group
from app.web.forms import BaseForm
from app.web.numbers import number

CHOOSE = _("Choose one of the answers.")


class SurveyForm(BaseForm):
    """How it was: a step of the scale, one choice, perhaps a word."""

    scale = RadioField(
        _("How was the day?"), [InputRequired(CHOOSE)], coerce=int, validate_choice=False,
        choices=[SelectChoice(step, _(name)) for step, name in SCALE_NAMES.items()],
    )  # fmt: skip
    choice = RadioField(
        _("What should be better next time?"), [InputRequired(CHOOSE)], validate_choice=False,
        choices=chosen(CHOICE_NAMES),
    )  # fmt: skip
    word = StringField(_("A word of your own"), [Optional(), Length(max=LONGEST_WORD)])

    def said(self) -> dict[str, Any]:
        """What the operation takes."""
        return {"scale": self.scale.data, "choice": self.choice.data, "word": self.word.data or ""}


class ThanksForm(BaseForm):
    """What an event does afterwards."""

    letters = BooleanField(_("Thank everybody who came by letter"))
    survey = BooleanField(_("Ask how it was"))


def typed_answer(answer: SurveyAnswer | None) -> dict[str, Any]:
    """What the form holds when it opens: what was said before, else nothing."""
    return {} if answer is None else {"scale": answer.scale, "choice": answer.choice, "word": answer.word}


def waste_form(groups: Sequence[Group], standing: Mapping[str, GroupWaste], language: str) -> BaseForm:
    """A line for each group: kilograms under the group's id, how they were found, and what stood on the page."""
    fields: dict[str, Any] = {}
    held: dict[str, Any] = {}
    for group in groups:
        known = standing.get(group.id)
        fields[group.id] = StringField(_("Group %(name)s, kg", name=group.name), [Optional(), Length(max=20)])
        fields[f"{group.id}_how"] = SelectField(_("How it was found out"), choices=chosen(WAY_NAMES))
        fields[f"{group.id}_seen"] = HiddenField()
        held[group.id] = number(known.kilograms, language) if known else ""
        held[f"{group.id}_how"] = known.method if known else "weighed"
        held[f"{group.id}_seen"] = known.id if known else ""
    form: BaseForm = type("GroupWasteForm", (BaseForm,), fields)(data=held)
    return form


def typed_waste(form: BaseForm, groups: Sequence[Group]) -> dict[str, Said]:
    """What was typed for each group."""
    return {
        group.id: Said(form[group.id].data or "", form[f"{group.id}_how"].data, form[f"{group.id}_seen"].data or "")
        for group in groups
    }


def show_what_stands(form: BaseForm, standing: Mapping[str, GroupWaste]) -> None:
    """Where a line was refused, the next attempt is one by somebody who has read what stands there."""
    for group_id, known in standing.items():
        if group_id in form and form[group_id].errors:
            form[f"{group_id}_seen"].data = known.id
