"""The two locks agree, are hashed, and name no address."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOW = "Make both locks anew; the commands stand in requirements.in."


def pins(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][\w.-]*==[^ \\]+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_development_lock_contains_the_runtime_lock() -> None:
    assert pins("requirements.lock") - pins("requirements-dev.lock") == set(), HOW


def test_every_pin_has_a_hash_and_no_lock_names_an_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text, f"{name} names an address. {HOW}"
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in block, f"{name}: {block.splitlines()[0]} has no hash. {HOW}"
