"""/styleguide: every part of the look on one page, in all its states. Registered in development and tests only."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (  # type: ignore[attr-defined] # the stubs lag behind 3.3
    BooleanField,
    DateField,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from app.web.access import open_to_all

bp = Blueprint("styleguide", __name__)

# what the sample screens say: people and dates are invented, figures and places are those of the programme
SAMPLES = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


class SampleTitle(FlaskForm):
    """One title in three languages. A FlaskForm, so that its errors speak the reader's language."""

    class Meta:
        csrf = False

    kk = StringField(validators=[InputRequired()])
    ru = StringField()
    en = StringField()


class SampleForm(FlaskForm):
    """A field of each sort; born, size and title come back wrong."""

    class Meta:
        csrf = False

    surname = StringField("Тегі · Фамилия", [InputRequired()])
    born = DateField("Туған күні · Дата рождения", [InputRequired()], format="%d.%m.%Y")
    size = SelectField(
        "Футболка", [InputRequired()], choices=[SelectChoice("", "—"), SelectChoice("146"), SelectChoice("158")]
    )
    count = IntegerField("Орын саны · Мест", [Optional()])
    health = TextAreaField("Денсаулығы · Здоровье", [Optional()])
    title = FormField(SampleTitle, label="Атауы · Название")
    language = RadioField(
        "Хат тілі · Язык писем", choices=[SelectChoice("kk", "Қазақша"), SelectChoice("ru", "Русский")], default="kk"
    )
    photo = BooleanField("Суретке түсіруге болады · Можно фотографировать", [Optional()])


@bp.get("/styleguide")
@open_to_all
def page() -> str:
    """All the parts."""
    form = SampleForm(MultiDict({"surname": "Сейітқали", "born": "30.02.2017", "count": "40", "language": "kk"}))
    form.validate()
    costs = [
        {"label": "Көгалдандыру, Балқаш", "amount": 73_916_000, "text": "73 916 000 ₸", "planned": False},
        {"label": "Таза жағалау", "amount": 2_826_000, "text": "2 826 000 ₸", "planned": False},
        {"label": "Green Energy", "amount": 433_000, "text": "433 000 ₸", "planned": True},
    ]
    starts_at = datetime(2026, 10, 3, 5, tzinfo=UTC)
    return render_template(
        "styleguide/page.html", s=SAMPLES, form=form, costs=costs, starts_at=starts_at, title=_("All the parts")
    )
