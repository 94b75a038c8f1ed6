"""A worker of its own process for tests that kill it: delivers what is due and ends when nothing is.

python -m tests.mail.working INSTANCE SMTP_PORT MINUTES_LATER
"""

import sys
from datetime import timedelta
from pathlib import Path

from app import clock, create_app
from app.mail.delivery import deliver_batch
from app.mail.smtp import Post
from tests.conftest import test_settings


def main(instance: str, port: str, minutes: str) -> None:
    """Minutes later: as if the lease of whoever died had run out."""
    settings = test_settings(Path(instance), MAIL_SERVER="127.0.0.1", MAIL_PORT=port)
    app = create_app(settings)
    with app.app_context(), Post(app.config) as post:
        while deliver_batch(post, now=clock.now() + timedelta(minutes=int(minutes))):
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
