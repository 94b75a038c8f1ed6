"""What a coordinator decides about the thanks of an event: letters and survey on or off, what each group brought in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import db, new_id, transaction
from app.errors import N_, Invalid, require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.impact.errors import NegativeFigure, TooManyDecimals, WrongFigure
from app.impact.numbers import grouped, read_number
from app.impact.thanks.due import OFF
from app.impact.thanks.errors import LettersGone, SurveyOver
from app.impact.thanks.mails import TEMPLATE
from app.impact.thanks.models import WAYS, GroupWaste, Thanks
from app.impact.thanks.queueing import row_of
from app.mail.outbox import cancel_mails
from app.rosters.models import Group

MOST_KILOGRAMS = 20_000
CHANGED = N_("Somebody else entered %(figure)s kg meanwhile. Send yours again to put it in its place.")
TOO_MUCH = N_("More than 20 tonnes by one group? The figure is asked in kilograms.")


@dataclass(frozen=True)
class Said:
    """What somebody typed for one group; `seen` is the entry that stood on their page, if any."""

    written: str
    method: str = "weighed"
    seen: str = ""


def choose_thanks(event: Event, *, letters: bool, survey: bool, now: datetime, actor: Actor) -> None:
    """Whether this event thanks by letter, and asks how it was. Letters that wait are taken back for good.

    Raises NotAllowed, LettersGone, SurveyOver.
    """
    with transaction():
        row = row_of(event.id)
        require(can_manage_event(actor, event))
        before = {"letters": row.letters_off_at is None, "survey": row.survey_off_at is None}
        changes = {name: (before[name], now_on) for name, now_on in (("letters", letters), ("survey", survey))}
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        if "letters" in changes:
            _switch_letters(row, letters, now=now, actor=actor)
        if "survey" in changes:
            if row.survey_ended_at is not None:
                raise SurveyOver
            row.survey_off_at = None if survey else now
            row.survey_off_by_id = None if survey else actor.account_id
        if changes:
            record(actor, "choose_thanks", event, now=now, changes=changes)


def _switch_letters(row: Thanks, is_on: bool, *, now: datetime, actor: Actor) -> None:
    if row.finished_at is not None and row.missed_reason is None:
        raise LettersGone
    row.letters_off_at = None if is_on else now
    row.letters_off_by_id = None if is_on else actor.account_id
    if is_on and row.missed_reason == OFF:
        row.finished_at = row.missed_reason = None
    if not is_on:
        cancel_mails(now=now, event_id=row.event_id, template_prefix=TEMPLATE)


def enter_group_waste(event: Event, said: Mapping[str, Said], *, now: datetime, actor: Actor) -> int:
    """What each group brought in, {group's id: what was typed}; says how many figures are new.

    Raises NotAllowed, Invalid under the group's id for a figure that can't be, or that somebody changed meanwhile.
    """
    with transaction():
        row_of(event.id)
        require(can_manage_event(actor, event))
        groups = {one.id: one for one in db.session.scalars(select(Group).where(Group.event_id == event.id))}
        standing = waste_of(event.id)
        fresh = 0
        for group_id in said.keys() & groups.keys():
            fresh += _enter(groups[group_id], standing.get(group_id), said[group_id], now=now, actor=actor)
    return fresh


def waste_of(event_id: str) -> dict[str, GroupWaste]:
    """{group's id: the entry that stands}."""
    query = select(GroupWaste).where(GroupWaste.event_id == event_id, GroupWaste.replaced_by_id.is_(None))
    return {row.group_id: row for row in db.session.scalars(query)}


def _enter(group: Group, known: GroupWaste | None, said: Said, *, now: datetime, actor: Actor) -> bool:
    kilograms = _read(group, said)
    if said.method not in WAYS:
        raise Invalid({group.id: N_("Weighed or estimated?")})
    seen = db.session.get(GroupWaste, said.seen) if said.seen else None
    if (seen.kilograms, seen.method) == (kilograms, said.method) if seen else not kilograms:
        return False  # this line was not touched: whatever stands there now stays
    if (known.id if known else "") != said.seen:
        figure = grouped(known.kilograms) if known else "0"
        raise Invalid({group.id: CHANGED}, figure=figure)
    _write(group, known, kilograms, said.method, now=now, actor=actor)
    return True


def _read(group: Group, said: Said) -> Decimal:
    """Nothing typed is nothing brought in. What can't be is said beside this group's field."""
    try:
        kilograms = read_number(said.written.strip() or "0")
    except WrongFigure as error:
        raise Invalid({group.id: error.message}, **error.params) from error
    refusals = {NegativeFigure: kilograms < 0, TooManyDecimals: kilograms * 1000 % 1 != 0}
    for refusal, holds in refusals.items():
        if holds:
            raise Invalid({group.id: refusal.message})
    if kilograms > MOST_KILOGRAMS:
        raise Invalid({group.id: TOO_MUCH})
    return kilograms


def _write(
    group: Group, known: GroupWaste | None, kilograms: Decimal, method: str, *, now: datetime, actor: Actor
) -> None:
    """The old one goes out of the way first: one stands at any moment."""
    entry = GroupWaste(
        id=new_id(), event_id=group.event_id, group_id=group.id, kilograms=kilograms, method=method,
        recorded_at=now, recorded_by_id=actor.account_id,
    )  # fmt: skip
    if known is not None:
        replaced = update(GroupWaste).where(GroupWaste.id == known.id).values(replaced_by_id=entry.id)
        db.session.execute(replaced)
    db.session.add(entry)
    db.session.flush()
    changes = {"group": (None, group.name), "kilograms": (known.kilograms if known else None, kilograms)}
    record(actor, "enter_group_waste", entry, now=now, changes=changes)
