"""Which mail domains many of our people have: whoever types one of these has made no slip."""

from datetime import datetime

from sqlalchemy import func, select

from app.db import db
from app.people.models import Person

MANY = 5
AT_MOST = 50


def domains_in_use(*, before: datetime | None = None) -> list[str]:
    """The domains of at least five people (known before that moment), the most usual first."""
    if db.session.get_bind().dialect.name == "postgresql":
        domain = func.split_part(Person.email, "@", 2)
    else:
        domain = func.substr(Person.email, func.instr(Person.email, "@") + 1)
    known = [Person.email.is_not(None), *([Person.created_at < before] if before else [])]
    counted = select(domain).where(*known).group_by(domain).having(func.count() >= MANY)
    return list(db.session.scalars(counted.order_by(func.count().desc(), domain).limit(AT_MOST)))
