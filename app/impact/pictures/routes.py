"""Pages of pictures: the album for those who run the event, one picture, the published album, and the files."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, GIFT_KEEPER, HELPER, SAFETY_OFFICER
from app.errors import DomainError, NotFound, require
from app.events.models import Event
from app.events.queries import visible_event
from app.files import FileStore, open_store
from app.impact.pictures import words
from app.impact.pictures.adding import add_picture
from app.impact.pictures.describing import describe_picture, describe_pictures
from app.impact.pictures.errors import NoPicture, StoreSilent
from app.impact.pictures.forms import DescribeForm, UploadForm, content_of
from app.impact.pictures.models import Picture
from app.impact.pictures.policy import can_add_pictures, can_publish, can_remove, can_take_down
from app.impact.pictures.publishing import publish_picture, publish_pictures, remove_picture, withdraw_picture
from app.impact.pictures.queries import album_page, chosen_pictures, file_of, must_not_be_shown, picture_of, pictures_of
from app.impact.pictures.ready import state_of
from app.impact.pictures.refusal_routes import bp as refusals
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.errors import sentence, wants_json

bp = Blueprint("pictures", __name__)
bp.register_blueprint(refusals)
STAFF = (COORDINATOR, SAFETY_OFFICER, GIFT_KEEPER, HELPER)
# Whole forms: without JavaScript all pictures come in one.
MOST_AT_ONCE = 100 * 1024 * 1024
# A published picture never changes: browsers keep it. What lies between asks again, so that one taken down is gone.
FOR_ANYBODY = "public, max-age=604800, s-maxage=300, immutable"
FOR_STAFF = "private, no-cache"


@bp.url_value_preprocessor
def _allow_many(endpoint: str | None, _values: object) -> None:
    """Before anything reads the form, the check of its token included."""
    if endpoint == "pictures.upload":
        request.max_content_length = MOST_AT_ONCE


@bp.get("/events/<event_id>/pictures")
@with_role(*STAFF)
def index(event_id: str) -> str:
    """Every picture of the event, the form for more, and who must not be shown."""
    return _album(_event(event_id), UploadForm(formdata=None), DescribeForm(formdata=None))


@bp.post("/events/<event_id>/pictures")
@with_role(*STAFF)
def upload(event_id: str) -> ResponseReturnValue:
    """One picture of many, with its progress (JSON), or all at once from a plain form. What is unfit is named."""
    event, form = _event(event_id), UploadForm()
    if not form.validate_on_submit() or not form.files():
        if wants_json():
            raise NoPicture
        form.pictures.errors = [*form.pictures.errors, gettext(NoPicture.message)]
        return _album(event, form, DescribeForm(formdata=None)), 422
    if wants_json():
        picture = add_picture(
            event, content_of(form.files()[0]), store=_store(), now=clock.now(), actor=current_actor()
        )
        return jsonify(id=picture.id, url=url_for(".show", picture_id=picture.id)), 201
    _take_all(event, form)
    return redirect(url_for(".index", event_id=event_id), 303)


@bp.post("/events/<event_id>/pictures/words")
@with_role(*STAFF)
def describe(event_id: str) -> ResponseReturnValue:
    """The same words for the pictures that are ticked."""
    event, form, actor = _event(event_id), DescribeForm(), current_actor()
    chosen = chosen_pictures(event, request.form.getlist("picture"))
    if not chosen:
        flash(gettext("Tick the pictures first."), "look")
        return redirect(url_for(".index", event_id=event_id), 303)
    count = len(chosen)
    if form.validate_on_submit():
        words_said = form.words(only_filled=True)
        if form.attempt(describe_pictures, chosen, words_said, now=clock.now(), actor=actor):
            flash(gettext("Written down. Pictures: %(num)s.", num=count), "ok")
            return redirect(url_for(".index", event_id=event_id), 303)
    return _album(_event(event_id), UploadForm(formdata=None), form), form.status


@bp.post("/events/<event_id>/pictures/publication")
@with_role(COORDINATOR)
def publish_many(event_id: str) -> ResponseReturnValue:
    """The pictures that are ticked: somebody looked at each of them."""
    event, actor = _event(event_id), current_actor()
    require(can_publish(actor, event))
    chosen = chosen_pictures(event, request.form.getlist("picture"))
    count, refused = publish_pictures(chosen, now=clock.now(), actor=actor)
    if count:
        flash(gettext("Published: %(num)s.", num=count), "ok")
    for kind in sorted(refused):
        flash(gettext(words.REFUSED_WORDS[kind]), "look")
    if not chosen:
        flash(gettext("Tick the pictures first."), "look")
    return redirect(url_for(".index", event_id=event_id), 303)


@bp.route("/pictures/<picture_id>", methods=["GET", "POST"])
@with_role(*STAFF)
def show(picture_id: str) -> ResponseReturnValue:
    """One picture, large, with what is said about it."""
    actor = current_actor()
    picture = picture_of(actor, picture_id)
    form = DescribeForm() if request.method == "POST" else _prefilled(picture)
    if form.validate_on_submit():
        said, seen = form.words(), form.seen()
        if form.attempt(describe_picture, picture, said, revision=seen, now=clock.now(), actor=actor):
            flash(gettext("Written down."), "ok")
            return redirect(url_for(".show", picture_id=picture_id), 303)
        picture = picture_of(actor, picture_id)
    page = render_template(
        "impact/pictures/one.html",
        picture=picture,
        event=picture.event,
        form=form,
        hidden=must_not_be_shown(picture.event),
        may_publish=can_publish(actor, picture.event) and picture.uploaded_by_id != actor.account_id,
        is_own=picture.uploaded_by_id == actor.account_id,
        may_take_down=can_take_down(actor, picture),
        may_remove=can_remove(actor, picture),
        under="pictures.index",
        **_words(),
    )
    return page, form.status


@bp.post("/pictures/<picture_id>/publication")
@with_role(COORDINATOR)
def publish(picture_id: str) -> ResponseReturnValue:
    """After the second look: anybody may see it."""
    picture = picture_of(current_actor(), picture_id)
    event_id = picture.event_id
    publish_picture(picture, now=clock.now(), actor=current_actor())
    flash(gettext("Published. Anybody may see it now."), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)


@bp.post("/pictures/<picture_id>/withdrawal")
@with_role(*STAFF)
def withdraw(picture_id: str) -> ResponseReturnValue:
    """Off the public page, at once."""
    withdraw_picture(picture_of(current_actor(), picture_id), now=clock.now(), actor=current_actor())
    flash(gettext("Taken down. Only those who run the event see it."), "ok")
    return redirect(url_for(".show", picture_id=picture_id), 303)


@bp.post("/pictures/<picture_id>/removal")
@with_role(*STAFF)
def remove(picture_id: str) -> ResponseReturnValue:
    """Gone, with its files."""
    picture = picture_of(current_actor(), picture_id)
    event_id = picture.event_id
    remove_picture(picture, store=_store(), now=clock.now(), actor=current_actor())
    flash(gettext("Removed, with its files."), "ok")
    return redirect(url_for(".index", event_id=event_id), 303)


@bp.get("/events/<event_id>/album")
@open_to_all
def album(event_id: str) -> str:
    """What is published of an event."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    page = album_page(event, cursor=request.args.get("cursor"))
    return render_template("impact/pictures/album.html", event=event, page=page, may_add=can_add_pictures(actor, event))


