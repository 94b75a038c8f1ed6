"""From the camera to the public page and back: who adds, who says what is on it, who looks a second time."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.actor import HELPER
from app.audit.models import AuditEntry
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.files import FileStore
from app.impact.pictures import adding
from app.impact.pictures.adding import add_picture
from app.impact.pictures.describing import Words, describe_picture, describe_pictures
from app.impact.pictures.errors import (
    AlbumFull,
    AlreadyThere,
    ChangedMeanwhile,
    EventCancelled,
    NotBegun,
    NotReady,
    PictureUnfit,
    RefusalsUnread,
    SecondLook,
    StoreSilent,
)
from app.impact.pictures.models import Picture
from app.impact.pictures.publishing import publish_picture, publish_pictures, remove_picture, withdraw_picture
from app.impact.pictures.queries import published_albums
from app.impact.pictures.sweeping import STALE, sweep_pictures
from tests import factories
from tests.impact.pictures.making import AGREED, ALT, NOBODY, THEN, acting, added, blobs, photo, published, store_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def aigul():
    return acting(factories.coordinator("balkhash"))


@pytest.fixture
def marat():
    return acting(factories.employee("Оспанов", "Марат"))


@pytest.fixture
def event():
    return factories.event()


@pytest.fixture
def store(whole_app) -> FileStore:
    kept = store_of(whole_app)
    for name in blobs(kept):
        kept.delete(name)
    return kept


class Silent(FileStore):
    """A bucket that went away after the first file."""

    def save(self, content: bytes, key: str | None = None) -> str:
        if blobs(self):
            raise OSError("no answer")
        return super().save(content, key)


def test_a_picture_is_kept_in_three_sizes_and_nobody_sees_it_yet(event, aigul, store):
    picture = added(event, aigul)
    assert blobs(store) == set(picture.keys.values()) and len(blobs(store)) == 3
    assert picture.kept_at == THEN and picture.uploaded_by_id == aigul.account_id
    assert published_albums([event.id]) == {}


def test_a_stranger_adds_nothing(event, store):
    with pytest.raises(NotAllowed):
        added(event, acting(factories.employee("Стан", "Стэн"), "employee"))
    assert not blobs(store)


def test_the_same_file_is_taken_once(event, aigul, marat, store):
    added(event, aigul)
    with pytest.raises(AlreadyThere):
        added(event, marat)
    assert len(blobs(store)) == 3


def test_what_is_unfit_leaves_nothing(event, aigul, store):
    with pytest.raises(PictureUnfit):
        add_picture(event, b"%PDF-1.7 called photo.jpg", store=store, now=THEN, actor=aigul)
    assert not blobs(store) and not db.session.scalars(select(Picture)).all()


def test_where_the_store_falls_silent_nothing_is_left(event, aigul, store):
    with pytest.raises(StoreSilent):
        add_picture(event, photo(), store=Silent(store.folder), now=THEN, actor=aigul)
    assert not blobs(store) and not db.session.scalars(select(Picture)).all()


def test_one_that_broke_off_is_swept_and_can_be_sent_again(event, aigul, store, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(adding, "_count", lambda *_, **__: 1 / 0)  # the server was switched off here
        with pytest.raises(ZeroDivisionError):
            added(event, aigul)
    assert len(blobs(store)) == 3
    assert not sweep_pictures(store=store, now=THEN + STALE - timedelta(seconds=1))
    with pytest.raises(AlreadyThere):
        added(event, aigul)
    assert sweep_pictures(store=store, now=THEN + STALE + timedelta(seconds=1))
    assert not blobs(store)
    assert added(event, aigul).kept_at


def test_no_pictures_of_what_was_cancelled_or_has_not_begun(aigul, store):
    cancelled = factories.event(status="cancelled")
    ahead = factories.event(starts_at=THEN + timedelta(days=9))
    for event, why in ((cancelled, EventCancelled), (ahead, NotBegun)):
        with pytest.raises(why):
            added(event, aigul)


def test_an_album_has_an_end(event, aigul, store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adding, "MOST_OF_AN_EVENT", 1)
    added(event, aigul)
    with pytest.raises(AlbumFull):
        added(event, aigul, colour=(1, 2, 3))


def test_the_second_look_is_anothers(event, aigul, marat, store):
    picture = added(event, aigul)
    describe_picture(picture, AGREED, revision=0, now=THEN, actor=aigul)
    with pytest.raises(SecondLook):
        publish_picture(picture, now=THEN, actor=aigul)
    publish_picture(picture, now=THEN, actor=marat)
    shown = published_albums([event.id])[event.id]
    assert [one.id for one in shown.pictures] == [picture.id] and shown.total == 1
    assert shown.pictures[0].alt == ALT and shown.pictures[0].widths == {"small": 480, "medium": 640, "large": 640}


def test_the_database_says_so_too(event, aigul, store):
    picture = added(event, aigul)
    describe_picture(picture, AGREED, revision=0, now=THEN, actor=aigul)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(Picture).values(published_at=THEN, published_by_id=aigul.account_id))


@pytest.mark.parametrize("column", ["shows", "alt"])
def test_the_database_publishes_nothing_that_nobody_described(event, aigul, marat, store, column: str):
    added(event, aigul)
    said = {"shows": "nobody", "alt": ALT, "published_at": THEN, "published_by_id": marat.account_id}
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(Picture).values(**(said | {column: "" if column == "shows" else {}})))


def test_a_helper_adds_and_describes_but_publishes_nothing(event, aigul, store):
    helper = acting(factories.employee("Кім", "Олег"), HELPER)
    picture = added(event, helper)
    describe_picture(picture, NOBODY, revision=0, now=THEN, actor=helper)
    with pytest.raises(NotAllowed):
        publish_picture(picture, now=THEN, actor=helper)
    publish_picture(picture, now=THEN, actor=aigul)
    assert picture.is_published


@pytest.mark.parametrize("missing", [Words(shows="nobody", alt={"kk": "Жаға", "ru": "Берег"}), None])
def test_nothing_is_published_before_it_is_described_in_three_languages(event, aigul, marat, store, missing):
    picture = added(event, aigul)
    if missing:
        describe_picture(picture, missing, revision=0, now=THEN, actor=aigul)
    with pytest.raises(NotReady):
        publish_picture(picture, now=THEN, actor=marat)


def test_all_agreed_is_said_only_after_the_list_was_read(event, aigul, store):
    picture = added(event, aigul)
    with pytest.raises(RefusalsUnread):
        describe_picture(picture, Words(shows="agreed", alt=ALT), revision=0, now=THEN, actor=aigul)
    assert picture.shows == ""


def test_of_two_who_write_at_once_the_second_is_told(event, aigul, marat, store):
    picture = added(event, aigul)
    describe_picture(picture, AGREED, revision=0, now=THEN, actor=aigul)
    with pytest.raises(ChangedMeanwhile):
        describe_picture(picture, NOBODY, revision=0, now=THEN, actor=marat)
    db.session.refresh(picture)
    assert picture.shows == "agreed" and picture.revision == 1


def test_a_picture_that_shows_others_than_before_waits_for_another_look(event, aigul, marat, store):
    picture = published(event, aigul, marat, NOBODY)
    describe_picture(
        picture, Words(shows="nobody", alt=ALT, caption={"en": "Shore"}), revision=1, now=THEN, actor=aigul
    )
    assert picture.is_published, "another caption needs no look"
    describe_picture(picture, AGREED, revision=2, now=THEN, actor=aigul)
    assert not picture.is_published and published_albums([event.id]) == {}


def test_a_published_picture_keeps_its_description(event, aigul, marat, store):
    picture = published(event, aigul, marat)
    with pytest.raises(NotReady):
        describe_picture(picture, Words(shows="agreed", alt={}, has_read=True), revision=1, now=THEN, actor=aigul)
    db.session.refresh(picture)
    assert picture.alt == ALT


def test_words_that_nobody_would_read_to_the_end_are_refused(event, aigul, store):
    picture = added(event, aigul)
    with pytest.raises(Invalid):
        describe_picture(picture, Words(shows="nobody", alt={"kk": "ж" * 301}), revision=0, now=THEN, actor=aigul)


def test_several_are_described_and_published_at_once(event, aigul, marat, store):
    mine = [added(event, aigul, colour=(n, n, n)) for n in (10, 200)]
    his = added(event, marat)
    describe_pictures([*mine, his], Words(shows="nobody", alt=ALT), now=THEN, actor=aigul)
    bare = added(event, aigul, colour=(7, 7, 7))
    assert publish_pictures([*mine, his, bare], now=THEN, actor=marat) == (2, {"second-look", "picture-not-ready"})
    describe_pictures([his], Words(caption={"ru": "Берег"}), now=THEN, actor=aigul)
    assert (his.shows, his.alt, his.caption) == ("nobody", ALT, {"ru": "Берег"})


def test_taken_down_it_is_gone_for_everybody_at_once(event, aigul, marat, store):
    picture = published(event, aigul, marat)
    withdraw_picture(picture, now=THEN, actor=aigul)
    assert published_albums([event.id]) == {}
    publish_picture(picture, now=THEN, actor=marat)
    assert picture.is_published and picture.withdrawn_at is None


def test_removed_its_files_are_gone(event, aigul, marat, store):
    picture = published(event, aigul, marat)
    picture_id = picture.id
    remove_picture(picture, store=store, now=THEN, actor=aigul)
    assert not blobs(store) and db.session.get(Picture, picture_id) is None
    verbs = set(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.object_id == picture_id)))
    assert verbs == {"add_picture", "describe_picture", "publish_picture", "remove_picture"}


def test_what_a_silent_store_kept_is_removed_later(event, aigul, marat, store):
    class Mute(FileStore):
        def delete(self, key: str) -> None:
            raise OSError("no answer")

    picture = published(event, aigul, marat)
    remove_picture(picture, store=Mute(store.folder), now=THEN, actor=aigul)
    assert published_albums([event.id]) == {} and len(blobs(store)) == 3
    with pytest.raises(NotFound):
        publish_picture(picture, now=THEN, actor=marat)
    assert sweep_pictures(store=store, now=THEN) and not blobs(store)


def test_drafts_and_events_kept_from_the_public_show_nothing(aigul, marat, store):
    for fields in ({"status": "draft"}, {"is_hidden": True}):
        event = factories.event(**fields)
        published(event, aigul, marat)
        assert published_albums([event.id]) == {}


@pytest.mark.full
def test_of_many_an_album_shows_the_newest_first_and_says_how_many_there_are(event, aigul, marat, store):
    ids = [published(event, aigul, marat, colour=(n * 90, 0, 0)).id for n in range(3)]
    album = published_albums([event.id], most=2)[event.id]
    assert album.total == 3 and len(album.pictures) == 2 and {one.id for one in album.pictures} <= set(ids)
