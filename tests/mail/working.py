"""A sender of its own process for tests that kill it; ends when its standard input does.

python -m tests.mail.working INSTANCE DATABASE_URL SMTP_PORT CONNECTIONS [POISON] [LEASE]
"""

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

from app import clock, create_app
from app.mail import bag, claiming, senders
from app.mail.press import Press
from app.mail.rendering import Claimed, Ready
from app.mail.senders import Sender
from tests.conftest import test_settings


def main(instance: str, database: str, port: str, connections: str, poison: str = "", lease: str = "") -> None:
    """`poison` is an address whose letter kills whoever writes it; `lease` are the seconds for which it holds letters,
    renewed four times within them."""
    if lease:
        seconds = float(lease)
        claiming.LEASE, bag.NEEDED = timedelta(seconds=seconds), seconds / 4
        senders.BETWEEN_RENEWALS = seconds / 4
    settings = test_settings(Path(instance), MAIL_SERVER="127.0.0.1", MAIL_PORT=port, DATABASE_URL=database)
    app = create_app(settings)
    sender = Sender(app, connections=int(connections), own_time=clock.now)

    def listen() -> None:
        sys.stdin.buffer.read()
        sender.stopping.set()

    if poison:
        sender.press = Deadly(sender.press, poison)  # type: ignore[assignment]
    threading.Thread(target=listen, daemon=True).start()
    os._exit(0 if sender.run() else 1)


class Deadly:
    """A press that one letter kills."""

    def __init__(self, press: Press, poison: str) -> None:
        self.press, self.poison = press, poison

    def written(self, mail: Claimed, **more: object) -> Ready:
        if mail.recipient == self.poison:
            os._exit(9)
        return self.press.written(mail, **more)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(*sys.argv[1:])
