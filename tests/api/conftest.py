"""A program with a token: `program(aigul).post("/people", json={...})`."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.access.tokens import create_token
from app.accounts.actor import SYSTEM
from app.people.models import Person
from tests import factories


class Program:
    """Calls the JSON face, with a token or without."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """One call under /api/v1."""
        headers = self.headers | kwargs.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **kwargs)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Reads."""
        return self("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> TestResponse:
        """Changes."""
        return self("POST", path, **kwargs)


@pytest.fixture
def stranger(app: Flask) -> Program:
    """A program without a token."""
    return Program(app)


@pytest.fixture
def program(app: Flask) -> Callable[[Person], Program]:
    """A program that acts as this person."""

    def _program(person: Person) -> Program:
        account = factories.account(person)
        return Program(app, create_token(account, name="test", now=clock.now(), actor=SYSTEM))

    return _program
