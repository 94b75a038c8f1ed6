"""Every table in one import, for migrations and for mappers that name each other by string."""

from app.access import models as access
from app.accounts import models as accounts
from app.api import models as api
from app.attendance import hour_models as hours
from app.attendance import incident_models as incidents
from app.attendance import log_models as desk_log
from app.attendance import models as attendance
from app.audit import models as audit
from app.consents import briefing_models as briefings
from app.consents import models as consents
from app.desk.departure import models as departures
from app.desk.log import conflict_models as desk_conflicts
from app.desk.paper import models as tick_sheets
from app.desk.phone import models as desk_devices
from app.desk.roster import models as desk
from app.desk.trip import models as legs
from app.events import models as events
from app.events import trip_models as trips
from app.gifts import models as gifts
from app.impact.money import models as expenses
from app.impact.money import paper_models as expense_papers
from app.impact.outcomes import models as outcomes
from app.impact.pictures import models as pictures
from app.impact.planning import models as plans
from app.impact.thanks import models as thanks
from app.mail import form_models as mail_forms
from app.mail import models as mail
from app.mail import override_models as mail_overrides
from app.mail import report_models as mail_reports
from app.mail import sending_models as mail_sending
from app.people import import_models as imports
from app.people import models as people
from app.reminders import models as reminders
from app.rosters import change_models as event_changes
from app.rosters import duty_models as duties
from app.rosters import models as rosters
from app.search import models as search
from app.signups import models as signups
from app.tasks import models as tasks

__all__ = [
    "access",
    "accounts",
    "api",
    "attendance",
    "audit",
    "briefings",
    "consents",
    "departures",
    "desk",
    "desk_conflicts",
    "desk_devices",
    "desk_log",
    "duties",
    "event_changes",
    "events",
    "expense_papers",
    "expenses",
    "gifts",
    "hours",
    "imports",
    "incidents",
    "legs",
    "mail",
    "mail_forms",
    "mail_overrides",
    "mail_reports",
    "mail_sending",
    "outcomes",
    "people",
    "pictures",
    "plans",
    "reminders",
    "rosters",
    "search",
    "signups",
    "tasks",
    "thanks",
    "tick_sheets",
    "trips",
]
