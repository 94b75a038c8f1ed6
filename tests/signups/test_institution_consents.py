"""Consents for an institution's children: by the representative or on signed paper."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.consents.models import Consent
from app.consents.queries import covered_children
from app.db import db
from app.signups.institution_consents import agree_for, file_paper, take_back
from app.signups.institution_errors import NoRepresentative
from app.signups.institution_roster import change_row
from app.signups.invitation_queries import row_of
from app.signups.row_versions import version_of
from tests.signups.inviting import DUE, invited_school, later, named, pupil, voice


def test_the_director_answers_for_the_children_and_a_teacher_may_not(app: Flask):
    school = invited_school(ratio=None, transport="bus")
    dina, arman = named(school.teacher, pupil("Дина")), named(school.teacher, pupil("Арман"))
    assert dina.consent_due_at == DUE
    agree: dict[str, Any] = {"photos": False, "read": {}, "now": later(1)}
    with pytest.raises(NoRepresentative):
        agree_for(school.teacher, [dina.id], actor=voice(school.teacher), **agree)
    agree_for(school.director, [dina.id], actor=voice(school.director), **agree)
    rows = db.session.query(Consent).filter_by(child_id=dina.person_id).all()
    assert {row.kind for row in rows} == {"participation", "transport"}
    assert {(row.given_by_name, row.channel, row.guardian_id, row.institution_id) for row in rows} == {
        ("Гүлнар Ахметова", "institution", None, school.invitation.institution_id)
    }
    assert covered_children(school.event, [dina.person_id, arman.person_id]) == {dina.person_id}
    db.session.expire_all()
    assert (dina.consent_due_at, arman.consent_due_at) == (None, DUE)
    take_back(school.director, dina.id, now=later(2), actor=voice(school.director))
    db.session.expire_all()
    assert covered_children(school.event, [dina.person_id]) == set()
    assert dina.consent_due_at == DUE


def test_a_signed_paper_is_kept_under_the_name_of_who_signed(app: Flask):
    school = invited_school(ratio=None)
    dina = named(school.teacher, pupil("Дина"))
    file_paper(
        school.teacher, dina.id, scan_key="abc", signed_by="Ахмет Сейітқали", photos=True,
        version=version_of(dina), now=later(1), actor=voice(school.teacher),
    )  # fmt: skip
    rows = db.session.query(Consent).filter_by(child_id=dina.person_id).all()
    assert {(row.kind, row.given_by_name, row.scan_key) for row in rows} == {
        ("participation", "Ахмет Сейітқали", "abc"),
        ("photo", "Ахмет Сейітқали", "abc"),
    }
    db.session.expire_all()
    assert dina.consent_due_at is None


def test_another_birthday_asks_for_the_consent_anew_and_a_mended_letter_does_not(app: Flask):
    school = invited_school(ratio=None)
    dina = named(school.teacher, pupil("Дина", surname="Сейиткали"))
    agree_for(school.director, [dina.id], photos=False, read={}, now=later(1), actor=voice(school.director))

    def change(values):
        seen = version_of(row_of(school.invitation, dina.id))
        change_row(school.teacher, dina.id, values, version=seen, now=later(2), actor=voice(school.teacher))
        db.session.expire_all()

    change({"surname": "Сейітқали"})
    assert dina.consent_due_at is None
    change({"birth_date": date(2016, 1, 1)})
    assert dina.consent_due_at == DUE
    assert covered_children(school.event, [dina.person_id]) == set()
