"""Who must not be shown, and what becomes of the pictures when somebody agrees no more."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.actor import Actor
from app.consents.models import Consent
from app.db import db, transaction
from app.errors import NotAllowed
from app.impact.pictures.models import PhotoRefusal, Picture
from app.impact.pictures.objecting import allow_photos, refuse_photos, withdraw_objected
from app.impact.pictures.publishing import publish_picture
from app.impact.pictures.queries import must_not_be_shown, published_albums
from app.mail.models import Mail
from app.privacy.purging import purge
from app.signups.models import Place
from app.tasks.models import Task
from tests import factories
from tests.impact.pictures.making import NOBODY, THEN, acting, blobs, published, store_of

pytestmark = pytest.mark.usefixtures("app")
LATER = THEN + timedelta(hours=2)


@pytest.fixture
def aigul():
    return acting(factories.coordinator("balkhash"))


@pytest.fixture
def marat():
    return acting(factories.employee("Оспанов", "Марат"))


@pytest.fixture
def nurlan():
    return factories.employee()


@pytest.fixture
def event():
    return factories.event(audience="families")


def names(event) -> dict[str, str]:
    return {one.name.split()[1]: one.why for one in must_not_be_shown(event)}


def test_children_without_a_yes_and_all_who_refused_are_listed(event, nurlan, aigul):
    for name in ("Дина", "Ерке", "Жан"):
        factories.place(event, factories.child(nurlan, name))
    children = {place.person.given_name: place.person for place in db.session.query(Place)}
    factories.consent(event, children["Дина"], nurlan, "photo")
    factories.consent(event, children["Ерке"], nurlan, "photo", is_yes=False)
    factories.place(event, nurlan)
    away = factories.child(nurlan, "Олжас")
    factories.place(event, away, status="cancelled")
    assert names(event) == {"Ерке": "refused", "Жан": "silent"}
    refuse_photos(nurlan, now=THEN, actor=aigul)
    refuse_photos(children["Дина"], now=THEN, actor=aigul)
    assert names(event) == {"Ерке": "refused", "Жан": "silent", "Нұрлан": "refused", "Дина": "refused"}


def test_one_guardians_no_outweighs_the_others_yes(event, nurlan):
    dina, mother = factories.child(nurlan), factories.employee("Сейітқали", "Әлия")
    factories.second_guardian(dina, mother)
    factories.place(event, dina)
    factories.consent(event, dina, nurlan, "photo")
    assert names(event) == {}
    factories.consent(event, dina, mother, "photo", is_yes=False)
    assert names(event) == {"Дина": "refused"}


def test_whoever_refuses_takes_the_pictures_with_people_down_at_once(event, nurlan, aigul, marat):
    factories.place(event, nurlan)
    people = published(event, aigul, marat)
    shore = published(event, aigul, marat, NOBODY, colour=(1, 2, 3))
    elsewhere = published(factories.event(), aigul, marat)
    refuse_photos(nurlan, now=LATER, actor=acting(nurlan, "employee"))
    for picture in (people, shore, elsewhere):
        db.session.refresh(picture)
    assert (people.is_published, people.withdrawn_why) == (False, "consent")
    assert shore.is_published and elsewhere.is_published
    [task] = db.session.scalars(select(Task))
    assert task.event_id == event.id and "Нұрлан" not in str(task.text) and set(task.text) == {"kk", "ru", "en"}
    [letter] = db.session.scalars(select(Mail).where(Mail.template == "impact/pictures_withdrawn"))
    assert letter.context["count"] == 1 and "Нұрлан" not in str(letter.context)


def test_nobody_else_refuses_for_me(nurlan, event):
    factories.place(event, nurlan)
    for stranger in (acting(factories.employee("Стан", "Стэн"), "employee"), Actor()):
        with pytest.raises(NotAllowed):
            refuse_photos(nurlan, now=THEN, actor=stranger)


def test_a_guardian_speaks_for_a_child_also_after_the_event(event, nurlan, aigul, marat):
    dina = factories.child(nurlan)
    factories.place(event, dina)
    picture = published(event, aigul, marat)
    refuse_photos(dina, now=LATER, actor=acting(nurlan, "employee"))
    db.session.refresh(picture)
    assert not picture.is_published


def test_a_second_no_changes_nothing_and_a_yes_brings_nothing_back(event, nurlan, aigul, marat):
    factories.place(event, nurlan)
    picture = published(event, aigul, marat)
    for _ in range(2):
        refuse_photos(nurlan, now=LATER, actor=aigul)
    allow_photos(nurlan, now=LATER, actor=aigul)
    db.session.refresh(picture)
    assert not picture.is_published and names(event) == {}
    assert db.session.query(PhotoRefusal).count() == 1 and db.session.query(Task).count() == 1
    with pytest.raises(IntegrityError):
        for _ in range(2):
            factories.saved(PhotoRefusal(person_id=nurlan.id, said_at=THEN))


@pytest.mark.parametrize("how", ["revoked", "said no"])
def test_a_consent_taken_back_takes_them_down_within_a_round_of_the_worker(event, nurlan, aigul, marat, how: str):
    dina = factories.child(nurlan)
    factories.place(event, dina)
    if how == "revoked":
        factories.consent(event, dina, nurlan, "photo")
    picture = published(event, aigul, marat)
    assert not withdraw_objected(now=LATER)
    if how == "revoked":
        with transaction() as session:
            session.execute(update(Consent).values(revoked_at=LATER))
    else:
        factories.consent(event, dina, nurlan, "photo", is_yes=False, given_at=LATER)
    assert withdraw_objected(now=LATER) and not withdraw_objected(now=LATER)
    assert published_albums([event.id]) == {}
    db.session.refresh(picture)
    publish_picture(picture, now=LATER + timedelta(minutes=5), actor=marat)
    assert not withdraw_objected(now=LATER + timedelta(hours=1)), "somebody looked since: she isn't on it"


def test_what_nobody_published_goes_after_a_year_and_the_rest_after_ten(event, aigul, marat):
    store = store_of()
    for name in blobs(store):
        store.delete(name)
    kept, bare = published(event, aigul, marat), published(event, aigul, marat, colour=(1, 2, 3))
    with transaction() as session:
        session.execute(
            update(type(bare)).where(type(bare).id == bare.id).values(published_at=None, published_by_id=None)
        )
    year = event.ends_at + timedelta(days=366)
    assert purge(store=store, now=event.ends_at + timedelta(days=364)).get("pictures") is None
    assert purge(store=store, now=year)["pictures"] == 1
    assert blobs(store) == set(db.session.get_one(type(kept), kept.id).keys.values())
    assert purge(store=store, now=event.ends_at + timedelta(days=3660))["pictures"] == 1
    assert not blobs(store)


def test_the_worker_looks_for_objections_and_for_what_broke_off(app, event, nurlan, aigul, marat):
    step = app.extensions["rounds"]._steps()["pictures"]
    assert not step(LATER)
    published(event, aigul, marat)
    factories.consent(event, factories.child(nurlan), nurlan, "photo", is_yes=False, given_at=LATER)
    assert step(LATER) and published_albums([event.id]) == {}
    with transaction() as session:
        session.execute(update(Picture).values(removed_at=LATER))
    assert step(LATER) and not blobs(store_of()) and not step(LATER)
