"""How many adults children need, by age band. Pure: asked anew whenever somebody comes, goes or moves.

The bands are the house's own; a site's rule (one adult for so many children) makes them stricter, never laxer.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from math import lcm

from app.rosters.travellers import Traveller


@dataclass(frozen=True, slots=True)
class Band:
    """Children below this age: one adult for so many of them."""

    below: int
    per_adult: int


BANDS = (Band(7, 5), Band(11, 8), Band(14, 10), Band(18, 15))


@dataclass(frozen=True, slots=True)
class Ratio:
    """Who is there for the children. `escorts` came for them; `adults` are all grown-ups, escorts among them."""

    children: int
    escorts: int
    adults: int
    needed: int

    @property
    def missing(self) -> int:
        """How many escorts more there should be."""
        return max(0, self.needed - self.escorts)

    @property
    def state(self) -> str:
        """green, amber (enough only if others who came for themselves look after them too), red, or none."""
        if not self.children:
            return "none"
        if not self.missing:
            return "green"
        return "amber" if self.adults >= self.needed else "red"


@cache
def bands_for(site_ratio: int | None) -> tuple[Band, ...]:
    """The bands where the site asks for one adult to so many children (None: it asks nothing of its own)."""
    return tuple(Band(band.below, min(band.per_adult, site_ratio or band.per_adult)) for band in BANDS)


def adults_needed(ages: Iterable[int | None], bands: tuple[Band, ...] = BANDS) -> int:
    """Escorts for children of these ages; an unknown age counts as the youngest. Bands are added, then rounded up."""
    whole = unit_of(bands)
    return -(-sum(weight(age, bands) for age in ages) // whole)


def unit_of(bands: tuple[Band, ...]) -> int:
    """What one adult can bear, in the whole numbers of weight()."""
    return lcm(*(band.per_adult for band in bands))


def weight(age: int | None, bands: tuple[Band, ...]) -> int:
    """What a child of this age asks of an adult, in whole numbers so that nothing is rounded on the way."""
    band = next((band for band in bands if (age or 0) < band.below), bands[-1])
    return unit_of(bands) // band.per_adult


def ratio_of(people: Collection[Traveller], escorts: Collection[str], bands: tuple[Band, ...] = BANDS) -> Ratio:
    """The ratio among these people, `escorts` being the places of all who came for a child."""
    children = [person for person in people if person.is_child]
    return Ratio(
        children=len(children),
        escorts=sum(person.place_id in escorts for person in people),
        adults=len(people) - len(children),
        needed=adults_needed((child.age for child in children), bands),
    )
