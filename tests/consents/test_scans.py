"""What a scan may be, by its bytes."""

import pytest

from app.consents.errors import ScanUnfit
from app.consents.scans import scan_type


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"%PDF-1.4", "application/pdf"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png")],
)
def test_pdf_and_pictures_are_known_by_their_first_bytes(content, kind):
    assert scan_type(content) == kind


@pytest.mark.parametrize("content", [b"", b" %PDF-", b"<html>", b"PK\x03\x04", b"GIF89a"])
def test_all_else_is_refused(content):
    with pytest.raises(ScanUnfit):
        scan_type(content)
