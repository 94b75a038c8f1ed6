"""Photographs of incidents: read as pictures and drawn anew, so that nothing but the picture is kept. Sealed."""

import base64
import binascii
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from app.errors import N_, DomainError

LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
SIDE, QUALITY = 1600, 80
FORMATS = ("JPEG", "PNG", "WEBP")


class PhotoTooLarge(DomainError):
    """More than 8 MB."""

    type = "photo-too-large"
    field = "photos"
    message = N_("This photo is larger than 8 MB. Send a smaller one.")
    status = 422


class PhotoUnfit(DomainError):
    """No picture that we read."""

    type = "photo-unfit"
    field = "photos"
    message = N_("This is no photo that can be read. Send a JPEG, PNG or WebP.")
    status = 422


def drawn_anew(content: bytes) -> str:
    """The picture as a JPEG (base64) of at most 1600 pixels, upright, without place, time or camera.

    Raises PhotoTooLarge, PhotoUnfit.
    """
    if len(content) > LARGEST:
        raise PhotoTooLarge
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise PhotoUnfit
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoUnfit from error
    upright.thumbnail((SIDE, SIDE))
    # A picture of its own: what the file said besides goes nowhere.
    plain, kept = Image.new("RGB", upright.size), io.BytesIO()
    plain.paste(upright)
    plain.save(kept, "JPEG", quality=QUALITY)
    return base64.b64encode(kept.getvalue()).decode()


def unpacked(text: str) -> bytes:
    """What a phone sent as base64; raises PhotoUnfit."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PhotoUnfit from error
