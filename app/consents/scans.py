"""Scans of signed papers: what they may be is read from their bytes, whatever they are called."""

from app.consents.errors import ScanMissing, ScanTooLarge, ScanUnfit
from app.files import FileStore

LARGEST = 10 * 1024 * 1024
SIGNS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def keep_scan(content: bytes, *, store: FileStore) -> str:
    """Keeps the file and returns its key; raises ScanMissing, ScanTooLarge, ScanUnfit."""
    if not content:
        raise ScanMissing
    if len(content) > LARGEST:
        raise ScanTooLarge
    scan_type(content)
    return store.save(content)


def scan_type(content: bytes) -> str:
    """Its media type by its first bytes; raises ScanUnfit."""
    for sign, media_type in SIGNS.items():
        if content.startswith(sign):
            return media_type
    raise ScanUnfit
