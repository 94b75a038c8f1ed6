"""What a phone's camera sees, as a film for Chromium's fake camera: tickets held before it one after another."""

from collections.abc import Iterable
from pathlib import Path

import segno

WIDTH, HEIGHT, RATE = 640, 480, 10
WHITE, BLACK, GREY = 235, 16, 128
MODULE = 9


def film(path: Path, scenes: Iterable[tuple[str, float]]) -> list[str]:
    """Writes a film (Y4M) of these codes, each for so many seconds, "" being an empty table; it runs in a loop.

    Returns the flags for a Chromium that takes it for its camera.
    """
    colours = bytes([GREY]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for text, seconds in scenes:
            picture = b"FRAME\n" + (_ticket(text) if text else bytes([GREY]) * (WIDTH * HEIGHT)) + colours
            file.write(picture * round(seconds * RATE))
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]


def _ticket(text: str) -> bytes:
    """A code on white paper in the middle of a grey table."""
    rows = [bytes(row) for row in segno.make(text, error="m").matrix_iter(scale=MODULE, border=4)]
    left, top = (WIDTH - len(rows[0])) // 2, (HEIGHT - len(rows)) // 2
    lines = [bytes([GREY]) * WIDTH] * HEIGHT
    for number, row in enumerate(rows):
        paper = bytes(BLACK if module else WHITE for module in row)
        lines[top + number] = bytes([GREY]) * left + paper + bytes([GREY]) * (WIDTH - left - len(paper))
    return b"".join(lines)
