"""Many workers over one outbox, for any database: nobody gets what another has."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

from flask import Flask
from sqlalchemy import text

from app.db import db, transaction
from app.mail import claiming
from app.mail.models import Mail
from app.mail.outbox import Recipient, cancel_mails, mail_row, queue_mails
from app.mail.recorder import Outcome, Slip, What, record
from app.mail.sending_models import MailAttempt

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
                slips = [(letter.id, settled(letter)) for letter in mails]
                mine += [letter_id for letter_id, is_ours in slips if is_ours]
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


def renewed_and_called_back_meanwhile(app: Flask, *, letters: int = 1500) -> None:
    """Whoever puts letters down, whoever renews their leases and whoever calls them back."""
    to = Recipient("nurlan@torangy.example", "Нұрлан", "kk")
    queue_mails([mail_row(key=f"k{n}", template="t/m", to=to, context={}, now=NOW) for n in range(letters)])
    held, _ = claiming.claim("one", now=NOW, limit=letters)
    with transaction() as session:
        session.execute(text("ANALYZE mails"))

    def again(times: int, work: Callable[[int], object]) -> None:
        with app.app_context():
            for number in range(times):
                work(number)
            db.session.remove()

    def put_down(number: int) -> None:
        record([Slip([], hand=letter) for letter in Random(number).sample(held, 8)], now=NOW)

    with ThreadPoolExecutor(5) as pool:
        works = [pool.submit(again, 30, lambda _: claiming.renew(["one"], now=NOW)) for _ in range(2)]
        works.append(pool.submit(again, 30, lambda _: cancel_mails(key_prefix="k", now=NOW)))
        works += [pool.submit(again, 200, put_down) for _ in range(2)]
        for work in works:
            work.result()


def settled(letter: claiming.InHand, what: What = "sent") -> bool:
    """Takes it in hand and puts down that it was sent (or what else); whether it was ours."""
    slip = Slip([], hand=letter)
    record([slip], now=NOW)
    record([Slip([Outcome(letter, what, NOW, 250, "OK")])], now=NOW)
    return slip.is_ours


def take_over(app: Flask) -> None:
    """A lease that ran out goes to the next; what the first says afterwards changes nothing."""
    to = Recipient("nurlan@torangy.example", "Нұрлан", "kk")
    queue_mails([mail_row(key="orphan", template="t/m", to=to, context={}, now=NOW)])
    (letter,), _ = claiming.claim("first", now=NOW, limit=5)
    record([Slip([], hand=letter)], now=NOW)
    assert claiming.claim("second", now=NOW, limit=5) == ([], False)
    claiming.renew(["first"], now=NOW + timedelta(minutes=2))
    assert claiming.claim("second", now=NOW + claiming.LEASE, limit=5) == ([], False)
    late = NOW + claiming.LEASE + timedelta(minutes=2)
    (again,), _ = claiming.claim("second", now=late, limit=5)
    assert (again.id, again.mail.attempts) == (letter.id, 1)
    for what in ("sent", "later", "failed", "bad-address", "back"):
        assert not settled(letter, what)
    claiming.renew(["first"], now=late)
    assert db.session.query(Mail.status, Mail.lease).one() == ("sending", "second")
    assert db.session.query(MailAttempt.what, MailAttempt.number).one() == ("died", 1)
    assert settled(again)
    db.session.expire_all()
    assert db.session.query(Mail.status, Mail.attempts).one() == ("sent", 2)
