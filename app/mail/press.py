"""The press: writes letters. What the letters of one shape share is rendered once and kept as a form, then filled."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.db import db
from app.mail.dkim_signing import load_signer
from app.mail.form_models import MailForm
from app.mail.forms import Form, Path, Shape, form_in, form_of, keep, place_of, shape_of, values_for, with_values
from app.mail.letters import plain_address, sender_from
from app.mail.models import Mail
from app.mail.overriding import override_at
from app.mail.rendering import (
    Claimed,
    Ready,
    context_of,
    directly,
    language_of,
    made_ready,
    shared_calendar,
    words_of,
)
from app.mail.slots import NotShared
from app.mail.templates import Templates, Words
from config import Settings

log = logging.getLogger(__name__)

KEPT = 256  # forms at hand: what is due at one time comes from few events
# A value that shows whether a template does anything with it but print it.
ODDEST = "<b>Ә &amp;  \"'\u00a0в доме 5 лет%s</b> {{ x }}"
MOST_LITERAL = 30  # places of a template that are looked into; with more there is nothing to share


class Press:
    """Writes letters for one process; any number of threads may share it.

    Made within an app context; afterwards it needs none, and no transaction may be open where a letter is written.
    Raises BadAddress where our own addresses can't be written.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # werkzeug types what it stands for
        self._templates = {code: Templates(current_app.jinja_env, code) for code in settings.languages}
        for own in (sender_from(settings.mail_default_sender).address, settings.mail_bounce_address):
            plain_address(own or "nobody@localhost")
        self._signer = load_signer(settings)
        self._forms: OrderedDict[str, Form | None] = OrderedDict()
        self._literal: dict[str, frozenset[Path]] = {}
        self._kept_on: dict[str, date] = {}
        self._turn = Lock()

    def written(self, mail: Claimed, *, now: datetime) -> Ready:
        """The letter as it leaves; what is put down about it is of the letter before it was signed.

        Raises BadAddress and what the template raises.
        """
        context = context_of(mail, self.settings, now=now)
        shape = shape_of(context, self._literal.get(mail.template, ()), self.settings.base_url)
        key = _key(mail, shape)
        known, form = self._known(key)
        if not known:
            form, shape = self._made(mail, context)
            self._learn(_key(mail, shape), form)
        if form is None:
            ready = self.directly(mail, now=now)
        else:
            if self._kept_on.get(form.id) != now.date():
                self._keep(form, mail, now=now)
            ready = _filled_in(form, shape.values, mail, context, self.settings, now=now)
        return replace(ready, message=self._signer.signed(ready.message)) if self._signer else ready

    def directly(self, mail: Claimed, *, now: datetime) -> Ready:
        """The same letter without a form, and unsigned."""
        return directly(mail, self._templates[language_of(mail, self.settings)], self.settings, now=now)

    def _words(self, mail: Claimed, context: dict[str, Any]) -> Words:
        return words_of(mail, context, self._templates[language_of(mail, self.settings)], self.settings)

    def _made(self, mail: Claimed, context: dict[str, Any]) -> tuple[Form | None, Shape]:
        """The form of this letter, None if it has none, and its shape.

        It must give, to the letter, what the template gives for this reader and for the oddest one.
        """
        direct = self._words(mail, context)
        shape = self._shape_after_all(mail, context)
        if shape is None:
            return None, shape_of(context, (), self.settings.base_url)
        known = _base_shape(mail, context, self.settings)
        form = form_of(self._words(mail, shape.context), shape.paths, known, shared_calendar(mail, self.settings))
        odd = [f"{number} {ODDEST}" for number, _ in enumerate(shape.values)]
        of_the_oddest = self._words(mail, with_values(shape.context, odd))
        if form.filled(shape.values) == direct and form.filled(odd) == of_the_oddest:
            return form, shape
        log.error("letters %s: the form gives another letter than its template", mail.template)
        return None, shape

    def _shape_after_all(self, mail: Claimed, context: dict[str, Any]) -> Shape | None:
        """A shape whose slots the template looks into nowhere; what it looks into is learned and then shared."""
        literal = self._literal.get(mail.template, frozenset())
        for _ in range(MOST_LITERAL):
            shape = shape_of(context, literal, self.settings.base_url)
            try:
                self._words(mail, shape.context)
            except NotShared as looked:
                literal |= {place_of(shape.paths[looked.number])}
                self._literal[mail.template] = literal
            except Exception:  # the letter itself was rendered: only a slot can be at fault
                log.exception("letters %s can't be shared", mail.template)
                return None
            else:
                return shape
        return None

    def _known(self, key: str) -> tuple[bool, Form | None]:
        with self._turn:
            if key not in self._forms:
                return False, None
            self._forms.move_to_end(key)
            return True, self._forms[key]

    def _learn(self, key: str, form: Form | None) -> None:
        with self._turn:
            self._forms[key] = form
            while len(self._forms) > KEPT:
                _, gone = self._forms.popitem(last=False)
                self._kept_on.pop(gone.id if gone else "", None)

    def _keep(self, form: Form, mail: Claimed, *, now: datetime) -> None:
        """Puts the form down for the proof; a letter that can't be proven later leaves all the same."""
        try:
            with self._app.app_context():
                keep(form, mail.template, language_of(mail, self.settings), now=now)
        except SQLAlchemyError:
            log.warning("form %s of %s could not be kept", form.id, mail.template, exc_info=True)
        else:
            self._kept_on[form.id] = now.date()


