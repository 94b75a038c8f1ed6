"""Clients in processes of their own: each keeps one connection and sends its requests one after another."""

import http.client
import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """One request; body is form-encoded bytes, None for GET."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Outcome:
    """How many answers of each status came, in how many seconds of wall time."""

    statuses: Counter[int]
    seconds: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds


def fire(port: int, requests: Sequence[Request], *, processes: int = 8) -> Outcome:
    """Sends all requests, spread over the processes, which start together."""
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(processes + 1), context.Queue()
    shares = [list(requests[number::processes]) for number in range(processes)]
    clients = [context.Process(target=_client, args=(port, share, barrier, results)) for share in shares]
    for client in clients:
        client.start()
    barrier.wait()
    begin = time.perf_counter()
    statuses: Counter[int] = Counter()
    for _ in clients:
        statuses += results.get(timeout=300)
    seconds = time.perf_counter() - begin
    for client in clients:
        client.join()
    return Outcome(statuses, seconds)


def _client(port: int, requests: list[Request], barrier, results) -> None:  # type: ignore[no-untyped-def]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    statuses: Counter[int] = Counter()
    barrier.wait()
    for request in requests:
        try:
            connection.request("GET" if request.body is None else "POST", request.path, request.body, request.headers)
            answer = connection.getresponse()
            answer.read()
            statuses[answer.status] += 1
        except OSError:
            statuses[0] += 1
            connection.close()
    results.put(statuses)
