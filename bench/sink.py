"""A mail server that takes every letter and keeps only their number: `python -m bench.sink PORT`."""

import asyncio
import sys
from contextlib import suppress
from typing import Any

from aiosmtpd.controller import UnthreadedController


class Counter:
    """Takes and forgets."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        """Says yes."""
        return "250 OK"


def main(port: int) -> None:
    """Listens until it is stopped."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    UnthreadedController(Counter(), hostname="127.0.0.1", port=port, loop=loop).begin()
    with suppress(KeyboardInterrupt):
        loop.run_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
