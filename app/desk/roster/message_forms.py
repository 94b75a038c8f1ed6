"""A message to a part of a roster: its words in three languages, and when it leaves."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FormField, HiddenField, RadioField, SelectChoice  # type: ignore[attr-defined] # the stubs lag
from wtforms.validators import InputRequired, Optional, Regexp

from app.attendance.entry_ids import new_entry_id
from app.desk.roster.messages import Draft
from app.desk.roster.roster import RosterFilter
from app.errors import N_, Invalid
from app.events.periods import moment
from app.web.fields import DateField, TimeField
from app.web.forms import BaseForm, LongTextsForm, TextsForm, texts

WHEN = [SelectChoice("now", _("Now")), SelectChoice("later", _("Later"))]


class MessageForm(BaseForm):
    """What is written, to be sent now or on a day and a time of the event's place."""

    batch = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-f-]{36}$")], default=lambda: str(new_entry_id()))
    subject = FormField(TextsForm, _("Subject"))
    text = FormField(LongTextsForm, _("Text"))
    footer = FormField(TextsForm, _("At the foot"))
    when = RadioField(_("When"), choices=WHEN, default="now")
    send_on = DateField(_("Day"), [Optional()])
    send_time = TimeField(_("Time"), [Optional()])

    def draft(self, wanted: RosterFilter, timezone: str) -> Draft:
        """The message as typed. Raises Invalid where it is to leave later and the day or the time is missing."""
        words = {name: texts(self[name]) for name in ("subject", "text", "footer")}
        return Draft(str(self.batch.data), wanted, **words, send_at=self._send_at(timezone))

    def _send_at(self, timezone: str) -> datetime | None:
        if self.when.data != "later":
            return None
        if self.send_on.data is None or self.send_time.data is None:
            raise Invalid({"send_on": N_("Choose a day and a time.")})
        return moment(self.send_on.data, self.send_time.data, timezone)

    def carried(self) -> list[tuple[str, Any]]:
        """Everything typed, for the hidden fields of the page that asks once more."""
        fields = [("batch", self.batch.data), ("when", self.when.data)]
        fields += [(name, self[name].raw_data[0]) for name in ("send_on", "send_time") if self[name].raw_data]
        for name in ("subject", "text", "footer"):
            fields += [(f"{name}-{code}", word) for code, word in texts(self[name]).items()]
        return fields
