"""What a form for money offers: the programme as a whole, and the events for which this actor may write money down."""

from typing import Any

from flask_babel import gettext

from app.events.models import Programme
from app.impact.money.forms import ExpenseForm
from app.impact.money.policy import can_record_expense
from app.impact.money.queries import events_with_drafts
from app.impact.outcomes.policy import can_record_outcome
from app.impact.queries import cities_of
from app.people.queries import cities
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language


def expense_form(programme: Programme, **given: Any) -> ExpenseForm:
    """The form, with what this actor may choose; drafts too, because money is planned before all else."""
    actor, spoken = current_actor(), language()
    names = {city.slug: city.name for city in cities()}
    choices = []
    if can_record_expense(actor, programme, cities=cities_of(programme), event=None):
        choices.append(("", gettext("The whole programme")))
    choices += [
        (event.id, f"{in_language(event.title, spoken)}, {in_language(names[event.site.city], spoken)}")
        for event in events_with_drafts(programme)
        if can_record_outcome(actor, event)
    ]
    return ExpenseForm(choices, **given)
