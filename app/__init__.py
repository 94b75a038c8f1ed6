"""Torangy: events, sign-ups, rosters, the day itself and what it achieved. Here is the wiring only."""

from babel import Locale
from flask import Flask, request
from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from app import cli, models, worker  # noqa: F401 - models: mappers name each other by string
from app.access.kiosk_routes import bp as kiosks
from app.access.kiosk_routes import door as kiosk
from app.access.login import load_visitor
from app.access.routes import bp as access
from app.access.signed_links import set_link_key
from app.api.face import init_api
from app.attendance.marking import set_notice
from app.attendance.routes import bp as attendance
from app.consents.routes import bp as consents
from app.db import db as database
from app.db import init_database
from app.desk.day.hands_routes import bp as hands
from app.desk.day.overview_routes import bp as overview
from app.desk.departure.routes import bp as departures
from app.desk.log.noticing import notice_conflicts
from app.desk.phone.routes import asking_phone
from app.desk.roster.pages import desk_pages
from app.desk.routes import bp as desk
from app.desk.tables.noticing import notice_shelf
from app.events.routes import bp as events
from app.gifts.ledger import set_entry_notice
from app.gifts.routes import bp as gifts
from app.history.routes import bp as history
from app.impact.engagement.routes import bp as engagement
from app.impact.face.routes import bp as face
from app.impact.follow_up.routes import bp as follow_ups
from app.impact.money.routes import bp as money
from app.impact.outcomes.routes import bp as outcomes
from app.impact.pictures.routes import bp as pictures
from app.impact.planning.routes import bp as plans
from app.impact.reports.routes import bp as impact
from app.impact.thanks.routes import bp as thanks
from app.mail.dkim_signing import init_signing
from app.mail.override_routes import bp as own_letters
from app.mail.preview_routes import bp as letters
from app.mail.proof_routes import bp as proof
from app.mail.routes import bp as mail
from app.mail.suppression_routes import bp as suppressions
from app.people.routes import bp as people
from app.reminders.routes import bp as reminders
from app.rosters.change_routes import bp as changes
from app.rosters.duty_routes import bp as duties
from app.rosters.group_routes import bp as groups
from app.rosters.host_routes import bp as hosts
from app.rosters.lunch_routes import bp as lunches
from app.search.routes import bp as search
from app.signups.answer_routes import bp as answers
from app.signups.appeal_routes import bp as appeals
from app.signups.institution_answer_routes import bp as list_answers
from app.signups.institution_consent_routes import bp as list_consents
from app.signups.institution_routes import bp as lists
from app.signups.invitation_routes import bp as invitations
from app.signups.kiosk_routes import bp as kiosk_signups
from app.signups.party_routes import bp as parties
from app.signups.queue_routes import bp as queues
from app.signups.reanswer_routes import bp as reanswers
from app.signups.routes import bp as signups
from app.signups.ticket_routes import bp as tickets
from app.upkeep.metrics import bp as metrics
from app.web import filters
from app.web.actor import chosen_language, current_actor
from app.web.errors import init_errors
from app.web.headers import init_headers
from app.web.health import bp as health
from app.web.help import bp as help_page
from app.web.navigation import footer, menu
from app.web.odd_requests import init_odd_requests
from app.web.styleguide import bp as styleguide
from config import ROOT, Settings, read_settings

LANGUAGE_NAMES = {"kk": ("Қаз", "ақша"), "ru": ("Рус", "ский"), "en": ("Eng", "lish")}
PAGES = (
    health,
    metrics,
    help_page,
    access,
    people,
    events,
    consents,
    signups,
    answers,
    appeals,
    invitations,
    lists,
    list_consents,
    list_answers,
    parties,
    reanswers,
    queues,
    changes,
    departures,
    hosts,
    lunches,
    reminders,
    duties,
    attendance,
    gifts,
    desk,
    face,
    engagement,
    follow_ups,
    impact,
    thanks,
    outcomes,
    money,
    plans,
    pictures,
    mail,
    letters,
    own_letters,
    proof,
    suppressions,
    tickets,
    kiosks,
    kiosk,
    kiosk_signups,
    groups,
    search,
    history,
    hands,
    overview,
)

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (by default those of the environment)."""
    settings = settings or read_settings()
    app = Flask(__name__, root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(settings.flask())
    init_database(app)
    set_link_key(app.config["SECRET_KEY"])
    _tell_rooms()
    Migrate(app, database, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    _init_login(app)
    _init_languages(app, settings)
    csrf.init_app(app)
    init_errors(app)
    init_headers(app)
    init_odd_requests(app)
    Compress(app)
    filters.register(app)
    for page in PAGES:
        app.register_blueprint(page)
    if settings.testing or settings.debug or settings.demo:
        app.register_blueprint(styleguide)
    app.extensions["desk_phones"] = asking_phone
    init_signing(app)
    init_api(app, csrf)
    cli.register(app)
    worker.init_bell(app)
    return app


def _tell_rooms() -> None:
    """What rooms further on make of a mark and of an entry in the stock book."""
    set_notice(notice_conflicts)
    set_entry_notice(notice_shelf)


def _init_login(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(load_visitor)


def _init_languages(app: Flask, settings: Settings) -> None:
    locales = {language: Locale.parse(language) for language in settings.languages}  # each page would read it anew

    def choose() -> Locale:
        return locales[chosen_language(settings.languages, request.accept_languages.best_match)]

    Babel(app, locale_selector=choose)

    @app.context_processor
    def _frame() -> dict[str, object]:
        actor = current_actor()
        languages = [(code, *LANGUAGE_NAMES[code]) for code in settings.languages]
        frame = {"actor": actor, "nav": menu(actor), "foot": footer(actor)}
        return frame | {"languages": languages, "language": actor.language, "desk_pages": desk_pages}
