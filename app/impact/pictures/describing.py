"""Saying what is on pictures: whom they show, a caption, and words for those who can't see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import Texts, lock, transaction
from app.errors import N_, Invalid, require
from app.impact.pictures.errors import ChangedMeanwhile, NotReady, RefusalsUnread
from app.impact.pictures.models import SHOWS, Picture
from app.impact.pictures.policy import can_describe
from app.impact.pictures.ready import LANGUAGES, is_described

LONGEST = 300
UNSAID = N_("Say who can be recognised on it.")
TOO_LONG = N_("At most 300 letters.")


@dataclass(frozen=True)
class Words:
    """What somebody says about a picture: `shows` is one of SHOWS, texts are {kk, ru, en}.

    `has_read` says that they looked through those who must not be shown.
    """

    shows: str = ""
    caption: Texts | None = None
    alt: Texts | None = None
    has_read: bool = False


def describe_picture(picture: Picture, words: Words, *, revision: int, now: datetime, actor: Actor) -> Picture:
    """Writes down what is on it. Raises ChangedMeanwhile unless `revision` is the one that was read, RefusalsUnread,
    Invalid by field, NotReady where a published one would lose its description, NotAllowed.

    A published picture that is said to show others than before is taken down until somebody looks at it again.
    """
    with transaction():
        lock(picture)
        require(can_describe(actor, picture.event))
        _check(words)
        if picture.revision != revision:
            raise ChangedMeanwhile
        _write(picture, words, now=now, actor=actor)
    return picture


def describe_pictures(pictures: Sequence[Picture], words: Words, *, now: datetime, actor: Actor) -> int:
    """The same words for several; what is left empty stays as it is with each. Returns how many."""
    with transaction():
        for picture in sorted(pictures, key=lambda one: one.id):
            lock(picture)
            require(can_describe(actor, picture.event))
            _check(words, may_be_silent=True)
            _write(picture, words, now=now, actor=actor)
    return len(pictures)


def _check(words: Words, *, may_be_silent: bool = False) -> None:
    wrong = {}
    if words.shows not in SHOWS or not (words.shows or may_be_silent):
        wrong["shows"] = UNSAID
    for name, text in (("caption", words.caption), ("alt", words.alt)):
        if any(len(part) > LONGEST for part in (text or {}).values()):
            wrong[name] = TOO_LONG
    if wrong:
        raise Invalid(wrong)
    if words.shows == "agreed" and not words.has_read:
        raise RefusalsUnread


def _write(picture: Picture, words: Words, *, now: datetime, actor: Actor) -> None:
    wanted: dict[str, object] = {"shows": words.shows} if words.shows else {}
    wanted |= {name: _tidy(text) for name in ("caption", "alt") if (text := getattr(words, name)) is not None}
    changes = differences(picture, wanted)
    if not changes:
        return
    for name, value in wanted.items():
        setattr(picture, name, value)
    picture.revision += 1
    if picture.is_published and not is_described(picture.shows, picture.alt):
        raise NotReady
    if picture.is_published and "shows" in changes:
        take_down(picture, "second-thoughts", now=now, actor=actor)
    record(actor, "describe_picture", picture, now=now, changes=changes)


def take_down(picture: Picture, why: str, *, now: datetime, actor: Actor) -> None:
    """Nobody but those who run the event sees it from now on."""
    picture.published_at, picture.published_by_id = None, None
    picture.withdrawn_at, picture.withdrawn_by_id, picture.withdrawn_why = now, actor.account_id, why


def _tidy(text: Texts) -> Texts:
    kept: Collection[str] = LANGUAGES
    return {code: part.strip() for code, part in text.items() if code in kept and part.strip()}
