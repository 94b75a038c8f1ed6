"""What was copied in from other projects is what its manifest says, and nothing came in unlisted."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MANIFESTS = [ROOT / "static/vendor/manifest.json", ROOT / "tests/browser/vendored.json"]


def entries() -> list[tuple[Path, dict[str, str]]]:
    return [(manifest.parent, entry) for manifest in MANIFESTS for entry in json.loads(manifest.read_text())]


@pytest.mark.parametrize(("folder", "entry"), [pytest.param(*each, id=each[1]["file"]) for each in entries()])
def test_a_vendored_file_is_unchanged_and_keeps_its_licence(folder: Path, entry: dict[str, str]) -> None:
    found = hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest()
    assert found == entry["sha256"], (
        f"{entry['file']} isn't {entry['package']} {entry['version']} any more. Don't edit a vendored file: put our "
        f"change beside it. If it was upgraded, set its version and sha256 {found} in the manifest."
    )
    assert (folder / entry["licence_file"]).stat().st_size > 0
    assert entry["licence"] and entry["version"]


def test_every_file_in_the_vendor_folder_is_listed() -> None:
    folder = ROOT / "static/vendor"
    listed = {folder / "manifest.json"}
    for place, entry in entries():
        listed |= {place / entry["file"], place / entry["licence_file"]}
    unlisted = {path for path in folder.rglob("*") if path.is_file()} - listed
    assert not unlisted, f"List these in static/vendor/manifest.json with version, licence and sha256: {unlisted}"
