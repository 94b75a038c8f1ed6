"""Institutions: a boarding school, a children's home, a partner firm."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db, lock, new_id, transaction
from app.errors import N_, Invalid, require
from app.mail.outbox import Recipient
from app.mail.readdressing import readdress
from app.people.models import Institution
from app.people.policy import can_add_person

LANGUAGES = ("kk", "ru", "en")
OF_THE_CONTACT = ("contact_name", "contact_email", "contact_language")
# What goes to others by their own address: holders of a link, hosts, caterers.
OTHERS_LETTERS = ("signups/institution_", "reminders/visit", "rosters/")


def add_institution(values: Mapping[str, Any], *, now: datetime, actor: Actor) -> Institution:
    """Somebody who sends people, in a city of one's own. Raises Invalid, NotAllowed."""
    with transaction() as session:
        require(can_add_person(actor, city=values["city"]))
        if not values["name"]:
            raise Invalid({"name": N_("Give it a name in one language at least.")})
        institution = Institution(id=new_id(), **values)
        institution.slug = institution.id
        session.add(institution)
        session.flush()
        record(actor, "create", institution, now=now)
    return institution


def change_contact(institution: Institution, values: Mapping[str, Any], *, now: datetime, actor: Actor) -> None:
    """Who reads the letters about its pupils, and in which language; letters that wait follow, or are taken back where
    nobody reads them any more. Raises Invalid, NotAllowed.
    """
    with transaction():
        lock(institution)
        require(can_add_person(actor, city=institution.city))
        if values["contact_language"] not in LANGUAGES:
            raise Invalid({"contact_language": N_("Choose a language.")})
        was = institution.contact_email
        changes = differences(institution, {name: values[name] for name in OF_THE_CONTACT})
        for name, (_, after) in changes.items():
            setattr(institution, name, after)
        if changes:
            if was and not _reads_elsewhere(was, institution):
                readdress(was, _reader_of(institution), but=OTHERS_LETTERS, now=now)
            record(actor, "change_contact", institution, now=now, changes=changes)


def _reader_of(institution: Institution) -> Recipient | None:
    """As letters about its pupils know the contact."""
    address = institution.contact_email
    return Recipient(address, institution.contact_name, institution.contact_language) if address else None


def _reads_elsewhere(address: str, institution: Institution) -> bool:
    """Whether somebody reads for another institution too: what waits there can't be told apart, and goes as it is."""
    others = select(Institution.id).where(func.lower(Institution.contact_email) == address.lower())
    return db.session.scalar(others.where(Institution.id != institution.id).limit(1)) is not None
