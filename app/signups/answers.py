"""What was said with a sign-up beside the names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answers:
    """Sizes, diets and health notes by person; children whom the guardian agrees for; answers to the event's questions.

    `questions` is {(question's id, person's id or "" for the party): value}. `despite` names rules that were waved
    knowingly ("on-shift"). `no_shows` is {person's id: times absent in a year}, looked up by the edge where the event
    blocks for it. `keep_medical` are those whose note the guardian keeps on the child's own profile.
    """

    sizes: Mapping[str, str] = field(default_factory=dict)
    diets: Mapping[str, str] = field(default_factory=dict)
    medical: Mapping[str, str] = field(default_factory=dict)
    keep_medical: Collection[str] = ()
    consents: Collection[str] = ()
    photos: Collection[str] = ()
    unusual_sizes: Collection[str] = ()
    consent_may_follow: bool = False
    questions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    despite: Collection[str] = ()
    no_shows: Mapping[str, int] = field(default_factory=dict)
