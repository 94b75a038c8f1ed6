"""Keeping the words of events and sites: what they are called now is compared with what they were indexed as."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, delete, insert, literal, select

from app.db import connection, transaction
from app.events.models import Event, Programme, Site
from app.people.models import City
from app.people.names import fold
from app.people.words import LONGEST
from app.search.models import SearchSource, SearchWord

AT_ONCE = 500
SEPARATOR = "\n"


def index_titles(*, now: datetime) -> bool:
    """Writes the words of up to 500 events and sites that are called otherwise by now; says whether it found any."""
    found = False
    for kind, query in (("event", _events()), ("site", _sites())):
        if not connection().execute(query.limit(1)).first():
            continue  # looked at without the lock that sign-ups wait for
        with transaction():
            for row in connection().execute(query).all():
                _write(kind, row[0], row[1])
        found = True
    return found


def words_of(source: str) -> set[str]:
    """The folded words of several names in three languages, as the database joins them."""
    texts = [text for part in source.split(SEPARATOR) for text in json.loads(part).values()]
    return {word[:LONGEST] for word in fold(" ".join(texts)).split()}


def _events() -> Select[str, str]:
    names: list[ColumnElement[Any]] = [each.expression for each in (Event.title, Site.name, City.name, Programme.name)]
    query = _changed("event", Event.id.expression, names).select_from(Event)
    return query.join(Site, Site.id == Event.site_id).join(City, City.slug == Site.city).join(Event.programme)


def _sites() -> Select[str, str]:
    names: list[ColumnElement[Any]] = [Site.name.expression, City.name.expression]
    return _changed("site", Site.id.expression, names).select_from(Site).join(City, City.slug == Site.city)


def _changed(kind: str, object_id: ColumnElement[str], names: Sequence[ColumnElement[Any]]) -> Select[str, str]:
    """Those whose names, joined by the database, differ from their source."""
    joined: ColumnElement[str] = cast(names[0], Text)
    for name in names[1:]:
        joined = joined + SEPARATOR + cast(name, Text)
    same = and_(SearchSource.kind == kind, SearchSource.object_id == object_id, SearchSource.source == joined)
    stands = select(literal(1)).where(same).exists()
    return select(object_id, joined).where(~stands).limit(AT_ONCE)


def _write(kind: str, object_id: str, source: str) -> None:
    ours = {"kind": kind, "object_id": object_id}
    for model in (SearchWord, SearchSource):
        connection().execute(delete(model).where(model.kind == kind, model.object_id == object_id))
    words = [ours | {"word": word} for word in sorted(words_of(source))]
    if words:
        connection().execute(insert(SearchWord), words)
    connection().execute(insert(SearchSource), [ours | {"source": source}])
