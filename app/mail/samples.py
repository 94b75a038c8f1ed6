"""What letters are shown with before anybody got one: sample.json beside each template, around facts that all share.

"@event" and the like in a sample stand for the shared facts below. The people are the house's cast; nobody real.
"""

import json
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

SOURCE, SAMPLE = "letter.html", "sample.json"

SHARED: Mapping[str, Any] = {
    "@event": {
        "id": "sample",
        "url": "/",
        "kind": "cleanup",
        "title": {
            "kk": "Балқаш жағалауын тазалау",
            "ru": "Уборка берега Балхаша",
            "en": "Cleaning the shore of Balkhash",
        },
        "place": {"kk": "Торанғы тоғайы", "ru": "Туранговая роща", "en": "The turanga grove"},
        "city": "Балқаш",
        "meeting_point": {
            "kk": "Зауыттың шығыс қақпасы",
            "ru": "Восточная проходная завода",
            "en": "East gate of the works",
        },
        "bring": {"kk": "Су, бас киім, қолғап", "ru": "Вода, головной убор, перчатки", "en": "Water, a hat, gloves"},
        "starts_at": "2026-10-03T04:40:00+00:00",
        "ends_at": "2026-10-03T08:00:00+00:00",
        "date_precision": "minute",
        "timezone": "Asia/Almaty",
        "lunch": True,
        "ppe": [],
        "cancel_reason": {
            "kk": "Боран соғады, жол жабық.",
            "ru": "Метель, дорога закрыта.",
            "en": "A snowstorm closes the road.",
        },
        "contact": {"name": "Айгүл С.", "phone": "+77086541886"},
    },
    "@people": [
        {"name": "Нұрлан", "full_name": "Нұрлан Е.", "ticket": "7KQ2 M4XD", "ticket_url": "/tickets/7KQ2M4XD"},
        {"name": "Дина", "full_name": "Дина Е.", "ticket": "W8RT 3HPA", "ticket_url": "/tickets/W8RT3HPA"},
    ],
    "@tickets": [{"name": "Нұрлан Е.", "code": "7KQ2 M4XD"}, {"name": "Дина Е.", "code": "W8RT 3HPA"}],
    "@institution": {"kk": "№ 5 мектеп-интернат", "ru": "Школа-интернат № 5", "en": "Boarding school No 5"},
    "@due_at": "2026-10-01T13:00:00+00:00",
}


def templates_of_letters(environment: Environment) -> list[str]:
    """The names of all letters, as rows of the outbox have them: "signups/confirmed"."""
    files = environment.list_templates(filter_func=lambda name: name.endswith(f"/{SOURCE}"))
    parts = [file.split("/") for file in files]
    return sorted(f"{each[0]}/{each[2]}" for each in parts if len(each) == 4 and each[1] == "mail")


def sample_of(environment: Environment, template: str) -> dict[str, Any]:
    """The context of a sample letter, JSON as in a row of the outbox; raises LookupError where none stands."""
    slice_name, _, mail = template.partition("/")
    assert environment.loader is not None
    text, _file, _fresh = environment.loader.get_source(environment, f"{slice_name}/mail/{mail}/{SAMPLE}")
    sample = _filled(json.loads(text))
    assert isinstance(sample, dict)
    return sample


def _filled(value: Any) -> Any:
    """The value with its "@names" replaced by what is shared."""
    if isinstance(value, str):
        return SHARED[value] if value.startswith("@") else value
    if isinstance(value, list):
        return [_filled(one) for one in value]
    if isinstance(value, dict):
        return {name: _filled(one) for name, one in value.items()}
    return value
