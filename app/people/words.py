"""The words by which people are found: which rows begin with what was typed, and writing them for names that changed.

Nobody who changes a name calls this: `people.indexed_as` says for which name the words stand, and the worker writes
those of everybody whose name says something else by now. Until then such a person is found by the name itself.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, exists, insert, select, text, union_all, update

from app.db import db, transaction
from app.people.models import UNINDEXED, Person, PersonWord
from app.people.names import fold

AT_ONCE = 500
SOME = 300
PENDING = 2000
LAST_LETTER = "\U0010ffff"
LONGEST = 100


def meant_by(q: str) -> ColumnElement[bool]:
    """The condition that a person is meant: each word of `q` begins a name or the number, or all of it an e-mail."""
    typed = sorted(set(fold(q).split()), key=len, reverse=True)
    ways = [_with_address(q), _not_yet_written(q, typed)]
    if typed:
        ways.append(_with_words(typed))
    return Person.id.in_(union_all(*ways))


def first_meant_by(word: str) -> ColumnElement[bool]:
    """The condition for some of those who are meant by one word: enough where thousands are."""
    some = select(PersonWord.person_id).where(begins(PersonWord.word.expression, fold(word)[:LONGEST]))
    return Person.id.in_(some.order_by(PersonWord.word).limit(SOME))


def index_names(*, now: datetime) -> bool:
    """Writes the words of up to 500 people whose name, number or e-mail changed; says whether there may be more."""
    if not db.session.execute(_waiting(1)).first():
        return False
    with transaction() as session:
        people = session.execute(_waiting(AT_ONCE)).all()
        session.execute(delete(PersonWord).where(PersonWord.person_id.in_([person.id for person in people])))
        words = [{"word": word, "person_id": row.id} for row in people for word in _words(row.name_search, row.email)]
        if words:
            session.execute(insert(PersonWord), words)
        if people:
            done = [{"id": row.id, "indexed_as": row.name_search + (row.email or "")} for row in people]
            session.execute(update(Person), done)
    return len(people) == AT_ONCE


def begins(column: ColumnElement[str], typed: str) -> ColumnElement[bool]:
    """That a word begins so, as a range: every database finds that in an index."""
    return (column >= typed) & (column < typed + LAST_LETTER)


def _with_words(typed: list[str]) -> Select[str]:
    """The longest word has the fewest bearers; of those the others are asked for."""
    query = select(PersonWord.person_id).where(begins(PersonWord.word.expression, typed[0][:LONGEST]))
    for word in typed[1:]:
        other = PersonWord.__table__.alias()
        query = query.where(
            exists().where(other.c.person_id == PersonWord.person_id, begins(other.c.word, word[:LONGEST]))
        )
    return query


def _with_address(q: str) -> Select[str]:
    return select(PersonWord.person_id).where(begins(PersonWord.word.expression, _address(q)))


def _not_yet_written(q: str, typed: list[str]) -> Select[str]:
    """Few at any time: the partial index holds them alone."""
    waiting = _waiting(PENDING).subquery()
    by_name = [waiting.c.name_search.contains(f" {word}", autoescape=True) for word in typed]
    by_mail = waiting.c.email.startswith(q.strip().lower(), autoescape=True)
    named = by_name[0] if by_name else by_mail
    for condition in by_name[1:]:
        named = named & condition
    return select(waiting.c.id).where(named | by_mail)


def _waiting(limit: int) -> Select[str, str, str | None]:
    """PostgreSQL takes nearly all rows for waiting ones; only in the order of their index does it look there."""
    people = Person.__table__.alias("people")
    columns = (people.c.id, people.c.name_search, people.c.email)
    return select(*columns).where(text(UNINDEXED)).order_by(people.c.id).limit(limit)


def _words(name_search: str, email: str | None) -> set[str]:
    words = {word[:LONGEST] for word in name_search.split()}
    return words | ({_address(email)} if email else set())


def _address(typed: str) -> str:
    """An e-mail is one word among the others; the sign before it keeps it apart from names."""
    return f"@{typed.strip().lower()}"[:LONGEST]
