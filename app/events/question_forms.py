"""The form of one question, and the way between what a coordinator types and a draft."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (  # type: ignore[attr-defined] # the stubs lag behind 3.3
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
)
from wtforms.validators import Optional

from app.errors import N_
from app.events.forms import chosen, sent
from app.events.models import Question
from app.events.question_drafts import MOST_OPTIONS, OptionDraft, QuestionDraft, answers_that_decide, question_version
from app.web.fields import WholeNumberField
from app.web.forms import BaseForm, TextsForm, language, texts
from app.web.words import in_language

KINDS = {
    "choice": N_("One answer of several"),
    "yes-no": N_("Yes or no"),
    "text": N_("In their own words"),
    "size": N_("A clothing size"),
}
YES_NO = {"yes": N_("Yes"), "no": N_("No")}
BLANK_OPTIONS = 3


class OptionForm(Form):
    """One answer to choose from; without a name it is none."""

    class Meta:
        csrf = False

    key = HiddenField()
    label = FormField(TextsForm, _("Name"))
    seats = WholeNumberField(_("Seats"), [Optional()])

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not texts(self.label) and self.seats.data is None

    def draft(self) -> OptionDraft:
        """The answer as typed."""
        return OptionDraft(label=texts(self.label), seats=self.seats.data, key=self.key.data or "")


class QuestionForm(BaseForm):
    """One question on one sheet; fields are called as the columns that they fill, so that refusals find them."""

    version = HiddenField(_("This page"))
    label = FormField(TextsForm, _("Question"))
    kind = SelectField(_("Kind of answer"), choices=chosen(KINDS))
    options = FieldList(FormField(OptionForm), _("Answers to choose from"), max_entries=MOST_OPTIONS)
    is_per_person = BooleanField(_("Ask it of each person, not once for the party"))
    is_required = BooleanField(_("Nobody signs up without answering it"))
    shown_if = SelectField(_("When it is asked"), [Optional()])

    def draft(self) -> QuestionDraft:
        """The question as typed."""
        parent, _colon, answer = (self.shown_if.data or "").partition(":")
        return QuestionDraft(
            kind=self.kind.data,
            label=texts(self.label),
            options=tuple(row.form.draft() for row in self.options if not row.form.is_blank),
            is_per_person=bool(self.is_per_person.data),
            is_required=bool(self.is_required.data),
            shown_if_id=parent or None,
            shown_if_answer=answer,
        )

    @property
    def opened_at(self) -> str:
        """The version that the page was opened at."""
        return sent(self.version)


def question_form(before: Sequence[Question], question: Question | None = None) -> QuestionForm:
    """The form, empty or with the question as it stands; `before` are those by which it may be shown."""
    form = QuestionForm(data=_typed(question) if question else {"kind": "choice"})
    form.shown_if.choices = [SelectChoice("", gettext(N_("Always")))] + [
        SelectChoice(f"{one.id}:{answer}", gettext(N_("If “%(question)s”: %(answer)s"), **words))
        for one in before
        for answer, words in _deciding(one)
    ]
    while len(form.options) < (BLANK_OPTIONS if question is None else 1):
        form.options.append_entry()
    return form


def spoken_answer(question: Question, value: str) -> str:
    """An answer as the reader says it: the name of the choice, yes or no, else what was written."""
    if question.kind == "choice":
        label = next((option["label"] for option in question.options if option["key"] == value), None)
        return in_language(label, language()) if label else value
    return gettext(YES_NO[value]) if question.kind == "yes-no" and value in YES_NO else value


def _typed(question: Question) -> dict[str, Any]:
    same = {name: getattr(question, name) for name in ("label", "kind", "options", "is_per_person", "is_required")}
    shown_if = f"{question.shown_if_id}:{question.shown_if_answer}" if question.shown_if_id else ""
    return same | {"shown_if": shown_if, "version": question_version(question)}


def _deciding(question: Question) -> list[tuple[str, dict[str, str]]]:
    label = in_language(question.label, language())
    answers = answers_that_decide(question)
    return [(answer, {"question": label, "answer": spoken_answer(question, answer)}) for answer in answers]
