"""The letters of access as their readers get them: one link, its end, no way to unsubscribe."""

from email import message_from_bytes, policy

import pytest

from app.access.codes import ACTIVATION, PASSWORD
from app.access.inviting import send_link
from app.db import db, transaction
from app.mail.models import Mail
from app.mail.rendering import Claimed, written
from tests import factories
from tests.access.logins import NOW, ROOT

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("purpose", [ACTIVATION, PASSWORD])
def test_the_letter_holds_the_link_and_nothing_to_unsubscribe(purpose, language):
    nurlan = factories.employee(language=language)
    with transaction():
        send_link(nurlan, purpose=purpose, now=NOW, actor=ROOT)
    mail = db.session.query(Mail).one()
    claimed = Claimed(**{name: getattr(mail, name) for name in Claimed.__dataclass_fields__ if name != "override"})
    _, recipient, raw = written(claimed, now=NOW)
    message = message_from_bytes(raw, policy=policy.default)
    assert recipient == nurlan.email
    for kind in ("plain", "html"):
        text = message.get_body((kind,)).get_content()
        assert f"http://localhost:5000{mail.context['url']}" in text
        assert nurlan.given_name in text
    assert message["Subject"] and message["List-Unsubscribe"] is None
    assert mail.expires_at is not None and mail.expires_at > NOW
