"""What stored words stand for in an act of the log: by the field, by the table of the row, by what was done. Pure."""

from collections.abc import Mapping

from app.access.forms import ROLE_NAMES as ROLES
from app.consents.words import CHANNEL_NAMES
from app.consents.words import KIND_NAMES as CONSENTS
from app.desk.departure.readiness import NAMES as LINES
from app.desk.log.conflict_words import CHOICES, LET_STAND, REASONS, SIDES, TAKE_BACK
from app.desk.roster.files import ATTENDANCES
from app.desk.roster.prints import KINDS as PRINTS
from app.errors import N_
from app.events.badges import NAMES as BADGES
from app.events.question_forms import KINDS as QUESTIONS
from app.events.words import (
    APPROVALS,
    AUDIENCES,
    FULL,
    HAZARD_CLASSES,
    KINDS,
    PPE,
    PRECISIONS,
    PROMOTIONS,
    SITE_KINDS,
    TRANSPORTS,
)
from app.impact.follow_up.words import STATE_NAMES as FOLLOW_UPS
from app.impact.money.words import CATEGORY_NAMES, STAGE_NAMES, TENGE_UNITS
from app.impact.outcomes.words import METHOD_NAMES, METRIC_NAMES, UNIT_NAMES
from app.impact.pictures.words import SHOWS_NAMES
from app.mail.kinds import KINDS as MAILS
from app.mail.preferences import KINDS as OPTIONAL_LETTERS
from app.people.forms import KIND_NAMES as PEOPLE
from app.people.values import DIETS
from app.rosters.duty_words import ROLE_NAMES as DUTIES
from app.rosters.duty_words import SKILL_NAMES
from app.rosters.group_words import DIRECTIONS

Words = Mapping[str, str]

STATUSES = {
    "draft": N_("Draft"),
    "published": N_("Published"),
    "closed": N_("Sign-up closed"),
    "running": N_("On now"),
    "completed": N_("Took place"),
    "postponed": N_("Postponed"),
    "cancelled": N_("Cancelled"),
    "confirmed": N_("Confirmed"),
    "waiting": N_("In the queue"),
    "offered": N_("Seat offered"),
    "declined": N_("Offer declined"),
}
LETTERS = {
    "queued": N_("Waiting to be sent"),
    "sending": N_("Being sent"),
    "sent": N_("Sent"),
    "failed": N_("Not delivered"),
    "cancelled": N_("Cancelled"),
    "missed": N_("Too late to send"),
}
HOST_ANSWERS = {
    "new": N_("Not invited yet"),
    "invited": N_("Invited"),
    "confirmed": N_("Confirmed"),
    "declined": N_("Said no"),
}
LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
CHANGES = {"move": N_("moved the event"), "postpone": N_("postponed the event"), "cancel": N_("cancelled the event")}
PARTS = {"participant": N_("Participant"), "escort": N_("Escort")}
STOCK = {
    "receipt": N_("entered gifts that arrived"),
    "transfer": N_("moved gifts to another store"),
    "reservation": N_("set gifts aside"),
    "hand_out": N_("entered gifts that were handed out"),
    "exchange": N_("exchanged gifts"),
    "return": N_("entered gifts that came back"),
    "loss": N_("entered a loss of gifts"),
    "correction": N_("corrected the stock"),
    "kit_out": N_("lent equipment"),
    "kit_back": N_("took equipment back"),
}

OF_FIELD: dict[str, Words] = {
    "status": STATUSES,
    "kind": KINDS,
    "audience": AUDIENCES,
    "date_precision": PRECISIONS,
    "on_full": FULL,
    "promotion": PROMOTIONS,
    "approval": APPROVALS,
    "transport": TRANSPORTS,
    "hazard_class": HAZARD_CLASSES,
    "ppe": PPE,
    "language": LANGUAGES,
    "caterer_language": LANGUAGES,
    "category": CATEGORY_NAMES,
    "contact_language": LANGUAGES,
    "firm_language": LANGUAGES,
    "owner_language": LANGUAGES,
    "badges": BADGES,
    "attendance": ATTENDANCES,
    "channel": CHANNEL_NAMES,
    "diet": DIETS,
    "for_whom": {"all": N_("everybody"), "children": N_("children"), "adults": N_("adults")},
    "direction": DIRECTIONS,
    "duty": DUTIES,
    "kinds": CONSENTS,
    "letter": MAILS,
    "letters": OPTIONAL_LETTERS,
    "line": LINES,
    "lunch": DIETS | {"": N_("Not said")},
    "metric": METRIC_NAMES,
    "method": METHOD_NAMES,
    "operation": SIDES,
    "shows": SHOWS_NAMES | {"": N_("Not said")},
    "role": ROLES | DUTIES | PARTS,
    "skill": SKILL_NAMES,
    "stage": STAGE_NAMES,
    "unit": UNIT_NAMES | TENGE_UNITS,
    "state": HOST_ANSWERS,
    "consent": {"missing": N_("No consent")},
    "reach": {"none": N_("Nobody")},
    "group": {"none": N_("No group yet")},
    "bus": {"none": N_("No bus yet")},
    "shift": {"none": N_("No shift yet")},
    "shown_if_answer": {"yes": N_("Yes"), "no": N_("No")},
}
# Where the same field means another thing: by the table of the row, or by what was done.
OF_ROW: dict[tuple[str, str], Words] = {
    ("consents", "kind"): CONSENTS,
    ("consent_texts", "kind"): CONSENTS,
    ("desk_conflicts", "choice"): CHOICES | {"both": LET_STAND, "none": TAKE_BACK},
    ("desk_conflicts", "reason"): REASONS,
    ("event_changes", "kind"): CHANGES,
    ("mails", "status"): LETTERS,
    ("people", "kind"): PEOPLE,
    ("questions", "kind"): QUESTIONS,
    ("sites", "kind"): SITE_KINDS,
    ("stock_entries", "kind"): STOCK,
    ("tasks", "state"): FOLLOW_UPS,
}
OF_ACT: dict[tuple[str, str], Words] = {
    ("change_host", "kind"): {"host": N_("Receives us"), "guide": N_("Guides us")},
    ("export", "kind"): {"csv": "CSV", "xlsx": "XLSX", **PRINTS},
    ("undo_change", "kind"): CHANGES,
}


def words_for(table: str, verb: str, field: str) -> Words:
    """{stored word: what it is called}, empty where the values are no words of ours."""
    return OF_ACT.get((verb, field)) or OF_ROW.get((table, field)) or OF_FIELD.get(field, {})
