"""Passwords: hashed with Argon2id, and the few rules that a new one must keep."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.access.errors import refused_password
from app.errors import N_
from app.people.models import Person
from app.people.names import fold

SHORTEST, LONGEST = 10, 200
OWN_LETTERS = 5
LEAST_DIFFERENT = 5
WELL_KNOWN = Path(__file__).with_name("well_known_passwords.txt")

_hasher = PasswordHasher()


def password_hash(password: str) -> str:
    """What is stored."""
    return _hasher.hash(_normal(password))


def is_password(stored: str | None, password: str) -> bool:
    """Whether it is the right one; takes as long where there is none to compare with."""
    try:
        _hasher.verify(stored or _nobodys_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def require_good_password(password: str, person: Person) -> None:
    """Raises Invalid for the field `password`: too short, known to everybody, or made of the person's own name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise refused_password(N_("Use at least %(num)s characters; a few words are easy to keep."), num=SHORTEST)
    if password.lower() in _well_known() or len(set(password)) < LEAST_DIFFERENT:
        raise refused_password(N_("Many people use this password. Choose another, a few words for example."))
    if _is_own_name(password, person):
        raise refused_password(N_("This is made of your own name or number. Add something that only you know."))


def _is_own_name(password: str, person: Person) -> bool:
    """Whether little is left once names, number and address are taken out, in whatever spelling."""
    left = fold(password).replace(" ", "")
    address = (person.email or "").partition("@")[0]
    own = fold(f"{person.surname} {person.given_name} {person.patronymic} {person.personnel_number or ''} {address}")
    known = sorted(filter(lambda word: len(word) > 2, own.split()), key=len, reverse=True)
    rest = left
    for word in known:
        rest = rest.replace(word, "")
    return rest != left and len(rest) < OWN_LETTERS


def _normal(password: str) -> str:
    """Keyboards type й as one sign or as two; both are the same password."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("a password that belongs to nobody")


@lru_cache(maxsize=1)
def _well_known() -> frozenset[str]:
    return frozenset(WELL_KNOWN.read_text(encoding="utf-8").split())
