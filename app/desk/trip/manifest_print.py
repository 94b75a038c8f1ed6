"""A frozen manifest on paper: who left in which bus, who was missing and why, who confirmed it, what changed since."""

from datetime import datetime

from flask_babel import gettext

from app.desk.roster.prints import when_of
from app.desk.trip.pages import Manifest
from app.desk.trip.words import leg_name
from app.errors import N_
from app.events.models import Event
from app.rosters.group_words import container_name
from app.web.dates import local
from app.web.pdf import Document
from app.web.words import in_language

HEADS, SHARES = (N_("No."), N_("Surname and name"), N_("Child"), N_("Group"), ""), (7, 60, 12, 30, 30)


def printed_manifest(event: Event, found: Manifest, *, language: str, footer: str) -> Document:
    """The document."""
    row = found.row
    bus = container_name("buses", found.bus.name) if found.bus else gettext("On foot")
    leg = leg_name(found.leg, language)
    title = gettext("Manifest %(version)s: %(bus)s, %(leg)s", version=row.version, bus=bus, leg=leg)
    paper = Document(title, f"{when_of(event, language)} · {in_language(event.title, language)}", footer)
    paper.set_lang(language)
    paper.add_page()
    for words in _about(event, found):
        paper.paragraph(words)
    lines = [
        (str(number), one["name"], "✓" if one["child"] else "", one["group"], "")
        for number, one in enumerate(row.people, start=1)
    ]
    paper.lines([gettext(head) if head else "" for head in HEADS], lines, SHARES, height=7)
    if row.missing:
        paper.section(gettext("Missing"))
        for one in row.missing:
            paper.paragraph(one["name"])
        paper.paragraph(gettext("Why it left without them: %(reason)s", reason=row.reason))
    if found.late:
        paper.section(gettext("Changed after the list was closed"))
        for change in found.late:
            paper.paragraph(_late(event, change.name, change.got_in, change.at, change.by))
    return paper


def _about(event: Event, found: Manifest) -> list[str]:
    row = found.row
    children = sum(bool(one["child"]) for one in row.people)
    left = gettext(
        "Left on %(moment)s. %(n)s people, %(children)s of them under age. Said by %(name)s.",
        moment=local(row.departed_at, event.timezone).strftime("%d.%m.%Y %H:%M"),
        n=len(row.people),
        children=children,
        name=found.by,
    )
    if row.confirmed_by_id:
        return [left, gettext("Confirmed by %(name)s.", name=found.confirmed_by)]
    return [left, gettext("No second person has confirmed it.")]


def _late(event: Event, name: str, got_in: bool, at: datetime, by: str) -> str:
    moment = local(at, event.timezone).strftime("%H:%M")
    if got_in:
        return gettext("%(name)s got in, %(time)s, %(by)s", name=name, time=moment, by=by)
    return gettext("%(name)s was taken off, %(time)s, %(by)s", name=name, time=moment, by=by)
