"""The look, checked from its files: the dark set, contrast, fonts, and that no template needs what the CSP forbids."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
THEME = (STATIC / "theme.css").read_text()
TEMPLATES = ROOT / "templates"
PAGES = sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))
LETTERS = [
    page for page in PAGES if page.parts[1:2] == ("mail",) or page in (Path("mail/base.html"), Path("mail/_parts.html"))
]
ALPHABETS = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "₸–−«»…№·"
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)(?![^>]*application/ld\+json)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx code in an attribute": re.compile(r"\shx-on|\shx-vars", re.IGNORECASE),
    "a file from elsewhere": re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE),
}
# (foreground, background, least contrast, light and dark as LOOK.md gives them)
PAIRS = [
    ("ink", "paper", 4.5, 15.1, 15.1),
    ("ink", "sheet", 4.5, 16.6, 13.8),
    ("ink-soft", "paper", 4.5, 7.1, 9.1),
    ("ink-soft", "well", 4.5, 6.2, 7.1),
    ("copper", "paper", 4.5, 5.9, 8.6),
    ("copper", "sheet", 4.5, 6.5, 7.8),
    ("on-copper", "copper", 4.5, 6.6, 8.7),
    ("copper-deep", "copper-tint", 4.5, 7.3, 8.0),
    ("green", "paper", 4.5, 7.7, 9.7),
    ("green", "green-tint", 4.5, 6.9, 6.6),
    ("amber-text", "amber-tint", 4.5, 6.6, 7.8),
    ("red", "paper", 4.5, 6.9, 9.3),
    ("red", "sheet", 4.5, 7.6, 8.5),
    ("red", "red-tint", 4.5, 6.1, 7.2),
    ("on-mast", "mast", 4.5, 11.6, 13.8),
    ("mast-copper", "mast", 3, 6.3, 7.5),
    ("line", "paper", 3, 4.2, 5.7),
    ("line", "sheet", 3, 4.6, 5.2),
    ("lake", "paper", 3, 6.7, 9.8),
    ("green", "rule", 3, 5.3, 5.6),
]
DESK_PAIRS = [
    ("#ffffff", "desk-go", 8.0),
    ("desk-ink", "desk-look", 10.7),
    ("#ffffff", "desk-stop", 7.8),
    ("#ffffff", "desk-ink", 17.1),
]


def tokens(selector: str) -> dict[str, str]:
    """The custom properties of the first rule with that selector."""
    body = THEME.split(selector + "{", 1)[1].split("\n}", 1)[0]
    return dict(re.findall(r"--([\w-]+):((?:url\([^)]*\)|[^;])+);", body))


LIGHT = tokens(":root,[data-bs-theme=light]")
DARK = tokens("\n[data-bs-theme=dark]")
DARK_OF_SYSTEM = tokens(":root:not([data-bs-theme])")
DESK = dict(re.findall(r"--(desk-[\w-]+):(#\w+)", THEME))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast of two #rrggbb colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance by WCAG."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_dark_set_stands_twice_alike_and_answers_every_light_token() -> None:
    assert DARK == DARK_OF_SYSTEM, "the dark tokens stand twice in theme.css: change both"
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize(("front", "back", "least", "light", "dark"), PAIRS)
def test_contrast_holds_and_is_what_the_look_says(
    front: str, back: str, least: float, light: float, dark: float
) -> None:
    for palette, documented in ((LIGHT, light), (DARK, dark)):
        measured = contrast(palette[front], palette[back])
        assert measured >= least, f"{front} on {back}: {measured:.2f}"
        assert measured == pytest.approx(documented, abs=0.06), f"{front} on {back} is {measured:.2f}: mend LOOK.md"


@pytest.mark.parametrize(("front", "back", "documented"), DESK_PAIRS)
def test_the_desk_can_be_read_in_the_sun(front: str, back: str, documented: float) -> None:
    assert contrast(DESK.get(front, front), DESK[back]) == pytest.approx(documented, abs=0.06)


def font_faces() -> list[tuple[str, Path, str]]:
    """Weight, file and unicode-range of each @font-face."""
    found = re.findall(r"@font-face\{[^}]*font-weight:(\d+)[^}]*src:url\(([^)]+)\)[^}]*unicode-range:([^}]+)\}", THEME)
    return [(weight, STATIC / file, ranges) for weight, file, ranges in found]


def covers(ranges: str, letter: str) -> bool:
    """Whether a unicode-range holds the letter."""
    spans = (span.strip().removeprefix("U+").split("-") for span in ranges.split(","))
    return any(int(span[0], 16) <= ord(letter) <= int(span[-1], 16) for span in spans)


@pytest.mark.parametrize("weight", ["400", "700"])
def test_every_letter_of_the_three_languages_and_the_tenge_has_a_vendored_font(weight: str) -> None:
    faces = [(file, ranges) for face, file, ranges in font_faces() if face == weight]
    assert [file.name for file, _ in faces if not file.is_file()] == []
    missing = [
        letter for letter in ALPHABETS + ALPHABETS.lower() if not any(covers(ranges, letter) for _, ranges in faces)
    ]
    assert missing == [], "no @font-face of theme.css claims these: the page would fall back to another font"


@pytest.mark.parametrize("page", [page for page in PAGES if page not in LETTERS], ids=str)
def test_no_page_needs_what_the_csp_forbids(page: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", (TEMPLATES / page).read_text(), flags=re.DOTALL)
    broken = [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert broken == [], "put it into static/theme.css, or into an ES module beside static/app.js"


def test_the_styleguide_shows_every_part(client: FlaskClient) -> None:
    response = client.get("/styleguide")
    assert response.status_code == 200
    assert all(
        part in response.text for part in ("chip-offer", "seats-bar", "verdict-no", "is-wrong", "pickbar", "twig")
    )
