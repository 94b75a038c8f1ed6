"""Which optional letters a reader wants, kind by kind. What is about a seat, a change or a consent always goes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select

from app.accounts.actor import STRANGER, Actor
from app.audit.operations import record
from app.db import Base, db, transaction
from app.mail.kinds import OPTIONAL
from app.mail.models import Suppression
from app.mail.outbox import kind_of
from app.mail.unsubscribing import suppress

KINDS = {kind_of(template): name for template, name in OPTIONAL.items()}


class Stand(NamedTuple):
    """What an address said until now: the kinds that go there, and a row of it."""

    kinds: list[str]
    row: Suppression | None


def wanted_kinds(address: str) -> set[str]:
    """The kinds of optional letters that still go to this address."""
    refused = set(db.session.scalars(select(Suppression.kind).where(*_said_of(address))))
    return set() if "" in refused else set(KINDS) - refused


def choose_letters(address: str, wanted: Collection[str], *, now: datetime, actor: Actor, about: Base) -> None:
    """From now on just these kinds of optional letters go to the address of whoever is logged in (`about`).

    Who chooses anew takes a complaint back; bounces stay, they aren't the reader's wish.
    """
    with transaction():
        before = _stand_of(address)
        _keep(address, wanted, now=now)
        _note(address, before, "choose_letters", [about], now=now, actor=actor)


def choose_by_link(address: str, wanted: Collection[str], *, now: datetime, about: Sequence[Base] = ()) -> None:
    """The same by the link of a letter. `about` are our people who read this address."""
    with transaction():
        before = _stand_of(address)
        _keep(address, wanted, now=now)
        _note(address, before, "choose_letters_by_link", about, now=now)


def stop_letters(address: str, kind: str, *, now: datetime, about: Sequence[Base] = ()) -> None:
    """No optional letters of this kind ("": of any) to this address from now on; asking twice changes nothing."""
    with transaction():
        before = _stand_of(address)
        suppress(address, "unsubscribed", now=now, kind=kind)
        _note(address, before, "stop_letters", about, now=now)


def _keep(address: str, wanted: Collection[str], *, now: datetime) -> None:
    refused = [kind for kind in KINDS if kind not in wanted]
    gone = delete(Suppression).where(*_said_of(address), Suppression.kind.not_in(refused))
    db.session.execute(gone.execution_options(synchronize_session=False))
    for kind in refused:
        suppress(address, "unsubscribed", now=now, kind=kind)


def _note(
    address: str, before: Stand, verb: str, about: Sequence[Base], *, now: datetime, actor: Actor = STRANGER
) -> None:
    """In the history of each of these people; of an address that none of ours reads, beside its own row."""
    after = _stand_of(address)
    if before.kinds != after.kinds:
        changes = {"letters": (before.kinds, after.kinds)}
        for thing in about or [row for row in (after.row or before.row,) if row]:
            record(actor, verb, thing, now=now, changes=changes)


def _stand_of(address: str) -> Stand:
    wanted = wanted_kinds(address)
    row = db.session.scalar(select(Suppression).where(*_said_of(address)).order_by(Suppression.since).limit(1))
    return Stand([kind for kind in KINDS if kind in wanted], row)


def _said_of(address: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Suppression.address == address.lower(), Suppression.reason != "bounced"
