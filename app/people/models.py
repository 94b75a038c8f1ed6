"""People: employees, children, guardians, institutions, and the cities they live in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, or_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.columns import EncryptedText
from app.db import IMPERSONAL, Base, Texts, new_id, one_of, personal
from app.people import ages

UNTIL_ERASED = "until erased"
KINDS = ("employee", "child", "other")
# Whose words of names are not written yet, or not any more. In these very words: a partial index is found by them.
UNINDEXED = "name_search || coalesce(email, '') <> indexed_as"


class City(Base):
    """A city of the programme. `timezone` names a zone of the tz database."""

    __tablename__ = "cities"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    region: Mapped[Texts] = mapped_column(default=dict, info=IMPERSONAL)
    timezone: Mapped[str] = mapped_column(String(40), default="Asia/Almaty", info=IMPERSONAL)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Institution(Base):
    """A boarding school, an orphanage, a partner firm: sends people, is no employer of ours."""

    __tablename__ = "institutions"
    __table_args__ = (one_of("contact_language", "kk", "ru", "en"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True, info=IMPERSONAL)
    name: Mapped[Texts] = mapped_column(info=IMPERSONAL)
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    city: Mapped[str | None] = mapped_column(ForeignKey("cities.slug"))
    contact_name: Mapped[str] = mapped_column(String(200), default="", info=personal("name", UNTIL_ERASED))
    contact_email: Mapped[str | None] = mapped_column(String(254), info=personal("e-mail", UNTIL_ERASED))
    contact_language: Mapped[str] = mapped_column(String(2), default="kk", server_default="kk", info=IMPERSONAL)
    deactivated_at: Mapped[datetime | None]


class Person(Base):
    """Anyone known. Names are as their documents say; name plus birthday is no identity.

    `name_sort` orders by the Kazakh alphabet on every database, `name_search` is folded (ұ=у, қ=к, Latin spelling).
    """

    __tablename__ = "people"
    __table_args__ = (
        one_of("kind", *KINDS),
        one_of("language", "kk", "ru", "en"),
        CheckConstraint("surname <> '' OR given_name <> ''", name="has_a_name"),
        CheckConstraint("kind <> 'employee' OR personnel_number IS NOT NULL", name="employee_has_number"),
        Index(
            "uq_people_personnel_number",
            "personnel_number",
            unique=True,
            sqlite_where=text("personnel_number IS NOT NULL"),
            postgresql_where=text("personnel_number IS NOT NULL"),
        ),
        Index("ix_people_city_sort", "city", "name_sort", "id"),
        Index("ix_people_order", "id", "name_sort"),  # a roster's order without reading each person for it
        Index("ix_people_unindexed", "id", sqlite_where=text(UNINDEXED), postgresql_where=text(UNINDEXED)),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10), info=IMPERSONAL)
    surname: Mapped[str] = mapped_column(String(100), info=personal("name", UNTIL_ERASED))
    given_name: Mapped[str] = mapped_column(String(100), info=personal("name", UNTIL_ERASED))
    patronymic: Mapped[str] = mapped_column(String(100), default="", info=personal("name", UNTIL_ERASED))
    name_sort: Mapped[str] = mapped_column(String(400), default="", index=True, info=personal("name", UNTIL_ERASED))
    name_search: Mapped[str] = mapped_column(String(800), default="", info=personal("name", UNTIL_ERASED))
    indexed_as: Mapped[str] = mapped_column(
        String(1100), default="", server_default="", deferred=True, info=personal("name", UNTIL_ERASED)
    )
    birth_date: Mapped[date | None] = mapped_column(info=personal("birthday", UNTIL_ERASED))
    email: Mapped[str | None] = mapped_column(String(254), index=True, info=personal("e-mail", UNTIL_ERASED))
    phone: Mapped[str | None] = mapped_column(String(20), info=personal("phone", UNTIL_ERASED))
    language: Mapped[str] = mapped_column(String(2), default="kk", info=IMPERSONAL)
    language_chosen_at: Mapped[datetime | None]
    personnel_number: Mapped[str | None] = mapped_column(String(20), info=personal("personnel number", UNTIL_ERASED))
    city: Mapped[str | None] = mapped_column(ForeignKey("cities.slug"))
    department: Mapped[str] = mapped_column(String(200), default="", info=personal("workplace", UNTIL_ERASED))
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    school_class: Mapped[str] = mapped_column(String(20), default="", info=personal("school class", UNTIL_ERASED))
    tshirt_size: Mapped[str] = mapped_column(String(10), default="", info=personal("clothing size", UNTIL_ERASED))
    diet: Mapped[str] = mapped_column(String(20), default="", server_default="", info=personal("diet", UNTIL_ERASED))
    manager_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]

    def age_on(self, day: date) -> int | None:
        """Whole years on that day, None where the birthday is unknown."""
        return None if self.birth_date is None else ages.age_on(self.birth_date, day)

    def is_minor_on(self, day: date) -> bool:
        """Whether guardians decide for them on that day; a child whose birthday is unknown is one."""
        return ages.is_minor(self.birth_date, self.kind, day)

    @classmethod
    def minors_on(cls, day: date) -> ColumnElement[bool]:
        """The same as a condition of a query."""
        grown_up_since = ages.years_before(day, ages.ADULT_AT)
        return or_(cls.birth_date > grown_up_since, cls.birth_date.is_(None) & (cls.kind == "child"))

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """Surname and given name."""
        return " ".join(part for part in (self.surname, self.given_name) if part)


class PersonWord(Base):
    """One folded word of a name, a number or an e-mail, by which a person is found; words.py writes and asks them.

    Words compare byte by byte on every database, so that all that begin alike lie side by side in the key.
    """

    __tablename__ = "person_words"
    __table_args__ = (Index("ix_person_words_person", "person_id", "word"),)

    word: Mapped[str] = mapped_column(
        String(100).with_variant(String(100, collation="C"), "postgresql"),
        primary_key=True,
        info=personal("name", UNTIL_ERASED),
    )
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)


class Guardianship(Base):
    """An adult who decides for a child. `child_key` folds the child's name and birthday: unique within one guardian."""

    __tablename__ = "guardianships"
    __table_args__ = (
        one_of("relation", "parent", "representative"),
        CheckConstraint("guardian_id <> child_id", name="two_people"),
        Index("uq_guardianships_pair", "guardian_id", "child_id", unique=True),
        Index("uq_guardianships_key", "guardian_id", "child_key", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    guardian_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    child_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    child_key: Mapped[str] = mapped_column(String(300), info=personal("name and birthday, folded", UNTIL_ERASED))
    relation: Mapped[str] = mapped_column(String(20), default="parent", info=IMPERSONAL)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    guardian: Mapped[Person] = relationship(foreign_keys=[guardian_id])
    child: Mapped[Person] = relationship(foreign_keys=[child_id])


class Brigade(Base):
    """Colleagues who work together and whom their leader signs up."""

    __tablename__ = "brigades"
    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), info=IMPERSONAL)
    leader_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    leader: Mapped[Person] = relationship(foreign_keys=[leader_id])


