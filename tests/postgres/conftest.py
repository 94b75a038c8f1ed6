"""A throwaway cluster for the run; each test that asks gets an empty database of its own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url, text

from app.db import new_id
from tests.postgres.cluster import throwaway_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a running PostgreSQL."""
    with throwaway_cluster() as url:
        yield url


@pytest.fixture
def database_url(cluster: str) -> Iterator[str]:
    """An empty database, dropped afterwards."""
    name = f"t_{new_id()}"
    engine = create_engine(cluster, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(cluster).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