def the_letter(mail: Mail, settings: Settings, press: Press) -> bytes | None:
    """The very bytes that left (before they were signed), whatever became of the templates; None if they are lost.

    Written again from its form, its row and the time at which it was handed over; its digest proves it.
    """
    if mail.digest is None or mail.handed_at is None or mail.body_deleted_at is not None:
        return None
    claimed = Claimed(
        mail.id, mail.template, mail.recipient, mail.recipient_name, mail.language, mail.context, mail.calendar,
        mail.optional, mail.attempts, mail.created_at, mail.reader_zone,
        override_at(mail.event_id, mail.template, mail.language, at=mail.handed_at),
    )  # fmt: skip
    for raw in _writings(claimed, settings, press, handed_at=mail.handed_at, event_id=mail.event_id):
        if hashlib.sha256(raw).hexdigest() == mail.digest:
            return raw
    return None


def _writings(
    mail: Claimed, settings: Settings, press: Press, *, handed_at: datetime, event_id: str | None
) -> Iterator[bytes]:
    """The letter as each form of its shape and, last, today's template write it."""
    context = context_of(mail, settings, now=handed_at)
    known = select(MailForm).where(MailForm.shape == _base_shape(mail, context, settings))
    for row in db.session.scalars(known.order_by(MailForm.created_at.desc())):
        form = form_in(row)
        values = values_for(form, context, settings.base_url)
        yield _filled_in(form, values, mail, context, settings, now=handed_at).message
    override = override_at(event_id, mail.template, language_of(mail, settings), at=handed_at)
    try:
        yield press.directly(replace(mail, override=override), now=handed_at).message
    except Exception:  # what a letter of long ago lacks in today's template must not break the page of the record
        log.info("mail %s can't be written again", mail.id, exc_info=True)


def _filled_in(
    form: Form, values: list[str], mail: Claimed, context: dict[str, Any], settings: Settings, *, now: datetime
) -> Ready:
    """The letter that this form and these values make."""
    words, unsubscribe = form.filled(values), context["unsubscribe_url"]
    return made_ready(mail, words, form.calendar, settings, now=now, unsubscribe=unsubscribe)


def _key(mail: Claimed, shape: Shape) -> str:
    """What two letters have in common that have one form."""
    calendar = mail.calendar and {name: said for name, said in mail.calendar.items() if name != "sequence"}
    return hashlib.sha256(f"{mail.template}\0{calendar!r}\0{shape.key}".encode()).hexdigest()[:32]


def _base_shape(mail: Claimed, context: dict[str, Any], settings: Settings) -> str:
    """What is known of a letter's form by its row alone: not what the press learned, nor a coordinator's words."""
    plain = {name: value for name, value in context.items() if name != "own_words"}
    return _key(mail, shape_of(plain, (), settings.base_url))
