"""A mail server that takes every letter and keeps only their number: `python -m bench.sink PORT`.

Lean on purpose: a whole SMTP library takes a millisecond a letter, a third of what two cores have for everything. Says
`sink N` to VRFY: how many letters it has taken, and how many seconds of its processor that took.
"""

import asyncio
import sys
import time
from contextlib import suppress

END = b"\r\n.\r\n"
CAN = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


class Line(asyncio.Protocol):
    """One conversation."""

    taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greets."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.waiting, self.in_letter = transport, bytearray(), False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answers all that is whole, in one go."""
        self.waiting += data
        answers = b""
        while (answer := self._next()) is not None:
            answers += answer
        if answers:
            self.transport.write(answers)

    def _next(self) -> bytes | None:
        end = self.waiting.find(END if self.in_letter else b"\r\n")
        if end < 0:
            return None
        verb = bytes(self.waiting[:4]).upper()
        del self.waiting[: end + (len(END) if self.in_letter else 2)]
        if self.in_letter:
            Line.taken += 1
            self.in_letter = False
            return b"250 OK\r\n"
        if verb == b"DATA":
            self.in_letter = True
            return b"354 go on\r\n"
        if verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
            return None
        return {b"EHLO": CAN, b"VRFY": f"250 sink {Line.taken} {time.process_time():.3f}\r\n".encode()}.get(
            verb, b"250 OK\r\n"
        )


async def listen(port: int) -> None:
    """Until it is stopped."""
    server = await asyncio.get_running_loop().create_server(Line, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(listen(int(sys.argv[1])))
