"""What proves a follow-up: a paper or a photograph. What a file is, its bytes say, whatever it is called.

Photographs are drawn anew: what the camera wrote into them (where it was, whose it is) stays outside.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps

from app.files import FileStore
from app.impact.follow_up.errors import FileTooLarge, FileUnfit

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2400
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
SIGNS = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}


@dataclass(frozen=True)
class Upload:
    """A file as it came: what it is called, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Kept:
    """Where it lies and what it is."""

    key: str
    media_type: str
    name: str


@contextmanager
def kept_evidence(upload: Upload | None, *, store: FileStore) -> Iterator[Kept | None]:
    """The file kept before the transaction begins, so that nobody's lock waits for a slow store; deleted again where
    the act is refused. Raises FileTooLarge, FileUnfit."""
    kept = keep_evidence(upload, store=store) if upload else None
    try:
        yield kept
    except BaseException:
        if kept is not None:
            store.delete(kept.key)
        raise


def keep_evidence(upload: Upload, *, store: FileStore) -> Kept:
    """Keeps the file; raises FileTooLarge, FileUnfit."""
    if len(upload.content) > LARGEST:
        raise FileTooLarge
    media_type = media_type_of(upload.content)
    content = upload.content if media_type == PDF else _drawn_anew(upload.content, media_type)
    return Kept(store.save(content), media_type, _plain_name(upload.name)[:200])


def media_type_of(content: bytes) -> str:
    """By its first bytes; raises FileUnfit."""
    for sign, media_type in SIGNS.items():
        if content.startswith(sign):
            return media_type
    raise FileUnfit


def _drawn_anew(content: bytes, media_type: str) -> bytes:
    """Without what was written into it, its longest side 2,400 at most. A bomb of pixels is never unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise FileUnfit
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return _written(upright, media_type)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileUnfit from error


def _written(image: Image.Image, media_type: str) -> bytes:
    bare = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    bare.paste(layer, mask=layer.getchannel("A"))
    out = io.BytesIO()
    if media_type == PNG:
        bare.save(out, "PNG", optimize=False)
    else:
        bare.save(out, "JPEG", quality=85)
    return out.getvalue()


def _plain_name(name: str) -> str:
    """The last part, without what no name needs."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip()
