"""Finished pages are good for one version and, where time tells, until a moment. Pure."""

from datetime import UTC, datetime, timedelta

from app.impact.face.kept import Kept

NOW = datetime(2030, 5, 18, tzinfo=UTC)


def test_a_page_is_found_again_for_the_same_version_alone() -> None:
    kept: Kept[str] = Kept()
    assert kept.keep("kk", "page", "1") == "page"
    assert kept.find("kk", "1", now=NOW) == "page"
    assert kept.find("kk", "2", now=NOW) is None
    assert kept.find("ru", "1", now=NOW) is None


def test_a_page_ends_when_what_it_shows_is_over() -> None:
    kept: Kept[str] = Kept()
    kept.keep("kk", "page", "1", until=NOW + timedelta(hours=1))
    assert kept.find("kk", "1", now=NOW) == "page"
    assert kept.find("kk", "1", now=NOW + timedelta(hours=1)) is None


def test_whatever_was_longest_not_asked_for_makes_room() -> None:
    kept: Kept[int] = Kept(most=2)
    kept.keep("a", 1, "1")
    kept.keep("b", 2, "1")
    kept.find("a", "1", now=NOW)
    kept.keep("c", 3, "1")
    assert [kept.find(key, "1", now=NOW) for key in "abc"] == [1, None, 3]
