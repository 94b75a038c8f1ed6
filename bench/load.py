"""Clients in processes of their own: each holds many connections and sends on each one request after another."""

import multiprocessing
import selectors
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
PATIENCE = 60  # seconds; who hears nothing for so long counts as an error


@dataclass(frozen=True)
class Request:
    """One request; body is form-encoded bytes, None for GET."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def as_bytes(self) -> bytes:
        """As it goes over the wire, built before the clock starts."""
        method, body = ("GET", b"") if self.body is None else ("POST", self.body)
        lines = [f"{method} {self.path} HTTP/1.1", f"Host: {HOST}", *(f"{k}: {v}" for k, v in self.headers.items())]
        lines += [f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Outcome:
    """How many answers of each status came, in how many seconds of wall time, and how long each took (seconds)."""

    statuses: Counter[int]
    seconds: float
    waits: Sequence[float] = ()

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds

    @property
    def p50(self) -> float:
        """Seconds within which every second one had their answer."""
        return sorted(self.waits)[len(self.waits) // 2] if self.waits else 0.0

    @property
    def p95(self) -> float:
        """Seconds within which 95 of 100 had their answer."""
        return sorted(self.waits)[int(len(self.waits) * 0.95)] if self.waits else 0.0


def fire(port: int, requests: Sequence[Request], *, processes: int = 2, connections: int = 50) -> Outcome:
    """Sends all requests over so many connections, which the processes share and which start together."""
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(processes + 1), context.Queue()
    each = max(1, connections // processes)
    shares = [[request.as_bytes() for request in requests[number::processes]] for number in range(processes)]
    clients = [context.Process(target=_client, args=(port, share, each, barrier, results)) for share in shares]
    for client in clients:
        client.start()
    barrier.wait()
    begin = time.perf_counter()
    statuses: Counter[int] = Counter()
    waits: list[float] = []
    for _ in clients:
        counted, waited = results.get(timeout=300)
        statuses += counted
        waits += waited
    seconds = time.perf_counter() - begin
    for client in clients:
        client.join()
    return Outcome(statuses, seconds, waits)


class _Connection:
    """One socket that is kept alive; a line that breaks counts as status 0."""

    def __init__(self, port: int, waiting: list[bytes]) -> None:
        self.waiting = waiting
        self.socket = socket.create_connection((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self.heard = b""

    def send_next(self) -> bool:
        """Sends the next request; False when none is left."""
        if not self.waiting:
            return False
        self.heard, self.sent_at = b"", time.perf_counter()
        self.socket.sendall(self.waiting.pop())
        return True

    def hear(self) -> int | None:
        """Reads what came; the status once the answer is whole, None before."""
        came = self.socket.recv(262_144)
        self.heard += came
        if not came:
            self.waiting.clear()
            return 0
        head, found, body = self.heard.partition(b"\r\n\r\n")
        if not found:
            return None
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            whole = body.endswith(b"0\r\n\r\n")
        else:
            length = lower.partition(b"content-length:")[2].partition(b"\r\n")[0]
            whole = len(body) >= int(length or 0)
        return int(head[9:12]) if whole else None


def _client(port: int, requests: list[bytes], count: int, barrier, results) -> None:  # type: ignore[no-untyped-def]
    statuses: Counter[int] = Counter()
    waits: list[float] = []
    chosen = selectors.DefaultSelector()
    lines = [_Connection(port, requests) for _ in range(min(count, len(requests)))]
    barrier.wait()
    for line in lines:
        line.send_next()
        chosen.register(line.socket, selectors.EVENT_READ, line)
    while chosen.get_map():
        ready = chosen.select(PATIENCE)
        if not ready:
            statuses[0] += len(chosen.get_map())
            break
        for key, _ in ready:
            status = key.data.hear()
            if status is None:
                continue
            statuses[status] += 1
            waits.append(time.perf_counter() - key.data.sent_at)
            if not key.data.send_next():
                chosen.unregister(key.data.socket)
                key.data.socket.close()
    results.put((statuses, waits))
