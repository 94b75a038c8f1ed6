"""The figures in others' frames: only where it is allowed, without a script or a cookie. No other page is framed."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import SettingError, read_settings

CSP = "Content-Security-Policy"


def test_the_frame_stands_on_the_sites_that_are_named(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "frame-ancestors 'self';" in client.get("/impact/embed").headers[CSP] + ";"
    named = replace(app.config["TORANGY"], embed_hosts=("https://www.example.kz", "https://*.example.org"))
    monkeypatch.setitem(app.config, "TORANGY", named)
    policy = client.get("/impact/embed").headers[CSP]
    assert "frame-ancestors 'self' https://www.example.kz https://*.example.org" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy


def test_it_knows_no_visitor_and_runs_nothing(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/impact/embed?lang=en")
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.get_data(as_text=True)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["/", "/impact", "/impact/report", "/impact/picture.png", "/login", "/events/past"])
def test_no_other_page_can_be_framed(app: Flask, client: FlaskClient, path: str) -> None:
    assert "frame-ancestors 'none'" in client.get(path).headers[CSP]


def test_what_did_not_change_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    for path in ("/impact/embed?lang=kk", "/impact/picture.png?lang=kk"):
        first = client.get(path)
        assert first.headers["Cache-Control"] == "public, no-cache"
        assert "Accept-Language" in first.headers["Vary"], "without a language in the address it is the visitor's"
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "written", ["www.example.kz", "https://a.example/path", "https://a.example; script-src *", "*", "https://*"]
)
def test_a_site_that_is_none_stops_the_start(written: str) -> None:
    with pytest.raises(SettingError, match="EMBED_HOSTS"):
        read_settings({"EMBED_HOSTS": written, "TORANGY_INSTANCE": "/tmp"})


def test_sites_are_parted_by_commas_or_spaces() -> None:
    found = read_settings({"EMBED_HOSTS": "https://a.example, http://b.example:8080", "TORANGY_INSTANCE": "/tmp"})
    assert found.embed_hosts == ("https://a.example", "http://b.example:8080")
