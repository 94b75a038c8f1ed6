"""Three languages from the first day: a string that somebody can read is translated in all of them."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "N_": None}
PLURALS = {"kk": 2, "ru": 3, "en": 2}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@cache
def extracted() -> frozenset[object]:
    """Every msgid of code and templates; plural ones as (singular, plural)."""
    found = set()
    for _, _, message, *_ in extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS):
        found.add(tuple(message) if isinstance(message, tuple | list) else message)
    return frozenset(found)


def catalog(language: str) -> Catalog:
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.full
def test_every_string_is_translated(language: str):
    known = {message.id: message for message in catalog(language) if message.id}
    missing = []
    for msgid in extracted():
        message = known.get(msgid)
        texts = [] if message is None else message.string if isinstance(message.string, tuple) else [message.string]
        wanted = PLURALS[language] if isinstance(msgid, tuple) else 1
        if message is None or message.fuzzy or len([text for text in texts if text]) < wanted:
            missing.append(str(msgid))
    assert not missing, f"{len(missing)} strings lack {language}:\n" + "\n".join(sorted(missing))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_translations_keep_their_placeholders(language: str):
    for message in catalog(language):
        if not message.id or not message.string:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*(PLACEHOLDER.findall(text) for text in ids))
        for text in texts:
            found = set(PLACEHOLDER.findall(text))
            assert found <= wanted and len(wanted - found) <= isinstance(message.id, tuple), f"{message.id} -> {text}"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.full
def test_the_catalogue_compiles(language: str, tmp_path: Path):
    with (tmp_path / "messages.mo").open("wb") as file:
        write_mo(file, catalog(language))


@pytest.mark.full
def test_nothing_is_kept_that_nobody_says():
    said = extracted()
    stale = {str(message.id) for message in catalog("kk") if message.id and message.id not in said}
    assert not stale, "Remove these from translations/ (run the commands in babel.cfg):\n" + "\n".join(sorted(stale))
