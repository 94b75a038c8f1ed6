"""Every act of the code is told in words, in each language: its verb, its fields, and what its values stand for."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint

import app.models  # noqa: F401 - all tables
from app.audit.operations import record
from app.db import Base, db, transaction
from app.events.catalogue import PROGRAMME_COLUMNS, SITE_COLUMNS
from app.events.drafts import PLANNED
from app.events.models import Event
from app.events.question_drafts import PLAIN
from app.events.stop_drafts import COLUMNS as OF_STOPS
from app.history.queries import about_event, history_page, names_in
from app.history.telling import Teller
from app.history.values import words_for
from app.history.words import FIELDS, FIELDS_OF, SILENT, VERBS
from app.people.changing import COLUMNS as OF_PEOPLE
from app.rosters.models import Bus, Group
from app.signups.models import Place
from tests import factories
from tests.history.acts import fields, verbs
from tests.people.test_sight import acting
from tests.rosters.test_hosts import queries_of

NOW = factories.SATURDAY - timedelta(days=30)
# Columns of such words whose values no act writes down: it says what was done by its verb.
UNTOLD = {
    "access_codes.purpose", "approvals.answer", "approvals.asked", "arrangements.what", "attendance_entries.kind",
    "expense_documents.media_type", "expense_imports.unit", "plan_reasons.kind",
    "desk_conflicts.severity", "desk_operations.kind", "hours_entries.source", "duties.how",
    "group_waste.method", "survey_answers.choice", "incidents.kind",
    "guardianships.relation", "hand_overs.how", "import_changes.verb", "import_mappings.kind", "import_runs.kind",
    "import_mappings.field", "leg_departures.decision", "letter_overrides.language", "mail_attempts.what",
    "mail_reports.kind", "worker_beats.state",
    "mail_suppressions.reason", "offers.answer", "outcome_files.media_type", "pictures.withdrawn_why",
    "places.awaits", "queue_moves.kind", "search_sources.kind",
    "search_words.kind", "tasks.kind", "task_entries.kind",
}  # fmt: skip
# Rows whose changes are written down with another row: {the column: (table, verb, field)}.
TOLD_AS = {"hosts.kind": ("events", "change_host", "kind")}


def enumerated() -> Iterator[tuple[str, str, str]]:
    """(table, column, word) of everything that the database allows as one of a few words."""
    for table in db.metadata.sorted_tables:
        for rule in table.constraints:
            if isinstance(rule, CheckConstraint):
                said = re.fullmatch(r"(\w+) IN \((.*)\)", str(rule.sqltext))
                column, words = said.groups() if said else ("", "")
                yield from ((table.name, column, word) for word in re.findall(r"'([^']*)'", words))


def done(verb: str, thing: Base, **values: tuple[object, object]) -> None:
    aigul = acting(factories.coordinator("balkhash"))
    with transaction():
        record(aigul, verb, thing, now=NOW, changes=values)


def shown(app: Flask, about: Any, language: str = "en") -> dict[str, tuple[str, str]]:
    """{field: (before, after)} of the only act, in this language."""
    [line] = history_page(about, cursor=None).items
    with app.test_request_context(headers={"Accept-Language": language}):
        told = Teller(names_in([line]), language=language).told(line)
    return {change.field: (change.before, change.after) for change in told.changes}


@pytest.mark.full
def test_every_verb_of_the_code_has_words():
    written = verbs()
    assert len(written) > 150, "the acts are not found in the code any more"
    assert {verb: where for verb, where in written.items() if verb not in VERBS} == {}, "say them in history/words.py"
    assert set(VERBS) - set(written) == set(), "nothing does this any more: take it out of history/words.py"


@pytest.mark.full
def test_every_field_of_the_code_has_words():
    columns = (*PLANNED, *PLAIN, *SITE_COLUMNS, *PROGRAMME_COLUMNS, *OF_STOPS, *OF_PEOPLE)
    written = fields() | dict.fromkeys(columns, "columns")
    assert len(written) > 100, "the fields are not found in the code any more"
    named = FIELDS.keys() | {name for names in FIELDS_OF.values() for name in names} | SILENT
    assert {field: where for field, where in written.items() if field not in named} == {}, "say them in words.py"


def test_every_word_that_the_database_allows_has_words():
    raw = [
        f"{table}.{column}: {word}"
        for table, column, word in enumerated()
        if f"{table}.{column}" not in UNTOLD
        and word not in words_for(*TOLD_AS.get(f"{table}.{column}", (table, "change", column)))
        and not (column == "field" and word in FIELDS)
    ]
    assert raw == [], "say them in history/values.py, or in UNTOLD here if no act writes them down"


def test_a_text_is_told_in_the_readers_language_with_the_others_that_changed(app: Flask):
    event = factories.event()
    before = {"kk": "Ескі", "ru": "Старое", "en": "Old"}
    done("change", event, title=(before, {"kk": "Жаңа", "ru": "Старое", "en": "New"}))
    assert shown(app, about_event(event)) == {"Title (and in Kazakh)": ("Old", "New")}
    [values] = shown(app, about_event(event), "ru").values()
    assert values == ("Ескі", "Жаңа"), "what did not change in Russian is told in the first language in which it did"


def test_words_dates_and_names_stand_for_what_is_stored(app: Flask):
    event, nurlan = factories.event(), factories.employee()
    group = factories.saved(Group(event_id=event.id, name="3"))
    bus = factories.saved(Bus(event_id=event.id, name="2"))
    done(
        "change", event,
        guardian=("", nurlan.id), kinds=("", "participation, photo"), duty=(None, "water"), line=("", "first_aid"),
        group_id=(None, group.id), bus=("", "2"), role=(None, "coordinator balkhash"), cities=([], ["balkhash"]),
        work_days=(None, "2030-05-01/2030-05-15, 2030-06-01/2030-06-15"), lunch=(None, {"no-pork": 2, "": 1}),
        needs=([], [{"role": "first_aid", "minimum": 1}, {"role": "driver", "skill": "driver"}]),
        skill_first_aid=(None, "2030-05-18"), until_on=(None, "2030-05-18"), lunch_at=(None, factories.SATURDAY),
        filter=(None, {"status": "waiting", "group": group.id}), part=(None, bus.id), state=("new", "declined"),
    )  # fmt: skip
    found = {field: after for field, (_before, after) in shown(app, about_event(event)).items()}
    assert found["Guardian"] == "Сейітқали Нұрлан" and found["What for"] == "Taking part, Photographs"
    assert (found["Task"], found["Line of the board"]) == ("Drinking water", "First aid")
    assert (found["Of which"], found["Bus"], found["Group"]) == ("Bus 2", "Bus 2", "Group 3")
    assert found["Role"] == f"Coordinator, {found['Cities']}" and "balkhash" not in found["Cities"]
    assert found["Working days"] == "01.05.2030–15.05.2030, 01.06.2030–15.06.2030"
    assert found["Lunch"] == "No pork: 2, Not said: 1"
    assert found["What the day needs"] == "Role: First aid, At least: 1; Role: Driver, Skill: Driver's licence"
    assert (found["Skill: First aid"], found["Until"]) == ("18.05.2030", "18.05.2030")
    assert found["Filter"] == "Status: In the queue, Group: Group 3"
    assert found["Answer"] == "Said no" and "2030-05" not in found["Lunch at"]


def test_the_same_field_means_what_the_row_and_the_act_mean(app: Flask):
    event = factories.event()
    done("export", event, kind=(None, "manifest"))
    assert shown(app, about_event(event)) == {"List": ("", "Bus manifests")}
    assert words_for("sites", "change", "kind")["water"] == "Water"
    assert words_for("events", "undo_change", "kind")["move"] == "moved the event"


def test_whoever_was_erased_is_named_no_more(app: Flask):
    event, nurlan = factories.event(), factories.employee()
    done("name_helper", event, person=(None, nurlan.id))
    with transaction():
        nurlan.erased_at = NOW
    assert shown(app, about_event(event)) == {"Person": ("", "somebody erased")}


@pytest.mark.full
def test_the_names_of_all_that_is_pointed_at_are_one_question(app: Flask, log_in):
    event, nurlan = factories.event(), factories.employee()
    page, aigul = f"/events/{event.id}/history", log_in(factories.coordinator("balkhash"))
    place, group = factories.place(event, nurlan), factories.saved(Group(event_id=event.id, name="1"))
    moved, site_id, event_id, place_id = {"group_id": (None, group.id)}, event.site_id, event.id, place.id
    done("change", event, coordinator_id=(None, nurlan.id))
    done("move_place", place)
    one = queries_of(aigul, page)
    event, place = db.session.get_one(Event, event_id), db.session.get_one(Place, place_id)
    done("change", event, site_id=(None, site_id), cities=([], ["balkhash"]), cloned_from=(None, event_id))
    done("move_place", place, **moved)
    assert queries_of(aigul, page) == one <= 12
