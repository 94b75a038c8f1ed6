"""What is past its term goes, with its files; what is not stays to the day."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.consents.models import Consent
from app.db import db
from app.files import FileStore
from app.people.models import Person
from app.privacy.purging import purge
from app.signups.models import Approval, InvitationContact
from app.tasks.models import Task
from tests import factories
from tests.factories import saved
from tests.signups.inviting import invited_school

NOW = factories.LONG_AGO + timedelta(days=30)
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "uploads")


def ended(**ago: int):
    """An event that was over so long ago."""
    end = NOW - timedelta(**ago)
    return factories.event(starts_at=end - timedelta(hours=4), ends_at=end, audience="families")


def on_paper(at, dina: Person, guardian: Person, store: FileStore) -> str:
    recorder = factories.account(factories.employee("Хатшы"))
    key = store.save(b"%PDF-1.7 signed")
    factories.consent(at, dina, guardian, channel="paper", scan_key=key, recorded_by_id=recorder.id)
    return key


@pytest.mark.full
def test_consents_and_the_scans_of_signed_papers_go_three_years_after_the_event(store):
    nurlan = factories.employee()
    dina = factories.child(nurlan)
    old = on_paper(ended(days=3 * 365 + 1), dina, nurlan, store)
    recent = on_paper(ended(days=3 * 365 - 1), dina, nurlan, store)
    assert purge(store=store, now=NOW)["consents"] == 1
    assert db.session.query(Consent).one().scan_key == recent
    assert store.read(recent)
    with pytest.raises(FileNotFoundError):
        store.read(old)
    assert "consents" not in purge(store=store, now=NOW), "again changes nothing"


@pytest.mark.full
def test_contacts_of_an_institution_go_a_year_after_the_event(store):
    school = invited_school()
    after = school.event.ends_at
    assert "invitation_contacts" not in purge(store=store, now=after + timedelta(days=364))
    assert purge(store=store, now=after + timedelta(days=366))["invitation_contacts"] == 2
    assert db.session.query(InvitationContact).count() == 0


def test_why_somebody_may_not_go_is_forgotten_a_year_after_the_answer(store):
    party = factories.place(factories.event(), factories.employee()).signup
    values = {"signup_id": party.id, "asked": "coordinator", "answer": "refused"}
    old, recent = (
        saved(Approval(note="Night shift", asked_at=at, due_at=at, answered_at=at, **values))
        for at in (NOW - timedelta(days=366), NOW - timedelta(days=364))
    )
    assert purge(store=store, now=NOW)["approval_notes"] == 1
    assert (old.note, recent.note, old.answer) == ("", "Night shift", "refused")


def test_appeals_that_were_answered_go_after_a_year_and_other_follow_ups_stay(store):
    done = {"text": {"ru": "Был болен"}, "created_at": factories.LONG_AGO, "done_at": NOW - timedelta(days=366)}
    saved(Task(key="appeal:1", kind="appeal", **done))
    saved(Task(key="appeal:2", kind="appeal", **done | {"done_at": None}))
    saved(Task(key="duplicate:1", kind="possible-duplicate", **done))
    assert purge(store=store, now=NOW)["tasks"] == 1
    assert {task.key for task in db.session.query(Task)} == {"appeal:2", "duplicate:1"}
