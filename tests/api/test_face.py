"""What all calls share: tokens, problems in the caller's language, cursors, the document."""

import base64

import pytest
from openapi_spec_validator import validate

from tests import factories
from tests.access.logins import with_password

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.full
def test_the_document_is_valid_openapi_and_names_every_call(stranger, app):
    answer = stranger.get("/openapi.json")
    document = answer.json
    validate(document)
    assert document["openapi"].startswith("3.1")
    described = {(path, method.upper()) for path, calls in document["paths"].items() for method in calls}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "openapi":
            path = rule.rule.replace("<", "{").replace(">", "}")
            assert {(path, method) for method in rule.methods - {"HEAD", "OPTIONS"}} <= described
    names = [
        call["operationId"] for calls in document["paths"].values() for call in calls.values() if "operationId" in call
    ]
    assert len(names) == len(set(names))


@pytest.mark.full
def test_every_call_refuses_strangers_and_forged_tokens(stranger, app):
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or rule.endpoint == "openapi":
            continue
        path = rule.rule.removeprefix("/api/v1").replace("<", "").replace(">", "")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            for headers in ({}, {"Authorization": "Bearer forged"}, {"Authorization": "Basic YTpi"}):
                answer = stranger(method, path, headers=headers)
                assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), (method, path)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_forged_token_is_refused_where_strangers_may_look(stranger):
    assert stranger.get("/openapi.json", headers={"Authorization": "Bearer forged"}).status_code == 401


def test_a_browsers_cookie_counts_for_nothing(log_in):
    browser = log_in(factories.admin())
    assert browser.get("/api/v1/people").status_code == 401
    assert browser.post("/api/v1/programmes", json={"name": {"en": "X"}, "year": 2030}).status_code == 401


def test_a_token_opens_no_page(program):
    nurlan = program(factories.employee())
    answer = nurlan.client.get("/me", headers=nurlan.headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def test_calls_need_no_csrf_token_but_pages_do(app, program):
    admin = program(factories.admin())
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert admin.post("/programmes", json={"name": {"en": "Clean Coast"}, "year": 2030}).status_code == 201
        assert admin.client.post("/login", data={"login": "x", "password": "y"}).status_code in (400, 422)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize(("asked", "word"), [("ru", "поле"), ("en", "required"), ("kk", "")])
def test_problems_are_in_the_language_that_is_asked_for(program, asked, word):
    answer = program(factories.admin()).post("/sites", json={}, headers={"Accept-Language": asked})
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"name", "city"}
    assert answer.json["type"] == "invalid" and answer.json["status"] == 422


def test_what_is_not_there_is_a_problem_too(program, stranger):
    nurlan = program(factories.employee())
    for answer in (nurlan.get("/nothing"), nurlan.get("/events/nothing"), nurlan.get("/events/%00")):
        assert (answer.status_code, answer.mimetype, answer.json["type"]) == (
            404,
            "application/problem+json",
            "not-found",
        )
    wrong = nurlan("PUT", "/sites")
    assert (wrong.status_code, set(wrong.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS", "POST"})
    assert stranger.client.get("/nothing").mimetype == "text/html"


@pytest.mark.parametrize("body", ['{"name": ', "[1]", "null", '"x"', ""])
def test_a_body_that_is_no_object_is_refused(program, body):
    answer = program(factories.admin()).post("/sites", data=body, content_type="application/json")
    assert (answer.status_code in (400, 422), answer.mimetype) == (True, "application/problem+json")


@pytest.mark.parametrize("city", ["a\u0000b", "\ud800", "x" * 100, 7, None, ["balkhash"]])
def test_words_that_no_database_holds_are_refused(program, city):
    answer = program(factories.admin()).post("/sites", json={"name": {"en": "Coast"}, "city": city})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["city"])


def test_a_list_comes_in_parts_that_together_are_all_of_it(program):
    admin = program(factories.admin())
    for number in range(5):
        factories.programme(f"p{number}")
    seen, cursor = [], ""
    while cursor is not None:
        part = admin.get(f"/programmes?limit=2&cursor={cursor}" if cursor else "/programmes?limit=2").json
        seen += [item["slug"] for item in part["items"]]
        cursor = part["next"]
    assert seen == [f"p{number}" for number in range(5)]


HALF_A_LETTER = "cursor=" + base64.urlsafe_b64encode(rb'["\ud800", "a"]').decode()


@pytest.mark.parametrize(
    "query", ["cursor=forged", "limit=0", "limit=501", "limit=many", "cursor=WyJhIl0", HALF_A_LETTER]
)
def test_a_forged_cursor_and_a_wrong_limit_are_refused(program, query):
    answer = program(factories.admin()).get(f"/programmes?{query}")
    assert (answer.status_code, "errors" in answer.json) == (422, True)


@pytest.mark.full
def test_a_password_opens_nothing_here(stranger):
    nurlan = factories.employee()
    with_password(nurlan)
    assert stranger.get("/people", headers={"Authorization": f"Bearer {nurlan.email}"}).status_code == 401


@pytest.mark.parametrize("body", ["[" * 100_000, '{"capacity": ' + "9" * 6000 + "}"])
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "once"}])
def test_json_that_nobody_writes_is_not_understood(program, body, headers):
    answer = program(factories.admin()).post("/events", data=body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
