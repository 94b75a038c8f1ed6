"""The public face: the story in numbers and pictures, for anybody, on the own site, in others' frames and as a link."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask_babel import force_locale, gettext
from markupsafe import Markup

from app import clock
from app.accounts.actor import COORDINATOR
from app.errors import NotFound
from app.events.models import Event
from app.impact.face.card import CardFigure, draw_card
from app.impact.face.event_data import events_data
from app.impact.face.kept import Kept
from app.impact.face.queries import Scope, coming, photographs, stories, version
from app.impact.face.telling import Teller, Tile, sentence, species_name
from app.impact.reports.charts import bar_chart
from app.impact.reports.queries import Gathered, check_known, gather
from app.impact.reports.report import Asked
from app.people.queries import cities
from app.web.access import open_to_all
from app.web.actor import current_actor
from app.web.dates import local_date
from app.web.forms import language
from app.web.headers import policy
from config import Settings

bp = Blueprint("face", __name__)
T = TypeVar("T")
LOCALES = {"kk": "kk_KZ", "ru": "ru_KZ", "en": "en_GB"}
# A frame on somebody else's page runs nothing, sends nothing and knows no visitor.
FRAME = {"default-src": "'none'", "script-src": "'none'", "font-src": "'self'", "form-action": "'none'"}
IN_SITEMAP = 500
ANYBODY = {"Cross-Origin-Resource-Policy": "cross-origin"}


@dataclass(frozen=True)
class Page:
    """The part of the page that is alike for all who read one language."""

    head: Markup
    main: Markup


@bp.get("/impact")
@open_to_all
def index() -> str:
    """What was done, at what price, and what is coming; filtered by programme, city and year."""
    scope, asked = _scope(), _asked()
    with _spoken_as_asked() as spoken:
        now = clock.now()
        page = _kept(("page", spoken, scope), lambda: _page(scope, asked, spoken, now), now=now)
        return render_template(
            "impact/face/index.html",
            page=page,
            asked=asked,
            language=spoken,
            here=_page_of("face.index", asked),
            may_embed=current_actor().has_role(COORDINATOR),
            frame_url=_base() + _address("face.embed", asked, spoken),
        )


@bp.get("/impact/embed")
@open_to_all
def embed() -> Response:
    """The figures alone, to stand in a frame on other sites: those that EMBED_HOSTS names."""
    scope, asked = _scope(), _asked()
    with _spoken_as_asked() as spoken:
        body = _kept(("embed", spoken, scope), lambda: _frame(scope, asked, spoken), now=clock.now())
    answer = make_response(body)
    answer.headers["Content-Security-Policy"] = policy(FRAME | {"frame-ancestors": _hosts()})
    answer.headers.update(ANYBODY)
    return _fresh(answer, body.encode())


@bp.get("/impact/picture.png")
@open_to_all
def picture() -> Response:
    """What a link to the page looks like elsewhere."""
    scope = Scope(_scope().programme)
    with _spoken_as_asked() as spoken:
        drawn = _kept(("card", spoken, scope), lambda: _card(scope, spoken), now=clock.now())
    answer = make_response(drawn)
    answer.mimetype = "image/png"
    answer.headers.update(ANYBODY)
    return _fresh(answer, drawn)


@bp.get("/robots.txt")
@open_to_all
def robots() -> Response:
    """What search engines may read: pages for anybody, not what belongs to one person."""
    body = render_template("impact/face/robots.txt", sitemap=_base() + url_for("face.sitemap"))
    return Response(body, mimetype="text/plain")


@bp.get("/sitemap.xml")
@open_to_all
def sitemap() -> Response:
    """The pages worth finding; events that are hidden from the public aren't among them."""
    events, _ = coming(Scope(), now=clock.now(), limit=IN_SITEMAP)
    body = render_template(
        "impact/face/sitemap.xml", base=_base(), events=events, spoken=_settings().languages, address=_public_address
    )
    return Response(body, mimetype="application/xml")


def _page(scope: Scope, asked: Mapping[str, str | None], spoken: str, now: datetime) -> tuple[Page, datetime | None]:
    teller, gathered = _teller(scope, spoken)
    tiles, told = teller.tiles(), stories(scope, now=now)
    ahead, next_end = coming(scope, now=now)
    main = render_template(
        "impact/face/_story.html",
        impact=teller.found,
        teller=teller,
        tiles=tiles,
        stories=told,
        coming=ahead,
        photographs=photographs(line.event for story in told for line in story.lines),
        costs=bar_chart(teller.costs(_money_page)),
        asked=asked,
        spoken=spoken,
        years=gathered.years,
        programmes=gathered.choices,
        cities=teller.cities,
        local_date=local_date,
        species_name=species_name,
        report_url=_page_of("impact.index", asked),
    )
    return Page(Markup(_head(asked, spoken, tiles, ahead)), Markup(main)), next_end


