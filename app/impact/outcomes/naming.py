"""What metrics, species and units are called in the reader's language: those of the house, and coordinators' own."""

from collections.abc import Mapping

from flask_babel import gettext

from app.impact.outcomes.metric_queries import metrics_known
from app.impact.outcomes.metrics import MetricFacts
from app.impact.outcomes.words import METRIC_NAMES, METRIC_NOTES, SPECIES_NAMES, UNIT_NAMES
from app.web.forms import language
from app.web.words import in_language


class Names:
    """For templates and spreadsheets: {{ names.metric("waste_removed") }}. Asks the database once, at most."""

    def __init__(self, known: Mapping[str, MetricFacts] | None = None) -> None:
        self._known = known

    @property
    def known(self) -> Mapping[str, MetricFacts]:
        """{key: metric} of all that there are."""
        if self._known is None:
            self._known = metrics_known()
        return self._known

    def metric(self, key: str) -> str:
        """What is counted."""
        if key in METRIC_NAMES:
            return gettext(METRIC_NAMES[key])
        own = self.known.get(key)
        return in_language(own.texts, language()) if own and own.texts else key

    def note(self, key: str) -> str:
        """What helps to choose it; "" where it explains itself."""
        return gettext(METRIC_NOTES[key]) if key in METRIC_NOTES else ""

    def unit(self, unit: str) -> str:
        """A unit, to choose it: plural where it has one."""
        return gettext(UNIT_NAMES[unit]) if unit in UNIT_NAMES else unit

    def species(self, species: str) -> str:
        """A kind of fish; "" where nobody said which."""
        return gettext(SPECIES_NAMES[species]) if species in SPECIES_NAMES else species
