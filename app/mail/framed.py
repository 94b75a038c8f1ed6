"""A letter's HTML as an answer that can do nothing: no scripts, no requests, an origin of its own."""

from flask import Response

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


def framed(page: str | bytes) -> Response:
    """The page for a frame of ours; its pictures stand in it already."""
    return Response(page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": LETTER_POLICY})