def _head(asked: Mapping[str, str | None], spoken: str, tiles: Sequence[Tile], ahead: Sequence[Event]) -> str:
    return render_template(
        "impact/face/_head.html",
        address=_public_address(asked, spoken),
        others={code: _public_address(asked, code) for code in _settings().languages},
        picture=_base() + _address("face.picture", {"programme": asked["programme"]}, spoken),
        about=sentence(tiles),
        locales=LOCALES,
        spoken=spoken,
        data=events_data(ahead, spoken, base_url=_base(), organizer=gettext("Torangy")),
    )


def _frame(scope: Scope, asked: Mapping[str, str | None], spoken: str) -> tuple[str, None]:
    teller, _ = _teller(scope, spoken)
    body = render_template(
        "impact/face/embed.html",
        tiles=teller.tiles(),
        place_and_time=teller.place_and_time(),
        address=_public_address(asked, spoken),
        spoken=spoken,
    )
    return body, None


def _card(scope: Scope, spoken: str) -> tuple[bytes, None]:
    teller, _ = _teller(scope, spoken)
    figures = [CardFigure(one.figure, one.unit, one.label) for one in teller.tiles()]
    return draw_card(gettext("Torangy"), gettext("Results"), figures, teller.place_and_time()), None


def _teller(scope: Scope, spoken: str) -> tuple[Teller, Gathered]:
    """The report, told; and what there is to choose from. The sums are alike in all languages, years and cities."""
    check_known(city=scope.city)
    wanted = scope.programme
    gathered = _kept(("sums", wanted), lambda: (gather(wanted), None), now=clock.now())
    own = {key: dict(one.texts) for key, one in gathered.metrics.items() if one.texts}
    names = {city.slug: city.name for city in cities()}
    return Teller(gathered.report(Asked(scope.year, scope.city)), spoken, names, own), gathered


def _money_page(programme_id: str) -> str:
    return url_for("money.expenses", programme_id=programme_id)


def _kept(key: object, make: Callable[[], tuple[T, datetime | None]], *, now: datetime) -> T:
    """What was made before for this version of the database, or made now: with the moment until which it holds."""
    kept: Kept[T] = current_app.extensions.setdefault("impact_face", Kept())
    known = version()
    found = kept.find(key, known, now=now)
    if found is not None:
        return found
    made, until = make()
    return kept.keep(key, made, known, until=until)


def _fresh(answer: Response, body: bytes) -> Response:
    """May be kept elsewhere, but is asked about each time: it is never behind."""
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.vary.add("Accept-Language")
    answer.set_etag(sha256(body).hexdigest()[:32])
    answer.make_conditional(request)
    return answer


def _asked() -> dict[str, str | None]:
    return {name: request.args.get(name) or None for name in ("programme", "city", "year")}


def _scope() -> Scope:
    asked = _asked()
    year = asked["year"]
    if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise NotFound
    return Scope(asked["programme"], int(year) if year else None, asked["city"])


@contextmanager
def _spoken_as_asked() -> Iterator[str]:
    """The language that the address names (so that a link can be sent in it), else the visitor's."""
    wanted = request.args.get("lang")
    if wanted not in _settings().languages:
        yield language()
        return
    with force_locale(wanted):
        yield wanted


def _page_of(endpoint: str, asked: Mapping[str, str | None]) -> str:
    given = urlencode({name: value for name, value in asked.items() if value})
    return url_for(endpoint) + (f"?{given}" if given else "")


def _address(endpoint: str, asked: Mapping[str, str | None], spoken: str) -> str:
    return _page_of(endpoint, {**asked, "lang": spoken})


def _public_address(asked: Mapping[str, str | None], spoken: str) -> str:
    return _base() + _address("face.index", asked, spoken)


def _hosts() -> str:
    return " ".join(["'self'", *_settings().embed_hosts])


def _base() -> str:
    return _settings().base_url


def _settings() -> Settings:
    found: Settings = current_app.config["TORANGY"]
    return found
