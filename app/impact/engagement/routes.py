"""Pages of engagement: one's own year, and departments' shares. Nobody reads another person's year here."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.attendance.hours import spoken_hours
from app.impact.engagement.participation import Department, share_chart
from app.impact.engagement.queries import departments, my_year, years_with_events
from app.impact.outcomes import words
from app.impact.reports.charts import Bar
from app.people.queries import cities_of
from app.web.access import signed_in, with_role
from app.web.actor import current_actor
from app.web.dates import local_date
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("engagement", __name__)


@bp.get("/my/year")
@signed_in
def mine() -> ResponseReturnValue:
    """Events, hours and what came of them, one's own and one's children's; to print."""
    year = request.args.get("year", type=int)
    found = my_year(str(current_actor().person_id), year=year, now=clock.now())
    return render_template("impact/engagement/year.html", found=found, words=words, spoken_hours=spoken_hours)


@bp.get("/engagement/departments")
@with_role(COORDINATOR, MANAGEMENT)
def shares() -> ResponseReturnValue:
    """How many of each department took part, by the alphabet; small departments are not shown."""
    actor, this_year = current_actor(), local_date(clock.now()).year
    years = years_with_events()
    year = request.args.get("year", default=this_year, type=int)
    city = request.args.get("city", "")
    chosen = year if year in years else this_year
    names = {one.slug: one.name for one in cities_of(actor, COORDINATOR, MANAGEMENT)}
    found = departments(actor, year=chosen, city=city)
    return render_template(
        "impact/engagement/departments.html",
        found=found,
        chart=share_chart(
            [_bar(one, "" if city else in_language(names.get(one.city, {}), language())) for one in found.departments]
        ),
        year=chosen,
        years=sorted({*years, this_year}, reverse=True),
        city=city,
        cities=names,
    )


def _bar(one: Department, city: str) -> Bar:
    label = f"{one.name} · {city}" if city else one.name
    said = gettext("%(percent)s %%: %(n)s of %(all)s", percent=one.percent, n=one.took_part, all=one.headcount)
    return Bar(label, one.percent, said)
