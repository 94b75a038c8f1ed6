"""Delivering the outbox: claim a batch, send letter by letter, put down each outcome at once.

No transaction is open while we talk to the mail server. A worker that dies leaves its claims to whoever comes after the
lease; at most the letter it was just handing over goes out twice, under the same Message-ID.
"""

import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from app.db import transaction
from app.mail import claiming
from app.mail.bounces import note_bad_address
from app.mail.letters import BadAddress
from app.mail.rendering import Claimed, written
from app.mail.smtp import NoLine, NotTaken, Post

log = logging.getLogger(__name__)

BATCH = 50
# A letter takes five answers of the server at most 15 s each; none is begun that the lease might not outlast.
SEND_FOR = claiming.LEASE - timedelta(seconds=100)


def deliver_batch(
    post: Post, *, now: datetime, batch: int = BATCH, stopping: Callable[[], bool] = lambda: False
) -> bool:
    """Sends a batch of what is due and says whether there may be more; False too when the server can't be reached.

    Between two letters it asks whether it should stop, and then leaves the rest to others.
    """
    lease = secrets.token_hex(16)
    mails, more = claiming.claim(lease, now=now, limit=batch)
    begun = time.monotonic()
    for position, mail in enumerate(mails):
        passed = timedelta(seconds=time.monotonic() - begun)
        if passed > SEND_FOR or stopping():
            claiming.give_back([rest.id for rest in mails[position:]], lease, now=now + passed)
            return True
        try:
            _deliver(mail, lease, post, now=now + passed)
        except NoLine as error:
            log.warning("mail server: %s", error)
            for rest in mails[position:]:
                claiming.put_back(rest.id, lease, attempts=rest.attempts, why=str(error), now=now + passed)
            return False
    return more


def _deliver(mail: Claimed, lease: str, post: Post, *, now: datetime) -> None:
    try:
        sender, recipient, message = written(mail, now=now)
    except BadAddress as error:
        _bounced(mail, lease, why=str(error), now=now)
        return
    except Exception as error:  # whatever a template does, the other letters must go; the next version may mend it
        log.exception("mail %s (%s) could not be written", mail.id, mail.template)
        why = f"could not be written: {type(error).__name__}: {error}"
        claiming.put_back(mail.id, lease, attempts=mail.attempts, why=why, now=now)
        return
    try:
        post.send(sender, recipient, message)
    except NotTaken as refusal:
        _refused(mail, lease, refusal, now=now)
    else:
        claiming.put_sent(mail.id, lease, now=now)


def _refused(mail: Claimed, lease: str, refusal: NotTaken, *, now: datetime) -> None:
    if not refusal.is_final:
        claiming.put_back(mail.id, lease, attempts=mail.attempts, why=str(refusal), now=now)
    elif refusal.is_about_address:
        _bounced(mail, lease, why=str(refusal), now=now)
    else:
        claiming.put_failed(mail.id, lease, why=str(refusal))


def _bounced(mail: Claimed, lease: str, *, why: str, now: datetime) -> None:
    with transaction():
        if claiming.put_failed(mail.id, lease, why=why):
            note_bad_address(mail.id, now=now)
