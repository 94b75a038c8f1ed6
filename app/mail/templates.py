"""The templates of letters, each language with its own: they need no request and no app, and threads share them.

A letter is templates/<slice>/mail/<mail>/letter.html, `{% extends frame %}`, compiled twice: as HTML (escaped, frame
mail/base.html) and as text (as it is, frames mail/subject.txt and mail/base.txt). The pieces of a letter are the
variable `letter`: mail/_parts.html or mail/_parts.txt. A field that a letter doesn't have stops it: half a letter is
worse than one that is late.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask_babel import force_locale, get_translations
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.mail.slots import Slot, careful_filters, careful_tests
from app.web.filters import filters_in

SOURCE = "letter.html"


@dataclass(frozen=True)
class Words:
    """What a letter says: its subject in one line, its text, its HTML."""

    subject: str
    text: str
    html: str


class Templates:
    """All letters in one language."""

    def __init__(self, environment: Environment, language: str) -> None:
        self.language = language
        with force_locale(language):
            words = _gettext_functions(get_translations())
        self._html = _overlay(environment, language, words, autoescape=True)
        self._text = _overlay(environment, language, words, autoescape=False)

    def words(self, template: str, context: Mapping[str, Any]) -> Words:
        """The letter "signups/confirmed" from this context; raises what a template raises."""
        slice_name, _, mail = template.partition("/")
        source = f"{slice_name}/mail/{mail}/{SOURCE}"
        text, html = self._text.get_template(source), self._html.get_template(source)
        subject = text.render(context, frame="mail/subject.txt")
        body = text.render(context, frame="mail/base.txt")
        return Words(
            subject=" ".join(subject.split()),
            text=body.strip() + "\n",
            html=html.render(context, frame="mail/base.html"),
        )


def _overlay(
    environment: Environment, language: str, words: Mapping[str, Callable[..., str]], *, autoescape: bool
) -> Environment:
    """The app's templates with the catalog of one language at hand: Flask-Babel looks it up anew for every word."""
    templates = environment.overlay(autoescape=autoescape, undefined=StrictUndefined)
    templates.globals = {**environment.globals, **words}
    templates.filters = careful_filters(environment.filters | filters_in(language, words["plain"]))
    templates.tests = cast(Any, careful_tests(cast(Any, environment.tests)))
    pieces = f"mail/_parts.{'html' if autoescape else 'txt'}"
    templates.globals["letter"] = templates.get_template(pieces).module
    return templates


def _gettext_functions(catalog: Any) -> dict[str, Callable[..., str]]:
    def said(message: str | Slot) -> str:
        if isinstance(message, Slot):
            message.refuse()
        return str(catalog.ugettext(message))

    @pass_context
    def gettext(context: Context, message: str, **variables: Any) -> str:
        return _filled(context, said(message), variables)

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, **variables: Any) -> str:
        return _filled(context, catalog.ungettext(singular, plural, num), {"num": num, **variables})

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext, "plain": said}


def _filled(context: Context, text: str, variables: dict[str, Any]) -> str:
    """As Jinja's own: in HTML the text is trusted and what is filled in is escaped."""
    return (Markup(text) if context.eval_ctx.autoescape else text) % variables
