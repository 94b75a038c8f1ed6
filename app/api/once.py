"""Idempotency-Key: a POST that is sent again gets the answer that it got, and nothing is done twice.

The key is claimed in the transaction of the change itself: both are kept, or neither. A second request with the same
key waits for the first one's end. A refusal is not remembered: sent again, it is tried again.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, make_response, request
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.exceptions import BadRequest

from app import clock
from app.api.models import IdempotencyKey
from app.db import transaction
from app.errors import N_, DomainError, Invalid
from app.web.actor import current_actor

HEADER = "Idempotency-Key"
LONGEST = 100
# Long work that died without an answer may be begun anew after this.
GIVEN_UP_AFTER = timedelta(minutes=15)

P = ParamSpec("P")


class KeyUsedOtherwise(DomainError):
    """The same key came with another body or to another address."""

    type = "idempotency-key-reused"
    title = N_("This key was used for something else")
    message = N_("This Idempotency-Key came before with another request. Make a new key for a new request.")
    status = 422


class StillWorking(DomainError):
    """The first request with this key has not ended."""

    type = "still-working"
    title = N_("Still working")
    message = N_("The first request with this Idempotency-Key is still being worked on. Ask again in a moment.")


def once(view: Callable[P, Any]) -> Callable[P, Any]:
    """For a POST that is one transaction: claim, change and answer are kept together."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Any:
        key = _key()
        if key is None:
            return view(*args, **kwargs)
        with transaction():
            known = _claim(key, now=clock.now())
            if known is not None:
                return _answer(known)
            response = make_response(view(*args, **kwargs))
            _keep(key, response)
            return response

    return answered


def once_apart(view: Callable[P, Any]) -> Callable[P, Any]:
    """For long work in many transactions: the key is claimed before and the answer kept after it."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Any:
        key = _key()
        if key is None:
            return view(*args, **kwargs)
        with transaction():
            known = _claim(key, now=clock.now())
        if known is not None:
            return _answer(known)
        try:
            response = make_response(view(*args, **kwargs))
        except BaseException:
            _forget(key)
            raise
        _keep(key, response)
        return response

    return answered


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise Invalid({HEADER: N_("A key has 1 to 100 plain letters, digits and signs.")})
    return key


def _claim(key: str, *, now: datetime) -> IdempotencyKey | None:
    """None when the key is ours from now on; else the row that stands. Waits where another request holds it."""
    values = {"account_id": current_actor().account_id, "key": key, "request_hash": _request_hash(), "created_at": now}
    with transaction() as session:
        session.execute(
            _mine(delete(IdempotencyKey), key).where(
                IdempotencyKey.status.is_(None), IdempotencyKey.created_at < now - GIVEN_UP_AFTER
            )
        )
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(IdempotencyKey).values(values).on_conflict_do_nothing()
        if session.execute(statement.returning(IdempotencyKey.key)).first():
            return None
        return session.scalars(_mine(select(IdempotencyKey), key).execution_options(populate_existing=True)).one()


def _keep(key: str, response: Response) -> None:
    answer = {"body": response.get_json(), "location": response.headers.get("Location")}
    with transaction() as session:
        session.execute(_mine(update(IdempotencyKey), key).values(status=response.status_code, answer=answer))


def _forget(key: str) -> None:
    with transaction() as session:
        session.execute(_mine(delete(IdempotencyKey), key))


def _answer(known: IdempotencyKey) -> Response:
    if known.request_hash != _request_hash():
        raise KeyUsedOtherwise
    if known.status is None or known.answer is None:
        raise StillWorking
    response = make_response(known.answer["body"], known.status)
    if known.answer["location"]:
        response.headers["Location"] = known.answer["location"]
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _mine(statement: Any, key: str) -> Any:
    return statement.where(IdempotencyKey.account_id == current_actor().account_id, IdempotencyKey.key == key)


def _request_hash() -> str:
    """What is asked, whatever the order of its fields or the boundary between its files."""
    asked: list[Any] = [request.method, request.full_path]
    if request.is_json:
        asked.append(_body())
    else:
        asked += [sorted(request.form.items(multi=True)), [_file(name) for name in sorted(request.files)]]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _body() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError as error:
        raise BadRequest from error


def _file(name: str) -> list[str]:
    file = request.files[name]
    digest = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    return [name, digest]
