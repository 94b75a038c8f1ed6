"""The sheet "who is going": people, sizes, consents."""

from wtforms import BooleanField, SelectMultipleField

from app.gifts.queries import unusual_sizes
from app.signups.operations import Answers
from app.web.forms import BaseForm


class SignUpForm(BaseForm):
    """Ids of people as ticked; a size is sent as "<person>:<size>"."""

    class Meta(BaseForm.Meta):
        """The token was checked before the view; the busiest form of all doesn't check it twice."""

        csrf = False

    people = SelectMultipleField(validate_choice=False)
    sizes = SelectMultipleField(validate_choice=False)
    consents = SelectMultipleField(validate_choice=False)
    photos = SelectMultipleField(validate_choice=False)
    accept_fewer = BooleanField()

    def answers(self, event_id: str) -> Answers:
        """What was said beside the names."""
        pairs = (text.partition(":") for text in self.sizes.data or [])
        sizes = {person: size for person, _, size in pairs if size}
        return Answers(
            sizes=sizes,
            unusual_sizes=unusual_sizes(event_id, sizes.values()),
            consents=frozenset(self.consents.data or []),
            photos=frozenset(self.photos.data or []),
        )
