"""Photographs read as pictures and drawn anew in three sizes: what the file said besides goes nowhere. Pure."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.impact.pictures.errors import PictureTooFine, PictureTooLarge, PictureTooSmall, PictureUnfit

LARGEST = 20 * 1024 * 1024
# Longest side in pixels, and the quality of the JPEG. Progressive: on a slow line something is to be seen at once.
SIDES = {"small": 480, "medium": 1280, "large": 2000}
QUALITIES = {"small": 76, "medium": 80, "large": 82}
SMALLEST_SIDE = 200
# JPEGs are read at a part of their size; the others have to be unpacked whole.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}
FORMATS = tuple(MOST_PIXELS)
BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError)
# Pillow's own line, which lies higher than ours.
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Drawn:
    """{size: bytes of a JPEG} and width and height of the large one."""

    files: Mapping[str, bytes]
    width: int
    height: int


def drawn_anew(content: bytes) -> Drawn:
    """The picture upright, in sRGB, in three sizes, without place, time, camera or anything else that the file said.

    Raises PictureTooLarge, PictureTooFine, PictureTooSmall, PictureUnfit. What the file is called plays no part.
    """
    if len(content) > LARGEST:
        raise PictureTooLarge
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            _check_size(picture)
            plain = _plain(picture)
    except BOMBS as error:
        raise PictureTooFine(millions=MOST_PIXELS["PNG"] // 1_000_000) from error
    except BROKEN as error:
        raise PictureUnfit from error
    files, side = {}, plain
    # From large to small, each drawn from the one before: half the work, and nothing is enlarged.
    for size in sorted(SIDES, key=lambda name: -SIDES[name]):
        side = _fitted(side, SIDES[size])
        files[size] = _jpeg(side, QUALITIES[size])
        if size == "large":
            width, height = side.size
    return Drawn(files, width, height)


def _check_size(picture: Image.Image) -> None:
    """Before anything is unpacked: the first bytes say how much it would be."""
    if picture.width * picture.height > MOST_PIXELS[str(picture.format)]:
        raise PictureTooFine(millions=MOST_PIXELS[str(picture.format)] // 1_000_000)
    if min(picture.size) < SMALLEST_SIDE:
        raise PictureTooSmall(pixels=SMALLEST_SIDE)


def _plain(picture: Image.Image) -> Image.Image:
    """At most twice as large as needed, upright, in the colours of every screen, on white where it was transparent."""
    largest = max(SIDES.values())
    colours = picture.info.get("icc_profile")
    picture.draft("RGB", (largest, largest))
    picture.load()
    fitted = _fitted(picture, largest)
    upright = ImageOps.exif_transpose(fitted) or fitted
    return _on_white(_in_srgb(upright, colours))


def _in_srgb(picture: Image.Image, colours: Any) -> Image.Image:
    """Phones write wider colours with their profile; without the profile they would look dull."""
    if not colours or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(colours))
        changed = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile is no reason to refuse the picture
    return changed or picture


def _on_white(picture: Image.Image) -> Image.Image:
    """A picture of its own: only its dots are taken over."""
    plain = Image.new("RGB", picture.size, "white")
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        plain.paste(layer, mask=layer.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    return plain


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    if max(picture.size) <= side:
        return picture
    scale = side / max(picture.size)
    wanted = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    source = picture.convert("RGBA") if picture.mode in ("P", "LA", "PA") else picture
    return source.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality, progressive=True, optimize=True)
    return kept.getvalue()
