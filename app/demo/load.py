"""The demo: the Torangy programme as sample data.

Real, from data/torangy-2023.json: cities, sites, institutions, gift items, the programmes of 2022-2023 with their
events, results, costs and plans, and the working visit with its instructions (facts.py).
Invented: all people (data/hr, read by the importer as any file is), the logins (logins.py), and the season around
today with its sign-ups, stock and one day that is behind us (samples.py). It has no results or costs, so that the
report shows the real ones alone.
"""

from datetime import datetime

from sqlalchemy import func, select

from app.consents.operations import install_first_texts
from app.db import db, transaction
from app.demo.facts import add_facts, have_facts
from app.demo.groups import add_groups
from app.demo.logins import add_logins, have_logins
from app.demo.people import import_people
from app.demo.planning import add_checklists
from app.demo.samples import add_samples, have_samples
from app.events.models import Event
from app.people.models import Person


def load_demo(*, now: datetime) -> dict[str, int]:
    """Loads what isn't there yet and says how much there is: {people, events}. A second time changes nothing."""
    install_first_texts(now=now)
    if not have_facts():
        with transaction() as session:
            add_facts(session, now=now)
    import_people(now=now)
    if not have_logins():
        with transaction() as session:
            add_logins(session, now=now)
    if not have_samples():
        with transaction() as session:
            add_samples(session, now=now)
            add_groups(session, now=now)
            add_checklists(now=now)
    people = db.session.scalar(select(func.count()).select_from(Person)) or 0
    events = db.session.scalar(select(func.count()).select_from(Event)) or 0
    return {"people": people, "events": events}
