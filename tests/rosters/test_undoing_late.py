"""Taking a change back when a letter has left after all: a press that waited for the lock, a clock that ran ahead."""

from datetime import timedelta

import pytest

from app.accounts.actor import Actor, Scope
from app.db import db
from app.mail import claiming
from app.mail.delivery import deliver_batch
from app.mail.models import Mail
from app.mail.smtp import Post
from app.rosters.change_errors import TooLateToUndo
from app.rosters.changing import Wanted, make_change
from app.rosters.undoing import undo_change
from tests import factories

NOW = factories.SATURDAY - timedelta(days=30)
AIGUL = Actor(name="Aigul", scopes=(Scope("coordinator", city="balkhash"),))


@pytest.mark.parametrize("is_sent", [True, False])
def test_who_waited_for_the_lock_until_letters_left_comes_too_late(app, sink, is_sent):
    event = factories.event()
    factories.place(event, factories.employee())
    change = make_change(event, Wanted("cancel", reason={"kk": "Жел"}), now=NOW, actor=AIGUL)
    if is_sent:
        with Post(app.config) as post:
            deliver_batch(post, now=NOW + timedelta(seconds=61))
    else:
        claiming.claim("w:1", now=NOW + timedelta(seconds=61), limit=9)
    with pytest.raises(TooLateToUndo):
        undo_change(change, now=NOW + timedelta(seconds=59), actor=AIGUL)
    db.session.expire_all()
    assert event.status == "cancelled"
    assert db.session.query(Mail).one().status == ("sent" if is_sent else "sending")
