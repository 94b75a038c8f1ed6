"""Papers that prove a sum: what they may be is read from their bytes, whatever they are called."""

import hashlib
import io
import warnings
from datetime import datetime

from PIL import Image
from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import NotFound
from app.files import FileStore
from app.impact.errors import AlreadyWithdrawn
from app.impact.money.errors import (
    DocumentBroken,
    DocumentKnown,
    DocumentMissing,
    DocumentTooLarge,
    DocumentUnfit,
    TooManyPixels,
)
from app.impact.money.models import Expense
from app.impact.money.operations import check_counts
from app.impact.money.paper_models import ExpenseDocument

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 80_000_000
SIGNS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
PDF_END, WITHIN_LAST = b"%%EOF", 2048


def keep_document(
    expense: Expense, content: bytes, *, store: FileStore, now: datetime, actor: Actor
) -> ExpenseDocument:
    """Keeps a paper with an entry that counts. Raises a DocumentRefused, or why the entry counts no longer."""
    media_type = document_type(content)
    digest = hashlib.sha256(content).hexdigest()
    key = store.save(content)  # no talk to the outside within the transaction
    try:
        with transaction() as session:
            lock(expense)
            check_counts(expense)
            if any(one.digest == digest for one in documents_of(expense.id)):
                raise DocumentKnown
            row = ExpenseDocument(expense_id=expense.id, file_key=key, media_type=media_type, digest=digest)
            row.size_bytes, row.kept_at, row.kept_by_id = len(content), now, actor.account_id
            session.add(row)
            session.flush()
            record(actor, "keep_document", expense, now=now)
    except BaseException:
        store.delete(key)
        raise
    return row


def withdraw_document(document: ExpenseDocument, *, now: datetime, actor: Actor) -> None:
    """Takes a paper off; the file stays in the store as long as the entry. Raises AlreadyWithdrawn."""
    with transaction() as session:
        lock(document)
        if document.withdrawn_at is not None:
            raise AlreadyWithdrawn
        document.withdrawn_at = now
        record(actor, "withdraw_document", session.get_one(Expense, document.expense_id), now=now)


def documents_of(expense_id: str) -> list[ExpenseDocument]:
    """The papers of one entry that count, oldest first."""
    query = select(ExpenseDocument).where(
        ExpenseDocument.expense_id == expense_id, ExpenseDocument.withdrawn_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(ExpenseDocument.kept_at, ExpenseDocument.id)))


def document_of(document_id: str) -> ExpenseDocument:
    """A paper; raises NotFound."""
    row = db.session.get(ExpenseDocument, document_id)
    if row is None:
        raise NotFound
    return row


def content_of(document: ExpenseDocument, store: FileStore) -> bytes:
    """The paper itself; raises NotFound where it was taken off or the store lost it."""
    if document.withdrawn_at is not None:
        raise NotFound
    try:
        return store.read(document.file_key)
    except FileNotFoundError as error:
        raise NotFound from error


def document_type(content: bytes) -> str:
    """Its media type by its bytes; raises a DocumentRefused."""
    if not content:
        raise DocumentMissing
    if len(content) > LARGEST:
        raise DocumentTooLarge
    media_type = next((kind for sign, kind in SIGNS.items() if content.startswith(sign)), None)
    if media_type is None:
        raise DocumentUnfit
    if media_type == "application/pdf":
        if PDF_END not in content[-WITHIN_LAST:]:
            raise DocumentBroken
    else:
        _check_picture(content)
    return media_type


def _check_picture(content: bytes) -> None:
    """Reads the measures from its head alone: a picture of nothing can unpack to gigabytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
    except Image.DecompressionBombError as error:
        raise TooManyPixels(most=MOST_PIXELS // 1_000_000) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise DocumentBroken from error
    if width * height > MOST_PIXELS:
        raise TooManyPixels(most=MOST_PIXELS // 1_000_000)
