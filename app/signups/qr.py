"""The ticket's code as a drawing: pure."""

import segno

from app.mail.pictures import MASK


def qr_path(text: str) -> tuple[str, int]:
    """SVG path of the dark modules, one unit each, and the number of modules on a side (margin not counted)."""
    matrix = segno.make(text, error="m", micro=False, mask=MASK).matrix
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length + 1
    return "".join(runs), len(matrix)
