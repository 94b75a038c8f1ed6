"""Pages of those who are to do something: by the link of a letter without a login, or from one's own list.

Mail scanners open every address, so a GET changes nothing; only the POST of a button answers.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app import clock
from app.accounts.actor import Actor
from app.files import FileStore, open_store
from app.impact.follow_up import words
from app.impact.follow_up.answering import answer_follow_up
from app.impact.follow_up.forms import AnswerForm
from app.impact.follow_up.links import answer_path, follow_up_by_link
from app.impact.follow_up.queries import own_follow_ups
from app.impact.follow_up.readers import FollowUp
from app.web.access import open_to_all, signed_in
from app.web.actor import current_actor
from app.web.dates import local_date

bp = Blueprint("answers", __name__)


@bp.get("/my/follow-ups")
@signed_in
def mine() -> str:
    """What one is to do oneself, with a way to answer."""
    now = clock.now()
    rows = own_follow_ups(str(current_actor().person_id))
    paths = {one.task.id: answer_path(one.task, now=now) for one in rows}
    return render_template("impact/follow_up/mine.html", rows=rows, paths=paths, words=words, today=local_date(now))


@bp.get("/follow-ups/answer/<token>")
@open_to_all
def asked(token: str) -> ResponseReturnValue:
    """What is to be done, until when, and how it stands; a form to answer."""
    now = clock.now()
    one = follow_up_by_link(token, now=now)
    return _asked_page(one, token, AnswerForm(formdata=None), now=now)


@bp.post("/follow-ups/answer/<token>")
@open_to_all
def answer(token: str) -> ResponseReturnValue:
    """In work, finished, or not possible; perhaps with words and a file."""
    now, form = clock.now(), AnswerForm()
    one = follow_up_by_link(token, now=now)
    with _spoken_to(one):
        if form.validate_on_submit():
            form.attempt(
                answer_follow_up, one, form.state.data, note=form.said, upload=form.upload, store=_store(), now=now,
                actor=_owner(one),
            )  # fmt: skip
            if not form.errors:
                flash(gettext("Thank you. The coordinator sees your answer."), "ok")
                return redirect(url_for(".asked", token=token), 303)
            one = follow_up_by_link(token, now=now)
        return _asked_page(one, token, form, now=now), form.status


def _asked_page(one: FollowUp, token: str, form: AnswerForm, *, now: datetime) -> str:
    with _spoken_to(one):
        return render_template(
            "impact/follow_up/answer.html", one=one, token=token, form=form, words=words, today=local_date(now)
        )


def _owner(one: FollowUp) -> Actor:
    """Known by the link alone: whoever has it may answer this, and nothing else."""
    spoken = one.person.language if one.person else one.task.owner_language
    return Actor(person_id=one.task.owner_id, name=one.owner_name, language=spoken)


def _spoken_to(one: FollowUp) -> AbstractContextManager[Any]:
    """A page that a letter led to speaks the letter's language, unless this browser chose one."""
    if current_actor().is_signed_in or "language" in session:
        return nullcontext()
    return force_locale(_owner(one).language)


def _store() -> FileStore:
    return open_store(current_app.config["TORANGY"])