@bp.get("/pictures/<picture_id>/<size>.jpg")
@open_to_all
def file(picture_id: str, size: str) -> Response:
    """The picture itself; one that isn't published is there for those who run the event alone."""
    key, is_public = file_of(current_actor(), picture_id, size)
    tag, cache = f"{picture_id}-{size}", FOR_ANYBODY if is_public else FOR_STAFF
    if request.if_none_match.contains(tag):
        response = make_response("", 304)
    else:
        response = make_response(_content(key))
        response.content_type = "image/jpeg"
    response.set_etag(tag)
    response.headers["Cache-Control"] = cache
    return response


def _event(event_id: str) -> Event:
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_add_pictures(actor, event))
    return event


def _album(event: Event, form: UploadForm, describing: DescribeForm) -> str:
    actor = current_actor()
    return render_template(
        "impact/pictures/index.html",
        event=event,
        form=form,
        describing=describing,
        chosen=set(request.form.getlist("picture")),
        page=pictures_of(event, cursor=request.args.get("cursor")),
        hidden=must_not_be_shown(event),
        may_publish=can_publish(actor, event),
        account_id=actor.account_id,
        now=clock.now(),
        **_words(),
    )


def _words() -> dict[str, object]:
    return {"names": words.STATE_NAMES, "why": words.WHY_NAMES, "state_of": _state_of}


def _state_of(picture: Picture) -> str:
    return state_of(
        shows=picture.shows,
        alt=picture.alt,
        is_published=picture.is_published,
        withdrawn_why=picture.withdrawn_why,
    )


def _prefilled(picture: Picture) -> DescribeForm:
    data = {"shows": picture.shows, "alt": picture.alt, "caption": picture.caption, "revision": str(picture.revision)}
    return DescribeForm(formdata=None, data=data)


def _take_all(event: Event, form: UploadForm) -> None:
    """Each for itself: what is fit is kept, of the rest it is said which and why."""
    kept, event_id = 0, event.id
    for chosen in form.files():
        try:
            add_picture(
                visible_event(current_actor(), event_id), content_of(chosen), store=_store(), now=clock.now(),
                actor=current_actor(),
            )  # fmt: skip
            kept += 1
        except DomainError as refusal:
            flash(f"{chosen.filename}: {sentence(refusal)}", "stop")
    if kept:
        flash(gettext("Kept: %(num)s. Now say who is on them and describe them.", num=kept), "ok")


def _content(key: str) -> bytes:
    try:
        return _store().read(key)
    except FileNotFoundError:
        raise NotFound from None
    except OSError as error:
        raise StoreSilent from error


def _store() -> FileStore:
    return open_store(current_app.config["TORANGY"])
