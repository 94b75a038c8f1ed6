"""Pictures for tests, as cameras and mischief make them, and the people who deal with them."""

import io
import struct
import zlib
from typing import Any

from flask import Flask, current_app
from PIL import Image

from app.accounts.actor import COORDINATOR, Actor, Scope
from app.accounts.models import Account
from app.db import db
from app.events.models import Event
from app.files import FileStore
from app.impact.pictures.adding import add_picture
from app.impact.pictures.describing import Words, describe_picture
from app.impact.pictures.models import Picture
from app.impact.pictures.publishing import publish_picture
from app.people.models import Person
from tests import factories

# The event of these tests was in May; it is the Monday after.
THEN = factories.SATURDAY.replace(day=20)
ALT = {"kk": "Еріктілер жағада", "ru": "Волонтёры на берегу", "en": "Volunteers on the shore"}
AGREED = Words(shows="agreed", alt=ALT, caption={"ru": "Суббота"}, has_read=True)
NOBODY = Words(shows="nobody", alt=ALT, caption={})
PLACE = (46.0, 50.0, 24.0)


def photo(size: tuple[int, int] = (640, 480), *, colour: tuple[int, int, int] = (90, 140, 120), **saved: Any) -> bytes:
    """A JPEG of this colour; `orientation` as a camera held upright writes it."""
    picture, kept = Image.new("RGB", size, colour), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Nokia", saved.pop("orientation", 1)
    exif.get_ifd(0x8825).update({1: "N", 2: PLACE, 3: "E", 4: (74.0, 59.0, 0.0)})
    picture.save(kept, saved.pop("format", "JPEG"), exif=exif, **saved)
    return kept.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that says it has 900 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def acting(person: Person, *roles: str) -> Actor:
    """This person as who acts, in Balkhash."""
    account = db.session.query(Account).filter_by(person_id=person.id).one_or_none() or factories.account(person)
    scopes = tuple(Scope(role, city="balkhash") for role in roles or (COORDINATOR,))
    return Actor(account.id, person.id, person.short_name, scopes=scopes)


def store_of(app: Flask | None = None) -> FileStore:
    """Where the app of these tests keeps files."""
    return FileStore((app or current_app).config["TORANGY"].instance / "uploads")


def blobs(store: FileStore) -> set[str]:
    """What lies in it."""
    return {path.name for path in store.folder.iterdir()} if store.folder.is_dir() else set()


def added(event: Event, by: Actor, **made: Any) -> Picture:
    """A picture that `by` sent."""
    return add_picture(event, photo(**made), store=store_of(), now=THEN, actor=by)


def published(event: Event, by: Actor, second: Actor, words: Words = AGREED, **made: Any) -> Picture:
    """A picture that `by` sent and described, and `second` looked at."""
    picture = added(event, by, **made)
    describe_picture(picture, words, revision=0, now=THEN, actor=by)
    publish_picture(picture, now=THEN, actor=second)
    return picture
