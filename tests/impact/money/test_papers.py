"""Documents behind sums: read from their bytes, refused with a sentence, for coordinators alone."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.accounts.actor import SYSTEM
from app.files import FileStore
from app.impact.money import errors
from app.impact.money.correcting import correct_expense, values_of
from app.impact.money.models import Expense
from app.impact.money.operations import record_expense
from app.impact.money.papers import LARGEST, document_type, documents_of, keep_document, withdraw_document
from app.people.models import Person
from config import MAX_UPLOAD_BYTES
from tests import factories

LogIn = Callable[[Person], FlaskClient]
HOW = {"now": factories.LONG_AGO, "actor": SYSTEM}
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("L", (20, 10)).save(file, kind)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head says that it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (b"IHDR" + head, b"IDAT" + zlib.compress(b""), b"IEND")
    chunks = [struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "uploads")


@pytest.fixture
def expense(app: Flask) -> Expense:
    event = factories.event()
    return record_expense(event.programme, event=event, amount_tenge=250_000, category="transport", **HOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "application/pdf"), (picture(), "image/png"), (picture("JPEG"), "image/jpeg")],
)
def test_what_a_document_is_stands_in_its_bytes(content: bytes, kind: str) -> None:
    assert document_type(content) == kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.DocumentMissing),
        (b"MZ\x90 invoice.pdf", errors.DocumentUnfit),
        (b"PK\x03\x04", errors.DocumentUnfit),
        (b"%PDF-1.7 cut off", errors.DocumentBroken),
        (picture()[:40], errors.DocumentBroken),
        (b"\xff\xd8\xff" + PDF, errors.DocumentBroken),
        (bomb(9_000, 9_000), errors.TooManyPixels),
        (bomb(60_000, 60_000), errors.TooManyPixels),
        (PDF + b" " * LARGEST, errors.DocumentTooLarge),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        document_type(content)


def test_a_document_is_kept_once_and_goes_along_with_a_correction(expense: Expense, store: FileStore) -> None:
    paper = keep_document(expense, PDF, store=store, **HOW)  # type: ignore[arg-type]
    with pytest.raises(errors.DocumentKnown):
        keep_document(expense, PDF, store=store, **HOW)  # type: ignore[arg-type]
    assert len(list(store.folder.iterdir())) == 1, "what was refused leaves no file"
    wanted = values_of(expense) | {"amount_tenge": 260_000}
    newer = correct_expense(expense, wanted, **HOW).row  # type: ignore[arg-type]
    assert [one.id for one in documents_of(newer.id)] == [paper.id] and documents_of(expense.id) == []
    with pytest.raises(errors.ExpenseReplaced):
        keep_document(expense, picture(), store=store, **HOW)  # type: ignore[arg-type]
    withdraw_document(paper, **HOW)  # type: ignore[arg-type]
    assert documents_of(newer.id) == []


def test_aigul_uploads_and_reads_it_and_others_dont(expense: Expense, client: FlaskClient, log_in: LogIn) -> None:
    path = f"/expenses/{expense.id}/documents"
    aigul = log_in(factories.coordinator())
    wrong = aigul.post(path, data={"document": (io.BytesIO(b"no invoice"), "invoice.pdf")})
    assert wrong.status_code == 422 and "invoice.pdf" not in wrong.get_data(as_text=True)
    assert aigul.post(path, data={"document": (io.BytesIO(PDF), "invoice.pdf")}).status_code == 303
    [paper] = documents_of(expense.id)
    url, undo = f"/expense-documents/{paper.id}", f"/expense-documents/{paper.id}/withdrawal"
    answer = aigul.get(url)
    assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(url).status_code == 303
    assert log_in(factories.employee()).get(url).status_code == 403
    assert log_in(factories.coordinator("zhezkazgan")).get(url).status_code == 403
    aigul = log_in(factories.coordinator())
    assert aigul.post(undo).status_code == 303 and aigul.get(url).status_code == 404


def test_a_document_of_200_megabytes_is_refused_on_the_page_it_came_from(expense: Expense, log_in: LogIn) -> None:
    page = f"http://localhost/expenses/{expense.id}"
    answer = log_in(factories.coordinator()).post(
        f"{page}/documents",
        data=b"x" * (MAX_UPLOAD_BYTES + 1),
        content_type="multipart/form-data; boundary=x",
        headers={"Referer": page},
    )
    assert answer.status_code == 413 and "20" in answer.text and 'type="file"' in answer.text
    assert documents_of(expense.id) == []
