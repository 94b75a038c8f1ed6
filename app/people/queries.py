"""Reads of people: only what the one who asks may see."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from app.accounts.actor import COORDINATOR, SAFETY_OFFICER, Actor
from app.db import db
from app.errors import NotFound
from app.people.import_models import VERBS, ImportChange
from app.people.models import City, Guardianship, ImportRun, Institution, MedicalNote, Person
from app.people.words import meant_by
from app.web.paging import Page, page_of

PEOPLE_AT_ONCE = 100
DIFFERENCES = 50
STANDING = Guardianship.ended_at.is_(None)


def children_of(guardian_id: str) -> list[Person]:
    """The children for whom this person decides, the eldest first."""
    query = (
        select(Person)
        .join(Guardianship, Guardianship.child_id == Person.id)
        .where(Guardianship.guardian_id == guardian_id, STANDING, Person.deactivated_at.is_(None))
        .order_by(Person.birth_date, Person.name_sort, Person.id)
    )
    return list(db.session.scalars(query))


def guardians_of(child_id: str) -> list[Person]:
    """The adults who decide for this child."""
    query = (
        select(Person)
        .join(Guardianship, Guardianship.guardian_id == Person.id)
        .where(Guardianship.child_id == child_id, STANDING, Person.deactivated_at.is_(None))
        .order_by(Person.name_sort, Person.id)
    )
    return list(db.session.scalars(query))


def readers_of(address: str) -> list[Person]:
    """Our people who read this address; a family may share one."""
    query = select(Person).where(Person.email == address.lower(), Person.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(Person.name_sort, Person.id)))


def may_decide_for(guardian_id: str, child_id: str) -> bool:
    """Whether this person is a guardian of that child today."""
    query = select(Guardianship.id).where(
        Guardianship.guardian_id == guardian_id, Guardianship.child_id == child_id, STANDING
    )
    return db.session.scalar(query.limit(1)) is not None


def person_visible(actor: Actor, person_id: str) -> Person:
    """The person, if the actor may know of them: oneself, one's child, somebody of one's city; raises NotFound."""
    person = db.session.scalar(visible_people(actor).where(Person.id == person_id))
    if person is None:
        raise NotFound
    return person


def visible_people(actor: Actor) -> Select[Person]:
    """Everybody of whom the actor may know; erased people are known to nobody."""
    return select(Person).where(Person.erased_at.is_(None), _visible_to(actor))


def search_people(actor: Actor, q: str = "", *, city: str | None = None, kind: str | None = None) -> Select[Person]:
    """The visible people who match: each word of `q` begins a name or the personnel number, or all of it an e-mail."""
    query = visible_people(actor)
    if city:
        query = query.where(Person.city == city)
    if kind:
        query = query.where(Person.kind == kind)
    return query.where(meant_by(q)) if q.strip() else query


def cities() -> Sequence[City]:
    """All cities."""
    return db.session.scalars(select(City).order_by(City.slug)).all()


def institutions() -> Sequence[Institution]:
    """All institutions that still send people."""
    return db.session.scalars(
        select(Institution).where(Institution.deactivated_at.is_(None)).order_by(Institution.slug)
    ).all()


def institution_named(slug: str) -> Institution:
    """The institution of this short name; raises NotFound."""
    found = db.session.scalar(select(Institution).where(Institution.slug == slug))
    if found is None:
        raise NotFound
    return found


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    where = actor.cities(COORDINATOR, SAFETY_OFFICER)
    if where is None:
        return Person.id.is_not(None)
    own = select(Guardianship.child_id).where(Guardianship.guardian_id == actor.person_id, STANDING)
    guarded = aliased(Person)
    of_the_city = (
        select(Guardianship.child_id)
        .join(guarded, guarded.id == Guardianship.guardian_id)
        .where(guarded.city.in_(where), STANDING)
    )
    conditions = [Person.id == actor.person_id, Person.id.in_(own)]
    if where:
        conditions += [Person.city.in_(where), Person.id.in_(of_the_city)]
    return or_(*conditions)


def own_child(actor: Actor, child_id: str) -> Person:
    """The child, for whoever is its guardian; raises NotFound for everybody else."""
    child = db.session.get(Person, child_id)
    if not actor.person_id or child is None or child.deactivated_at or not may_decide_for(actor.person_id, child_id):
        raise NotFound
    return child


def note_of(person: Person) -> MedicalNote | None:
    """The note of health: only for guardians and for those who lead the group."""
    return db.session.get(MedicalNote, person.id)


def has_note(person: Person) -> bool:
    """Whether there is a note of health, without reading it."""
    return db.session.scalar(select(MedicalNote.person_id).where(MedicalNote.person_id == person.id)) is not None


def people_page(actor: Actor, *, q: str, city: str, kind: str, cursor: str | None) -> Page[Person]:
    """The visible people who match, in the order of the Kazakh alphabet, those who left at their place too."""
    query = search_people(actor, q, city=city or None, kind=kind or None)
    return page_of(db.session(), query, (Person.name_sort, Person.id), cursor=cursor, limit=PEOPLE_AT_ONCE)


def cities_of(actor: Actor, *roles: str) -> list[City]:
    """The cities where one of these roles is the actor's; all cities if none is named."""
    where = actor.cities(*roles) if roles else None
    return [city for city in cities() if where is None or city.slug in where]


def institutions_of(actor: Actor) -> list[Institution]:
    """The institutions of the cities that the actor coordinates."""
    where = actor.cities(COORDINATOR)
    return [row for row in institutions() if where is None or row.city in where]


def institution_to_manage(actor: Actor, institution_id: str) -> Institution:
    """One of them; raises NotFound."""
    found = next((row for row in institutions_of(actor) if row.id == institution_id), None)
    if found is None:
        raise NotFound
    return found


def institution_of(institution_id: str | None) -> Institution | None:
    """The institution that sends somebody."""
    return db.session.get(Institution, institution_id) if institution_id else None


def import_visible(actor: Actor, run_id: str) -> ImportRun:
    """The run, for coordinators of its city; raises NotFound."""
    run = db.session.get(ImportRun, run_id)
    if run is None or not actor.holds(COORDINATOR, city=run_city(run) or ""):
        raise NotFound
    return run


def run_city(run: ImportRun) -> str | None:
    """The city whose people a run reads."""
    institution = institution_of(run.institution_id)
    return run.city or (institution.city if institution else None)


def latest_imports(actor: Actor) -> list[ImportRun]:
    """The last runs that the actor may see."""
    query = select(ImportRun).order_by(ImportRun.started_at.desc(), ImportRun.id).limit(30)
    where = actor.cities(COORDINATOR)
    rows = db.session.scalars(query)
    return [run for run in rows if where is None or run_city(run) in where][:10]


def differences_of(
    run: ImportRun, *, verb: str | None, cursor: str | None, limit: int = DIFFERENCES
) -> Page[ImportChange]:
    """What a file changes, in the order of its rows, then who leaves; of one kind alone if asked."""
    query = select(ImportChange).where(ImportChange.run_id == run.id)
    if verb in VERBS:
        query = query.where(ImportChange.verb == verb)
    return page_of(db.session(), query, [ImportChange.number], cursor=cursor, limit=limit)
