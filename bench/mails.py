"""Letters into a local SMTP sink, beside a bare smtplib loop that builds and sends letters of the same parts."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

from flask import Flask
from sqlalchemy import func, select

from app.db import db
from app.events.mail_facts import calendar_facts, event_facts
from app.events.models import Event
from app.mail.delivery import deliver_batch
from app.mail.models import Mail
from app.mail.outbox import Recipient, mail_row, queue_mails
from app.mail.rendering import Claimed, written
from app.mail.smtp import Post
from bench.data import now
from bench.server import ROOT, free_port


@contextmanager
def sink() -> Iterator[int]:
    """A mail server in a process of its own; yields its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)], cwd=ROOT)
    try:
        for _ in range(100):
            try:
                smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(5)


def queue_letters(app: Flask, event_id: str, count: int) -> None:
    """`count` letters with text, HTML and a calendar entry, due now."""
    with app.app_context():
        moment = now()
        event = db.session.get_one(Event, event_id)
        facts, calendar = event_facts(event), calendar_facts(event)
        rows = []
        for number in range(count):
            reader = Recipient(f"reader{number}@torangy.example", f"Омаров{number} Нұрлан", "kk", None)
            people = [{"name": "Нұрлан", "full_name": reader.name, "ticket": "4K7P 92XD"}]
            context = {"event": facts, "people": people, "name": "Нұрлан", "url": "/my"}
            row = mail_row(key=f"bench:{number}", template="signups/confirmed", to=reader, context=context, now=moment)
            rows.append(row | {"event_id": event_id, "calendar": calendar, "expires_at": moment + timedelta(days=1)})
        queue_mails(rows)


def delivered_per_second(app: Flask, port: int, count: int) -> float:
    """Letters a second from the outbox to the sink on one connection; raises if any was left behind."""
    app.config["MAIL_PORT"], app.config["MAIL_SERVER"] = port, "127.0.0.1"
    app.config["TORANGY"] = replace(app.config["TORANGY"], mail_server="127.0.0.1", mail_port=port)
    with app.app_context(), Post(app.config) as post:
        begin = time.perf_counter()
        while deliver_batch(post, now=now()):
            db.session.remove()
        seconds = time.perf_counter() - begin
        sent = db.session.scalar(select(func.count()).select_from(Mail).where(Mail.status == "sent"))
    if sent != count:
        raise RuntimeError(f"{sent} of {count} letters were sent")
    return count / seconds


def bare_loop_per_second(app: Flask, port: int, count: int) -> float:
    """The limit: the standard library builds and sends letters of the same text, HTML and calendar, no more.

    The queue must hold the letters already: one of them lends its parts.
    """
    with app.app_context():
        mail = db.session.scalars(select(Mail).limit(1)).one()
        claimed = Claimed(**{field.name: getattr(mail, field.name) for field in fields(Claimed)})
        _, _, raw = written(claimed, now=now())
    model = message_from_bytes(raw, policy=default)
    text, html = (_body(model, kind) for kind in ("plain", "html"))
    calendar = next(part for part in model.walk() if part.get_content_type() == "text/calendar").get_payload(
        decode=True
    )
    begin = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for number in range(count):
            letter = EmailMessage(policy=SMTP.clone(max_line_length=998, cte_type="7bit"))
            letter["From"], letter["To"] = model["From"], f"reader{number}@torangy.example"
            letter["Subject"], letter["Message-ID"] = model["Subject"], f"<{number}@torangy.example>"
            letter.set_content(text)
            letter.add_alternative(html, subtype="html")
            letter.add_attachment(calendar, maintype="text", subtype="calendar", filename="event.ics")
            line.send_message(letter)
    return count / (time.perf_counter() - begin)


def _body(model: EmailMessage, kind: str) -> str:
    body = model.get_body((kind,))
    assert body is not None
    return str(body.get_content())
