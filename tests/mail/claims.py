"""Many workers over one outbox, for any database: nobody gets what another has."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from flask import Flask

from app.db import db
from app.mail import claiming
from app.mail.models import Mail
from app.mail.outbox import Recipient, mail_row, queue_mails

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=UTC)
LETTERS = 400


def race(app: Flask, *, workers: int = 6) -> None:
    """Workers claim small batches at once; each letter is claimed once, put down once, and counted once."""
    to = Recipient("nurlan@torangy.example", "Нұрлан", "kk")
    rows = [
        mail_row(key=f"k{number}", template="t/m", to=to, context={"n": number}, now=NOW) for number in range(LETTERS)
    ]
    assert queue_mails(rows) == LETTERS
    assert queue_mails(rows[:10]) == 0

    def work(number: int) -> list[str]:
        mine = []
        with app.app_context():
            more = True
            while more:
                mails, more = claiming.claim(f"worker-{number}", now=NOW, limit=7)
                mine += [mail.id for mail in mails if claiming.put_sent(mail.id, f"worker-{number}", now=NOW)]
            db.session.remove()
        return mine

    with ThreadPoolExecutor(workers) as pool:
        claimed = [mail_id for mine in pool.map(work, range(workers)) for mail_id in mine]
    while claiming.claim("last", now=NOW, limit=50)[0]:  # a row that others had locked is nobody's yet
        pass
    db.session.expire_all()
    counts = Counter(claimed)
    assert max(counts.values()) == 1
    sent = db.session.query(Mail).filter_by(status="sent", attempts=1).count()
    left = db.session.query(Mail).filter_by(status="sending", lease="last").count()
    assert sent == len(claimed)
    assert sent + left == LETTERS


def take_over(app: Flask) -> None:
    """A lease that ran out goes to the next; what the first says afterwards changes nothing."""
    to = Recipient("nurlan@torangy.example", "Нұрлан", "kk")
    queue_mails([mail_row(key="orphan", template="t/m", to=to, context={}, now=NOW)])
    (mail,), _ = claiming.claim("first", now=NOW, limit=5)
    assert claiming.claim("second", now=NOW, limit=5) == ([], False)
    (again,), _ = claiming.claim("second", now=NOW + claiming.LEASE, limit=5)
    assert (again.id, again.attempts) == (mail.id, 2)
    assert not claiming.put_sent(mail.id, "first", now=NOW)
    assert not claiming.put_back(mail.id, "first", attempts=1, why="451", now=NOW)
    assert claiming.put_sent(mail.id, "second", now=NOW)
