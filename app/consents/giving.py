"""Writing down what a guardian answered. Plain functions: they join the transaction of whoever calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.consents.binding import bound_to
from app.consents.errors import TextChanged
from app.consents.models import Consent
from app.consents.queries import newest_texts, standing_consents
from app.db import db, new_id
from app.events.models import Event
from app.rows import add_rows, fresh


@dataclass(frozen=True)
class Speaker:
    """Who answers (a guardian, or by name somebody of the institution), by which way, having read which language.

    `account_id` is the login that acts, if there is one; on paper it is whoever recorded it.
    """

    guardian_id: str | None
    language: str
    channel: str = "page"
    account_id: str | None = None
    scan_key: str | None = None
    name: str = ""
    institution_id: str | None = None
    signed_at: datetime | None = None


def write_answers(
    event: Event,
    child_id: str,
    answers: Mapping[str, bool],
    *,
    by: Speaker,
    now: datetime,
    read: Mapping[str, str] | None = None,
) -> list[Consent]:
    """What new_answers() makes of them, in the table."""
    new = new_answers(event, child_id, answers, by=by, now=now, read=read)
    add_rows(new)
    return new


def new_answers(
    event: Event,
    child_id: str,
    answers: Mapping[str, bool],
    *,
    by: Speaker,
    now: datetime,
    read: Mapping[str, str] | None = None,
    standing: Sequence[Consent] | None = None,
    texts: Mapping[str, str] | None = None,
    planned: dict[str, Any] | None = None,
) -> list[Consent]:
    """One standing answer of this guardian for each kind, bound to the event as it is planned now; returns the new,
    which are not written yet.

    The same answer again changes nothing; another one closes the old. `read` is {kind: id of the text shown}: raises
    TextChanged where it is not in force any more. `standing` and `texts` spare the queries where they are known,
    `planned` the work.
    """
    texts = texts or newest_texts()
    if read and any(texts[kind] != read[kind] for kind in answers if kind in read):
        raise TextChanged
    rows = standing_consents(child_id, event.id) if standing is None else standing
    own = {
        row.kind: row for row in rows if (row.guardian_id, row.institution_id) == (by.guardian_id, by.institution_id)
    }
    wanted = {kind: yes for kind, yes in answers.items() if kind not in own or own[kind].is_yes != yes}
    closed = [own[kind] for kind in wanted if kind in own]
    for row in closed:
        _close(row, by=by, now=now)
    if closed:
        # The database lets one answer stand: the old one must be out before the new one comes in.
        db.session.flush()
    planned = planned or bound_to(event)
    return [_answer(event, child_id, kind, yes, texts[kind], planned, by=by, now=now) for kind, yes in wanted.items()]


def _close(row: Consent, *, by: Speaker, now: datetime) -> None:
    row.revoked_at = now
    row.revoked_by_id = by.account_id
    row.revoked_by_person_id = by.guardian_id


def _answer(
    event: Event,
    child_id: str,
    kind: str,
    is_yes: bool,
    text_id: str,
    planned: dict[str, Any],
    *,
    by: Speaker,
    now: datetime,
) -> Consent:
    return fresh(
        Consent,
        id=new_id(),
        kind=kind,
        event_id=event.id,
        child_id=child_id,
        guardian_id=by.guardian_id,
        given_by_name=by.name,
        institution_id=by.institution_id,
        is_yes=is_yes,
        channel=by.channel,
        recorded_by_id=by.account_id if by.channel == "paper" else None,
        scan_key=by.scan_key,
        text_id=text_id,
        language=by.language,
        bound_to=planned,
        given_at=by.signed_at or now,
    )
