"""What opens a door to whoever holds it is covered before anybody but the reader sees a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import ID_LETTERS
from app.mail.masking import is_secret, masked_calendar, masked_html, masked_text, opens_a_door

OWN = "https://events.example.kz"
ID = "8h8jc39875c8jnfw"
SIGNED = "WzE4OTM0NTYwMDAseyJwIjoiYSJ9XQ.c2lnbmF0dXJlLW9mLWEtbGluaw"


@pytest.mark.parametrize(
    "path", ["", "/", "/my", f"/events/{ID}", f"/events/{ID}/tasks", "/me/delegation", "/events.ics"]
)
def test_links_that_name_only_an_event_or_a_list_stay(path):
    assert not opens_a_door(OWN + path, own=OWN)


@pytest.mark.parametrize(
    "path",
    [
        f"/activation/{SIGNED}", f"/consents/{SIGNED}", f"/offers/{SIGNED}", f"/hosts/{SIGNED}", "/invitations/short",
        "/tickets/BCDFGHJK", f"/mail/unsubscriptions/{SIGNED}", f"/people/{'b' * 32}/events.ics", f"/events/{ID}?key=1",
        f"/my/{SIGNED}", "/anything-new/x", f"/events/{ID}#{SIGNED}", f"/EVENTS/../activation/{SIGNED}",
    ],
)  # fmt: skip
def test_every_other_link_of_ours_is_taken_for_a_key(path):
    assert opens_a_door(OWN + path, own=OWN)


def test_links_of_others_stay_unless_they_carry_something_as_long_as_a_key():
    assert not opens_a_door("https://2gis.kz/balkhash/geo/70030076170484846", own=OWN)
    assert opens_a_door(f"http://old.example.kz/consents/{SIGNED}", own=OWN), "our address before it changed"
    assert opens_a_door("https://aigul:secret@example.kz/", own=OWN)
    assert opens_a_door("https://[broken", own=OWN)


def test_a_page_keeps_its_looks_and_leads_nowhere():
    page = (
        f'<a href="{OWN}/offers/{SIGNED}" style="x">Yes</a> {OWN}/offers/{SIGNED} <a href="{OWN}/my">Mine</a>'
        ' <a href="tel:+77010000000">Call</a> <a href="javascript:alert(1)">!</a>'
    )
    shown = masked_html(page, own=OWN, instead="[for <you>]")
    assert SIGNED not in shown and "javascript" not in shown
    assert shown.startswith('<a href="#" style="x">Yes</a> [for &lt;you&gt;] <a href="https://events.example.kz/my">')
    assert 'href="tel:+77010000000"' in shown


def test_a_folded_line_of_a_calendar_hides_nothing():
    file = f"BEGIN:VEVENT\r\nURL:{OWN}/offers/{SIGNED[:20]}\r\n {SIGNED[20:]}\r\nEND:VEVENT\r\n"
    assert masked_calendar(file, own=OWN, instead="[-]") == "BEGIN:VEVENT\r\nURL:[-]\r\nEND:VEVENT\r\n"


def test_letters_about_logging_in_are_secret_as_a_whole():
    assert is_secret("access/password") and not is_secret("signups/confirmed")


@given(st.text(alphabet=ID_LETTERS + "ABCDEFGH_-.", min_size=24, max_size=80), st.sampled_from(["", "&amp;", "?", "#"]))
def test_no_long_word_survives_in_a_link_whatever_stands_before_it(key, before):
    for host in (OWN, "https://elsewhere.example"):
        text = f"Go: {host}/x/{before}{key} now"
        assert key not in masked_text(text, own=OWN, instead="[-]")
