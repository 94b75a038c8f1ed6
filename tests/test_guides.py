"""What README and the guides point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_it_points_at_is_there(guide: Path):
    missing = [aim for aim in LINK.findall(guide.read_text()) if not (guide.parent / aim).exists()]
    assert not missing


def test_there_are_guides_with_pictures():
    assert len(GUIDES) > 8
    assert any(".png" in aim for guide in GUIDES for aim in LINK.findall(guide.read_text()))
