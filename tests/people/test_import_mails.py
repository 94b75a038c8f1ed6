"""Who hears of a file that came at night and waits, or could not be read: once, and in their language."""

from dataclasses import fields
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask

from app.db import db, transaction
from app.mail.models import Mail
from app.mail.rendering import Claimed, written
from app.people.import_folder import report_back, take_next_file
from app.people.import_mails import mail_held
from app.people.mapping import assign_columns
from app.people.models import ImportRun, Person
from tests import factories
from tests.people.test_import_folder import NOW, drop, reports, work
from tests.people.test_import_mapping import HR_NAMES, OPERATOR, SAID, FileStore


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """An empty folder; Aigul coordinates Balkhash, somebody else Zhezkazgan, and there is an admin."""
    factories.coordinator(email="aigul@torangy.example")
    factories.city("zhezkazgan")
    factories.account(
        factories.employee("Жанов", "Жан", email="zhan@torangy.example"), "coordinator", city="zhezkazgan"
    )
    factories.account(factories.employee("Әкімов", "Ерлан", email="admin@torangy.example"), "admin")
    return tmp_path


def letters(template: str = "people/import_held") -> list[Mail]:
    """What was written."""
    return db.session.query(Mail).filter_by(template=template).all()


def words(mail: Mail, language: str) -> tuple[str, str, str]:
    """Subject, text and HTML in this language."""
    facts = {field.name: getattr(mail, field.name) for field in fields(Claimed) if field.name != "override"} | {
        "language": language
    }
    message = message_from_bytes(written(Claimed(**facts), now=NOW)[2], policy=default)
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    return message["Subject"], text, html


def drop_text(folder: Path, name: str, text: str) -> None:
    """A file of this text that lies still."""
    import os

    file = drop(folder, name)
    file.write_text(text)
    os.utime(file, (0, 0))


@pytest.mark.full
def test_who_coordinates_the_city_hears_once_that_many_would_leave(app: Flask, folder: Path) -> None:
    drop(folder, "employees-balkhash.csv", *range(100, 160))
    work(app, folder)
    assert letters() == []
    drop(folder, "employees-balkhash-complete.csv", *range(100, 130))

    work(app, folder)
    work(app, folder)
    run = db.session.query(ImportRun).filter(ImportRun.held_at.is_not(None)).one()
    with transaction():
        mail_held(run, now=NOW)

    [letter] = letters()
    assert letter.recipient == "aigul@torangy.example"
    assert (letter.context["leavers"], letter.context["rows_total"]) == (run.leavers, 30)
    for language in ("kk", "ru", "en"):
        subject, text, html = words(letter, language)
        assert "employees-balkhash-complete.csv" in subject
        for body in (text, html):
            assert str(run.leavers) in body
            assert f"/people/imports/{run.id}" in body


def test_a_file_with_unknown_columns_waits_and_is_read_once_somebody_said_what_they_hold(
    app: Flask, folder: Path
) -> None:
    drop_text(folder, "employees-balkhash.csv", HR_NAMES)
    work(app, folder)

    [letter] = letters()
    assert "Таб.№ (SAP)" in words(letter, "ru")[1]
    assert reports(folder, "done")[0].startswith("HELD, nothing was read")
    run = db.session.query(ImportRun).one()
    assign_columns(run, SAID, now=NOW, actor=OPERATOR)
    work(app, folder)
    assert db.session.query(Person).filter_by(personnel_number="100514").count() == 1
    assert (len(letters()), len(reports(folder, "done"))) == (1, 1)

    drop_text(folder, "employees-balkhash.csv", HR_NAMES + "100515;Ким Анна;Қойма;\n")
    work(app, folder)
    assert db.session.query(Person).filter_by(personnel_number="100515").count() == 1
    assert len(letters()) == 1


@pytest.mark.parametrize(
    ("name", "content", "says", "reader"),
    [
        ("employees-balkhash.csv", "%PDF", "not a spreadsheet", "aigul"),
        ("employees-zhezkazgan.csv", "Имя\nНұрлан", "no column “Табельный номер”", "zhan"),
        ("employees-balkhash.csv", "Табельный номер;Фамилия;Имя\n1;;Анна", "All of its rows were refused", "aigul"),
        ("people.csv", "x", "Name the file", "admin"),
        ("children.csv", "Имя\nДина", "has no column", "admin"),
    ],
)
def test_a_file_that_cant_be_read_is_told_of_with_the_reason(
    name: str, content: str, says: str, reader: str, app: Flask, folder: Path
) -> None:
    drop_text(folder, name, content)
    work(app, folder)
    drop_text(folder, name, content)
    work(app, folder)

    [letter] = letters("people/import_failed")
    assert letter.recipient == f"{reader}@torangy.example"
    subject, text, html = words(letter, "en")
    assert name in subject
    assert says in " ".join(text.split())
    assert "/people/imports/" in html
    for language in ("kk", "ru"):
        assert name in words(letter, language)[0]


def test_where_nobody_coordinates_the_city_the_admins_hear(app: Flask, folder: Path) -> None:
    factories.city("karaganda")
    drop_text(folder, "employees-karaganda.csv", "%PDF")
    store = FileStore(app.config["TORANGY"].instance / "uploads")

    assert take_next_file(folder, store=store, now=NOW)
    report_back(folder, now=NOW)

    assert [letter.recipient for letter in letters("people/import_failed")] == ["admin@torangy.example"]
