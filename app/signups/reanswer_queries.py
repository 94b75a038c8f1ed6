"""The sheet with what was answered, for changing it: whose answers the reader sees, and as which fields."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.accounts.actor import Actor
from app.db import db
from app.events.models import Event, Question
from app.people.values import DIETS
from app.signups.asked import PARTY
from app.signups.models import Place, SignUp
from app.signups.policy import can_change_party
from app.signups.queries import family_ids
from app.signups.question_queries import Sheet, sheet_for
from app.signups.reanswering import answers_of, may_be_told


@dataclass(frozen=True)
class Row:
    """One person with what is asked of them; no `sizes` where the size isn't the reader's to see."""

    place: Place
    sheet: Sheet
    sizes: Sequence[str] = ()


@dataclass(frozen=True)
class Given:
    """Everybody whose answers the reader may change, what the party is asked, and the fields as they stand."""

    rows: Sequence[Row]
    together: Sheet
    fields: Sequence[tuple[str, str]]


def asking(events: Iterable[Event]) -> set[str]:
    """Ids of those of the events that ask anything beside the names."""
    listed = list(events)
    own = select(Question.event_id).where(
        Question.event_id.in_([event.id for event in listed]), Question.deactivated_at.is_(None)
    )
    found = set(db.session.scalars(own))
    usual = {one.id for one in listed if one.asks_size or one.asks_diet or one.asks_medical or one.site.ppe}
    return found | usual


def given_answers(actor: Actor, signup: SignUp, places: Sequence[Place], *, sizes: Sequence[str]) -> Given:
    """`places` are those whom the actor sees, `sizes` those that are asked for."""
    family, event, said = family_ids(actor), signup.event, answers_of(signup)
    sheet = sheet_for(event, [place.person for place in places if place.person_id in family])
    sheet = replace(sheet, chosen=others_chose(sheet.chosen, said, len(signup.standing_places), places))
    rows, fields = [], []
    for place in places:
        told, own = may_be_told(actor, place, family=family), place.person_id in family
        asked = replace(sheet, asks_diet=sheet.asks_diet and told, asks_medical=sheet.asks_medical and own)
        rows.append(Row(place, asked, _sizes(sizes, place) if told else ()))
        fields += list(_fields(place, asked, told=told))
    leads = can_change_party(actor, signup)
    seen = {PARTY, *(place.person_id for place in places)}
    fields += [(f"question-{one}-{who}".rstrip("-"), value) for (one, who), value in said.items() if who in seen]
    return Given(rows, sheet if leads else Sheet(), fields)


def others_chose(
    chosen: Mapping[tuple[str, str], int], said: Mapping[tuple[str, str], str], people: int, places: Sequence[Place]
) -> Mapping[tuple[str, str], int]:
    """What others chose: one's own choice is never full."""
    own: Counter[tuple[str, str]] = Counter()
    for (question_id, person_id), value in said.items():
        if person_id in {PARTY, *(place.person_id for place in places)}:
            own[question_id, value] += 1 if person_id else people
    return {key: count - own[key] for key, count in chosen.items()}


def _sizes(sizes: Sequence[str], place: Place) -> Sequence[str]:
    return [place.tshirt_size, *sizes] if sizes and place.tshirt_size not in ("", *sizes) else sizes


def _fields(place: Place, sheet: Sheet, *, told: bool) -> Iterable[tuple[str, str]]:
    """As app/signups/forms.py reads them."""
    id_ = place.person_id
    if told:
        yield "sizes", f"{id_}:{place.tshirt_size}"
        yield "diets", f"{id_}:{place.diet or next(iter(DIETS))}"
    if sheet.asks_medical:
        yield f"medical-{id_}", place.medical_note or ""
        if sheet.notes.get(id_):
            yield "keep_medical", id_
