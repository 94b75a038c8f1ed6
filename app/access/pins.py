"""PINs: six digits for the shared computer at the gate and for the desk on one's phone, never on the page to log in."""

import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import datetime

from app.access.errors import PinLocked, TooManyTries, WrongPassword
from app.access.passwords import is_password, password_hash
from app.access.tries import count_try, forget_tries
from app.accounts.actor import Actor
from app.accounts.models import Account
from app.audit.operations import record
from app.db import lock, transaction
from app.errors import N_, Invalid, NotFound
from app.people.models import Person

DIGITS = 6
PIN_ROUNDS = 600_000  # of PBKDF2, on phones too
CHECK_BITS = 10
_UP = "01234567890123456789"
_DATES = ("%d%m%y", "%y%m%d", "%m%d%y", "%d%m%Y", "%Y%m%d")


def set_pin(pin: str, *, present: str, address: str, now: datetime, actor: Actor) -> None:
    """A new PIN for whoever knows the present password; a locked PIN is free again. Raises WrongPassword, Invalid."""
    if actor.account_id is None:
        raise NotFound
    count_try(actor.account_id, address=address, now=now)
    with transaction() as session:
        account = session.get_one(Account, actor.account_id)
        lock(account)
        if not is_password(account.password_hash, present):
            raise WrongPassword
        person = session.get_one(Person, account.person_id)
        keep_pin(account, person, pin, now=now, actor=actor)
    forget_tries(actor.account_id)
    forget_tries(pin_tries(person.personnel_number or ""))


def keep_pin(account: Account, person: Person, pin: str, *, now: datetime, actor: Actor) -> None:
    """Writes the PIN down, hashed as passwords are, inside the transaction of whoever sets it. Raises Invalid."""
    require_good_pin(pin, person)
    account.pin_hash, account.pin_set_at = password_hash(pin), now
    account.pin_check, account.pin_check_salt = pin_check_of(pin)
    record(actor, "set_pin", account, now=now)


def prove_pin(account: Account, person: Person, pin: str, *, address: str, now: datetime) -> None:
    """Raises Invalid for the field `pin` unless it is this account's; PinLocked after five wrong ones, here or at a
    kiosk, within 15 minutes."""
    tries = pin_tries(person.personnel_number or account.id)
    try:
        count_try(tries, address=address, now=now)
    except TooManyTries as refusal:
        raise PinLocked from refusal
    if not check_pin(account, pin):
        raise Invalid({"pin": N_("This is not your PIN.")})
    forget_tries(tries)


def pin_check_of(pin: str, salt: str | None = None) -> tuple[int, str]:
    """Ten bits of the PIN's slow digest, and their salt, a new one unless it is given: a phone without signal tells a
    slip of the second person by them. A thousand PINs fit, so that nobody finds the PIN by them."""
    salt = salt or secrets.token_hex(8)
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt.encode(), PIN_ROUNDS, 2)
    return int.from_bytes(digest, "big") >> (16 - CHECK_BITS), salt


def check_pin(account: Account | None, pin: str) -> bool:
    """Whether it is the PIN of this active account; takes as long where there is nothing to compare with."""
    is_right = is_password(account.pin_hash if account else None, pin)
    return is_right and account is not None and account.is_active


def require_good_pin(pin: str, person: Person) -> None:
    """Raises Invalid for the field `pin`: not six digits, easily guessed, or what colleagues know of the person."""
    if not re.fullmatch(f"[0-9]{{{DIGITS}}}", pin):
        raise Invalid({"pin": N_("A PIN has six digits.")})
    if pin in _UP or pin in _UP[::-1] or len(set(pin)) < 3 or pin[:3] == pin[3:]:
        raise Invalid({"pin": N_("This PIN is easily guessed. Mix the digits.")})
    if any(pin in known for known in _known_to_colleagues(person)):
        raise Invalid({"pin": N_("Colleagues know this of you: a birthday, a number. Choose other digits.")})


def pin_tries(number: str) -> str:
    """The name under which wrong PINs of a personnel number are counted, apart from wrong passwords."""
    return f"pin:{number.strip()}"


def _known_to_colleagues(person: Person) -> Iterator[str]:
    if person.birth_date:
        yield from (person.birth_date.strftime(written) for written in _DATES)
    yield person.personnel_number or ""
    yield re.sub(r"\D", "", person.phone or "")
