"""One promise, two stores: a folder, and a bucket of an S3-compatible server.

The server here is a double of forty lines that keeps what is put and checks the signature of each request. With
TORANGY_TEST_BUCKET (S3_BUCKET, S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY joined by spaces) the same tests
run against a real one; they ran against SeaweedFS 4.48, as docs/decisions says.
"""

import hashlib
import hmac
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from app.files import BucketStore, FileStore, StoreUnavailable, open_store
from app.upkeep import doctor
from config import Bucket, SettingError, read_settings
from tests.conftest import test_settings

pytest.importorskip("obstore")
KEY_ID, SECRET = "torangy", "the secret of tests"
SETTINGS = {
    "S3_BUCKET": "uploads",
    "S3_ENDPOINT": "https://s3.example.kz",
    "S3_ACCESS_KEY_ID": "a",
    "S3_SECRET_ACCESS_KEY": "b",
}


class Double(BaseHTTPRequestHandler):
    """Objects in memory, kept, read and deleted for whoever signed."""

    kept: dict[str, bytes] = {}
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_signed():
            self.kept[self.path] = content
            self._answer(200, ETag='"1"')

    def do_GET(self) -> None:
        if self._is_signed():
            found = self.kept.get(self.path)
            self._answer(404 if found is None else 200, found or b"", ETag='"1"')

    def do_POST(self) -> None:
        """Deletes: what is missing counts as deleted, as Amazon has it."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self._is_signed():
            keys = re.findall("<Key>(.*?)</Key>", asked)
            for key in keys:
                self.kept.pop(f"{self.path.partition('?')[0]}/{key}", None)
            gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def log_message(self, *_: object) -> None:
        """Silent."""

    def _answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Last-Modified": "Mon, 20 May 2030 04:00:00 GMT"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _is_signed(self) -> bool:
        """AWS Signature Version 4, reckoned from what arrived."""
        told = dict(part.strip().split("=", 1) for part in self.headers["Authorization"].split(" ", 1)[1].split(","))
        names, (_, day, region, service, end) = told["SignedHeaders"].split(";"), told["Credential"].split("/")
        heads = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names)
        path, _, query = self.path.partition("?")
        asked = "\n".join(
            [
                self.command,
                quote(unquote(path)),
                query and f"{query}=",
                heads,
                ";".join(names),
                self.headers["x-amz-content-sha256"],
            ]
        )
        digest = hashlib.sha256(asked.encode()).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], f"{day}/{region}/{service}/{end}", digest])
        key = f"AWS4{SECRET}".encode()
        for part in (day, region, service, end):
            key = hmac.digest(key, part.encode(), "sha256")
        if hmac.new(key, text.encode(), "sha256").hexdigest() == told["Signature"]:
            return True
        self._answer(403)
        return False


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    if real := os.environ.get("TORANGY_TEST_BUCKET"):
        name, endpoint, key_id, secret = real.split()
        yield Bucket(name, endpoint, "us-east-1", "tests", key_id, secret)
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), Double)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Bucket("uploads", f"http://127.0.0.1:{server.server_port}", "us-east-1", "tests", KEY_ID, SECRET)
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, bucket: Bucket, tmp_path: Path) -> FileStore:
    return FileStore(tmp_path) if request.param == "folder" else BucketStore(bucket, tmp_path)


@pytest.mark.parametrize("content", [b"", b"a picture", os.urandom(700_000)])
def test_what_is_kept_comes_back_byte_for_byte(store: FileStore, content: bytes):
    key = store.save(content)
    assert store.read(key) == content
    store.delete(key)
    with pytest.raises(FileNotFoundError):
        store.read(key)


def test_names_are_random_or_drawn_before_and_never_a_path(store: FileStore):
    first, second = store.save(b"1"), store.save(b"2")
    assert first != second and len(first) == 32 and first.isalnum()
    assert store.save(b"3", "a" * 32) == "a" * 32 and store.read("a" * 32) == b"3"
    for key in ("../secret_key", "a/b", "", "a.b"):
        for act in (store.read, store.delete, lambda key: store.save(b"", key or "/")):
            with pytest.raises(FileNotFoundError):
                act(key)


def test_what_is_missing_is_deleted_without_a_word(store: FileStore):
    store.delete("b" * 32)


def test_a_bucket_reads_and_deletes_what_lay_on_disk_before(bucket: Bucket, tmp_path: Path):
    folder, moved = FileStore(tmp_path), BucketStore(bucket, tmp_path)
    key = folder.save(b"a scan of last year")
    assert moved.read(key) == b"a scan of last year"
    moved.delete(key)
    with pytest.raises(FileNotFoundError):
        folder.read(key)
    moved.save(b"new")
    assert not list(tmp_path.iterdir()), "what is new lies in the bucket alone"


@pytest.mark.full
@pytest.mark.parametrize("wrong", [{"secret": "stolen"}, {"endpoint": "http://127.0.0.1:9"}])
def test_a_store_that_does_not_serve_us_says_so_and_no_secret(bucket: Bucket, tmp_path: Path, wrong: dict[str, str]):
    barred = BucketStore(replace(bucket, **wrong), tmp_path)
    for act in (lambda: barred.save(b"1"), lambda: barred.read("a" * 32), lambda: barred.delete("a" * 32)):
        with pytest.raises(StoreUnavailable) as said:
            act()
        assert SECRET not in str(said.value) and "stolen" not in str(said.value)
    assert not list(tmp_path.iterdir()), "nothing falls back to a disk that other machines don't see"


def test_the_doctor_tries_the_bucket(bucket: Bucket, tmp_path: Path):
    settings = test_settings(tmp_path, bucket=bucket)
    assert doctor._bucket(settings).endswith("written, read, deleted")
    with pytest.raises(StoreUnavailable):
        doctor._bucket(replace(settings, bucket=replace(bucket, secret="stolen")))


def test_the_settings_say_where_uploads_live(tmp_path: Path):
    assert type(open_store(test_settings(tmp_path))) is FileStore
    settings = test_settings(tmp_path, **SETTINGS)
    assert isinstance(open_store(settings), BucketStore) and "secret='b'" not in repr(settings)
    assert settings.bucket == Bucket("uploads", "https://s3.example.kz", "us-east-1", "", "a", "b")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"S3_BUCKET": ""}, "S3_ENDPOINT"),
        ({"S3_ENDPOINT": "s3.example.kz"}, "S3_ENDPOINT"),
        ({"S3_ENDPOINT": "http://s3.example.kz"}, "https"),
        ({"S3_ENDPOINT": "https://a:b@s3.example.kz"}, "without a key"),
        ({"S3_SECRET_ACCESS_KEY": ""}, "belong together"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, changed: dict[str, str], named: str):
    with pytest.raises(SettingError) as said:
        read_settings({"TORANGY_INSTANCE": str(tmp_path), **SETTINGS, **changed})
    assert named in str(said.value) and "b@" not in str(said.value)
