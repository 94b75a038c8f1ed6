"""Getting a login and keeping it: activating, a new password, the language."""

from datetime import datetime, timedelta

from app.access.codes import ACTIVATION, PASSWORD, person_of_code, revoke_codes, slip_words, use_code
from app.access.errors import CodeEnded, WrongCode, WrongPassword
from app.access.inviting import send_link
from app.access.passwords import is_password, password_hash, require_good_password
from app.access.pins import keep_pin, require_good_pin
from app.access.queries import accounts_named, last_code_at, people_named
from app.access.sessions import end_sessions_of
from app.access.tries import count_try, forget_tries
from app.accounts.actor import SYSTEM, Actor
from app.accounts.models import Account
from app.accounts.operations import opened
from app.audit.operations import record
from app.db import lock, transaction
from app.errors import NotFound
from app.people.models import Person

AGAIN_AFTER = timedelta(minutes=10)


def activate_by_link(code: str, password: str, *, now: datetime, pin: str = "") -> Account:
    """The letter's link becomes a login with this password (and PIN), once; raises CodeEnded, Invalid for weak ones."""
    return _set_by(code, password, purpose=ACTIVATION, now=now, pin=pin)


def activate_by_slip(number: str, code: str, *, password: str, address: str, now: datetime, pin: str = "") -> Account:
    """The code of a printed slip and the personnel number become a login, once; raises WrongCode, TooManyTries."""
    words = slip_words(number, code)
    count_try(number, address=address, now=now)
    if person_of_code(words, purpose=ACTIVATION, now=now) is None:
        raise WrongCode
    forget_tries(number)
    return _set_by(words, password, purpose=ACTIVATION, now=now, pin=pin)


def set_forgotten_password(code: str, password: str, *, now: datetime) -> Account:
    """The letter's link sets a new password, once, and logs all devices out; raises CodeEnded, Invalid."""
    return _set_by(code, password, purpose=PASSWORD, now=now)


def change_password(present: str, password: str, *, address: str, now: datetime, actor: Actor) -> None:
    """A new password for whoever knows the present one; other devices are logged out. Raises WrongPassword, Invalid."""
    if actor.account_id is None:
        raise NotFound
    count_try(actor.account_id, address=address, now=now)
    with transaction() as session:
        account = session.get_one(Account, actor.account_id)
        lock(account)
        if not is_password(account.password_hash, present):
            raise WrongPassword
        require_good_password(password, session.get_one(Person, account.person_id))
        account.password_hash = password_hash(password)
        revoke_codes([account.person_id], purpose=PASSWORD, now=now)
        end_sessions_of(account.id, now=now, but=actor.session_id)
        record(actor, "change_password", account, now=now)
    forget_tries(actor.account_id)


def ask_for_password(login: str, *, address: str, now: datetime) -> None:
    """Writes to whoever has this e-mail or number; who has no login yet gets the letter to make one.

    Nothing tells whether somebody was found. A second letter only ten minutes after the first; raises TooManyTries.
    """
    count_try(f"forgotten:{login.strip().lower()}", address=address, now=now)
    active = {account.person_id for account in accounts_named(login) if account.is_active}
    with transaction():
        for person in people_named(login):
            if person.email and person.id in active:
                _write_again(person, PASSWORD, now=now)
            elif person.email and not person.is_minor_on(now.date()):
                _write_again(person, ACTIVATION, now=now)


def choose_language(language: str, *, now: datetime, actor: Actor) -> None:
    """The person's own choice, from now on for pages and letters."""
    with transaction() as session:
        person = session.get_one(Person, actor.person_id)
        person.language = language
        person.language_chosen_at = now


def _set_by(words: str, password: str, *, purpose: str, now: datetime, pin: str = "") -> Account:
    person = person_of_code(words, purpose=purpose, now=now)
    if person is None:
        raise CodeEnded
    require_good_password(password, person)
    if pin:
        require_good_pin(pin, person)
    with transaction():
        owner = use_code(words, purpose=purpose, now=now)
        if owner is None:
            raise CodeEnded
        account = _set_password(owner, password, now=now)
        if pin:
            keep_pin(account, owner, pin, now=now, actor=Actor(account_id=account.id, person_id=owner.id))
        return account


def _set_password(person: Person, password: str, *, now: datetime) -> Account:
    account = opened(person.id, now=now, actor=SYSTEM)
    if account.deactivated_at:
        raise CodeEnded
    account.password_hash = password_hash(password)
    account.activated_at = account.activated_at or now
    end_sessions_of(account.id, now=now)
    record(Actor(account_id=account.id, person_id=person.id), "set_password", account, now=now)
    return account


def _write_again(person: Person, purpose: str, *, now: datetime) -> None:
    written_at = last_code_at(person.id, purpose=purpose)
    if written_at is None or now - written_at > AGAIN_AFTER:
        send_link(person, purpose=purpose, now=now, actor=SYSTEM)
