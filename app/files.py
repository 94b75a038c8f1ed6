"""Where uploads live: files under random names in the instance folder, never under the name that a person gave."""

import secrets
from pathlib import Path


class FileStore:
    """A folder of blobs. Keys are random, so that a name from outside can't reach another path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, content: bytes) -> str:
        """Keeps the bytes and returns their key."""
        self.folder.mkdir(parents=True, exist_ok=True)
        key = secrets.token_hex(16)
        (self.folder / key).write_bytes(content)
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
