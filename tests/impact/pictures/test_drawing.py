"""A picture is what its bytes are, whatever it is called; of what the camera wrote beside it nothing is left."""

import io

import pytest
from PIL import Image, ImageCms

from app.impact.pictures import drawing
from app.impact.pictures.drawing import drawn_anew
from app.impact.pictures.errors import PictureTooFine, PictureTooLarge, PictureTooSmall, PictureUnfit
from tests.impact.pictures.making import bomb, photo

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><script>alert(1)</script></svg>'


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_place_time_and_camera_are_gone(format: str):
    sent = photo(format=format)
    assert opened(sent).getexif().get_ifd(0x8825), "the test's own picture has lost its place"
    for content in drawn_anew(sent).files.values():
        kept = opened(content)
        assert kept.format == "JPEG"
        assert not kept.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & set(kept.info)
        assert b"Nokia" not in content and b"GPS" not in content


def test_words_hidden_in_a_picture_are_gone_too():
    kept = io.BytesIO()
    Image.new("RGB", (300, 300)).save(kept, "JPEG", comment=b"Dina lives here", xmp=b"<x:xmpmeta>Dina</x:xmpmeta>")
    assert b"Dina" in kept.getvalue()
    assert not any(b"Dina" in content for content in drawn_anew(kept.getvalue()).files.values())


def test_a_camera_held_upright_gives_an_upright_picture():
    drawn = drawn_anew(photo((640, 480), orientation=6))
    assert (drawn.width, drawn.height) == (480, 640)
    assert opened(drawn.files["large"]).size == (480, 640)


@pytest.mark.full
def test_three_sizes_and_nothing_is_enlarged():
    large = drawn_anew(photo((4000, 3000)))
    assert {name: opened(content).size for name, content in large.files.items()} == {
        "large": (2000, 1500),
        "medium": (1280, 960),
        "small": (480, 360),
    }
    small = drawn_anew(photo((640, 480)))
    assert opened(small.files["large"]).size == (640, 480) == opened(small.files["medium"]).size


def test_what_was_transparent_is_white():
    kept = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(kept, "PNG")
    assert opened(drawn_anew(kept.getvalue()).files["small"]).getpixel((150, 150)) == (255, 255, 255)


def test_colours_of_a_phones_own_profile_become_those_of_every_screen():
    kept = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    Image.new("RGB", (300, 300), (200, 30, 30)).save(kept, "JPEG", icc_profile=profile.tobytes())
    drawn = drawn_anew(kept.getvalue())  # a profile that doesn't fit is no reason to refuse the picture
    assert opened(drawn.files["small"]).mode == "RGB"


@pytest.mark.parametrize("content", [PDF, SVG, b"", b"\xff\xd8\xff", photo()[:2000], b"MZ" + b"\0" * 500])
def test_what_is_no_picture_is_refused(content: bytes):
    with pytest.raises(PictureUnfit):
        drawn_anew(content)


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked():
    content = bomb()
    assert len(content) < 1000
    with pytest.raises(PictureTooFine) as refused:
        drawn_anew(content)
    assert "40 million pixels" in str(refused.value)


def test_an_icon_is_refused():
    with pytest.raises(PictureTooSmall):
        drawn_anew(photo((120, 900)))


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "LARGEST", 1000)
    with pytest.raises(PictureTooLarge):
        drawn_anew(photo())
