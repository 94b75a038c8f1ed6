"""The base of every form: shape checked by WTForms, a rule's refusal put beside its field."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

from flask import g
from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm
from wtforms import FieldList, FileField, FormField, StringField, TextAreaField
from wtforms.i18n import get_translations
from wtforms.validators import Length

from app.errors import N_, DomainError, Invalid

P = ParamSpec("P")
R = TypeVar("R")

NUL = "\x00"
TOO_MANY = 429
UNPRINTABLE = N_("Only letters, digits and signs that can be printed.")
STALE = N_("This page was open for too long. Your entries are still here: send them again.")


@lru_cache
def _words_of(language: str) -> Any:
    """WTForms' own sentences; read from disk once, not with every form."""
    return get_translations([language])


class BaseForm(FlaskForm):
    """A form that can try an operation and answers with the right status."""

    too_many = False

    class Meta(FlaskForm.Meta):
        """As Flask-WTF's, but for where the sentences come from."""

        def get_translations(self, form: Any) -> Any:
            """WTForms' sentences in the page's language."""
            return _words_of(language())

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent; where a refused page is drawn again, what had been typed on it."""
            return super().wrap_formdata(form, formdata) or g.get("typed")

    def attempt(self, operation: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """The operation's result; None when a rule refused one of this form's fields, whose error then says why.

        A refusal that is about no field here goes on to the error handler.
        """
        try:
            return operation(*args, **kwargs)
        except Invalid as refusal:
            self._show(refusal.errors, refusal.params)
        except DomainError as refusal:
            if refusal.field is None or refusal.field not in self:
                raise
            self.too_many = refusal.status == TOO_MANY
            self._show({refusal.field: refusal.message}, refusal.params)
        return None

    @property
    def status(self) -> int:
        """HTTP status of the page that shows this form: 422 when a field is wrong, 429 after too many tries."""
        if self.too_many:
            return TOO_MANY
        return 422 if self.errors else 200

    def _show(self, errors: dict[str, str], params: dict[str, object]) -> None:
        for name, sentence in errors.items():
            text = gettext(sentence)
            message = text % params if params else text
            field = self[name] if name in self else next(iter(self))
            field = next(iter(field.form)) if isinstance(field, FormField) else field
            field.errors = [*field.errors, message]

    def validate(self, extra_validators: Any = None) -> bool:
        """As WTForms; a stale or forged token becomes a sentence instead of a bare 400."""
        return bool(super().validate(extra_validators)) and not _refuse_nul(self)


def _refuse_nul(fields: Iterable[Any]) -> bool:
    """Whether a field holds a NUL, which no database keeps; said beside it."""
    found = False
    for field in fields:
        if isinstance(field, FormField | FieldList):
            found |= _refuse_nul(field)
        elif isinstance(field.data, str) and NUL in field.data:
            field.errors = [*field.errors, gettext(UNPRINTABLE)]
            found = True
    return found


class TextsForm(FlaskForm):
    """One text in three languages; the first one given stands in for the others."""

    kk = StringField(validators=[Length(max=4000)])
    ru = StringField(validators=[Length(max=4000)])
    en = StringField(validators=[Length(max=4000)])

    class Meta:
        csrf = False


class LongTextsForm(TextsForm):
    """The same with room for paragraphs."""

    kk = TextAreaField(validators=[Length(max=4000)])
    ru = TextAreaField(validators=[Length(max=4000)])
    en = TextAreaField(validators=[Length(max=4000)])


def texts(field: FormField) -> dict[str, str]:
    """The languages that were filled in: {kk: ..., ru: ...}."""
    return {
        code: text.strip() for code, text in field.data.items() if code in ("kk", "ru", "en") and text and text.strip()
    }


def language() -> str:
    """The page's language code."""
    return str(get_locale() or "kk")


__all__ = ["BaseForm", "FileField", "LongTextsForm", "TextsForm", "language", "texts"]