class BrigadeMember(Base):
    """Somebody of a brigade, until they or the leader say otherwise."""

    __tablename__ = "brigade_members"
    __table_args__ = (
        Index(
            "uq_brigade_members_standing",
            "brigade_id",
            "person_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    brigade_id: Mapped[str] = mapped_column(ForeignKey("brigades.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))

    brigade: Mapped[Brigade] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class WorkStretch(Base):
    """Days on which a shift worker is on rotation (both days included), as HR's calendar says."""

    __tablename__ = "work_stretches"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        Index("uq_work_stretches_start", "person_id", "starts_on", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    starts_on: Mapped[date] = mapped_column(info=personal("work days", "1 year after"))
    ends_on: Mapped[date] = mapped_column(info=personal("work days", "1 year after"))
    created_at: Mapped[datetime]


class MedicalNote(Base):
    """Allergies and health of one person; encrypted, read only by those who lead the group."""

    __tablename__ = "medical_notes"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    text: Mapped[str] = mapped_column(
        EncryptedText, info=personal("health", "14 days after the return, or kept by choice")
    )
    keep: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]


class ImportRun(Base):
    """One file of people being read: how far it came and what it refused or doubted, row by row.

    `columns` is {field: number of its column} as this run reads it, `unknown_columns` what a person is asked about:
    [{"number", "heading", "examples"}].
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        one_of("kind", "employees", "children"),
        CheckConstraint("rows_done <= rows_total", name="done_within_total"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    file_name: Mapped[str] = mapped_column(String(200), info=personal("file name", "1 year"))
    file_key: Mapped[str | None] = mapped_column(String(40), info=IMPERSONAL)
    city: Mapped[str | None] = mapped_column(ForeignKey("cities.slug"))
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"))
    is_complete: Mapped[bool] = mapped_column(default=False)
    is_dry_run: Mapped[bool] = mapped_column(default=False)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    leavers: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(default=list, info=personal("rows refused", "1 year"))
    started_at: Mapped[datetime]
    started_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    finished_at: Mapped[datetime | None]
    moves: Mapped[int] = mapped_column(default=0, server_default="0")
    held_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    applied_as_id: Mapped[str | None] = mapped_column(ForeignKey("import_runs.id", ondelete="SET NULL"))
    checksum: Mapped[str | None] = mapped_column(String(64), unique=True, info=IMPERSONAL)
    reported_at: Mapped[datetime | None]
    columns: Mapped[dict[str, Any] | None] = mapped_column(info=IMPERSONAL)
    unknown_columns: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default="[]", info=personal("values of a file", "30 days")
    )
    columns_asked_at: Mapped[datetime | None]
    columns_assigned_at: Mapped[datetime | None]
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default="[]", info=personal("addresses doubted", "1 year")
    )

    @property
    def waits_for_columns(self) -> bool:
        """Whether a person must say first what some of its columns hold."""
        return self.columns_asked_at is not None and self.columns_assigned_at is None
