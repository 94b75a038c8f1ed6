"""Real processes that click one button of a served page at the same moment. Nothing of the app is imported here."""

import multiprocessing
import re
from collections.abc import Sequence
from http.client import HTTPConnection
from multiprocessing.synchronize import Barrier
from typing import Any


def click_together(port: int, pages: Sequence[str], button: str) -> list[int]:
    """Each process opens its page, waits for the others, and sends the form of this button; returns the statuses."""
    context = multiprocessing.get_context("spawn")
    barrier, statuses = context.Barrier(len(pages)), context.Queue()
    clickers = [context.Process(target=_click, args=(port, page, button, barrier, statuses)) for page in pages]
    for clicker in clickers:
        clicker.start()
    found = [statuses.get(timeout=60) for _ in clickers]
    for clicker in clickers:
        clicker.join()
    assert all(isinstance(status, int) for status in found), found
    return sorted(found)


def _click(port: int, page: str, button: str, barrier: Barrier, statuses: Any) -> None:
    try:
        line = HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("GET", page)
        answer = line.getresponse()
        text = answer.read().decode()
        cookie = "; ".join(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie") or ())
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        assert answer.status == 200 and token, (answer.status, text[:500])
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        barrier.wait(40)
        line.request("POST", f"{page}{button}", body=f"csrf_token={token[1]}", headers=form)
        statuses.put(line.getresponse().status)
    except BaseException as error:
        barrier.abort()
        statuses.put(repr(error)[:2000])
