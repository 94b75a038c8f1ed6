"""Where uploads live: blobs under random names, never under the name that a person gave. On disk, or in a bucket of
any S3-compatible store where the settings name one."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from config import Bucket, Settings

# Seconds; who waits for a page is not left hanging on a store that doesn't answer.
PATIENCE = timedelta(seconds=20)
RETRIES = 2


class StoreUnavailable(OSError):
    """The bucket doesn't answer, or doesn't let us; the text says what it said."""


class FileStore:
    """A folder of blobs. Keys are random, so that a name from outside can't reach another path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, content: bytes, key: str | None = None) -> str:
        """Keeps the bytes and returns their key (a new one, unless one was drawn before with new_key())."""
        key = key or new_key()
        path = self._path(key)
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return key

    def read(self, key: str) -> bytes:
        """The bytes of a key; raises FileNotFoundError."""
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Forgets the bytes; a missing key is fine."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not key.isalnum():
            raise FileNotFoundError(key)
        return self.folder / key


class BucketStore(FileStore):
    """The same in a bucket. What was kept in the folder before stays readable there, and goes when it is deleted.

    Raises StoreUnavailable where the bucket doesn't answer.
    """

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        super().__init__(folder)
        self.bucket = bucket

    def save(self, content: bytes, key: str | None = None) -> str:
        """As on disk."""
        key = key or new_key()
        self._path(key)
        with _said_plainly():
            _opened(self.bucket).put(key, content)
        return key

    def read(self, key: str) -> bytes:
        """As on disk."""
        self._path(key)
        with _said_plainly():
            try:
                return bytes(_opened(self.bucket).get(key).bytes())
            except FileNotFoundError:
                return super().read(key)

    def delete(self, key: str) -> None:
        """As on disk."""
        self._path(key)
        with _said_plainly(), suppress(FileNotFoundError):  # some stores say that it is missing, others don't
            _opened(self.bucket).delete(key)
        super().delete(key)


def open_store(settings: Settings) -> FileStore:
    """Where these settings say that uploads live."""
    folder = settings.instance / "uploads"
    return BucketStore(settings.bucket, folder) if settings.bucket else FileStore(folder)


def new_key() -> str:
    """A name that nobody guesses: 128 bits."""
    return secrets.token_hex(16)


@lru_cache(4)
def _opened(bucket: Bucket) -> Any:
    """One client for all, with its connections; imported only where a bucket is used."""
    from obstore.store import S3Store

    options: Any = {"timeout": PATIENCE, "allow_http": bucket.endpoint.startswith("http://")}
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        endpoint=bucket.endpoint or None,
        region=bucket.region,
        access_key_id=bucket.key_id,
        secret_access_key=bucket.secret,
        client_options=options,
        retry_config={"max_retries": RETRIES, "retry_timeout": PATIENCE},
    )


@contextmanager
def _said_plainly() -> Iterator[None]:
    """A missing file is a missing file; whatever else the library raises is a store that doesn't serve us."""
    from obstore.exceptions import BaseError

    try:
        yield
    except BaseError as error:
        raise StoreUnavailable(" ".join(str(error).split())[:300]) from error
