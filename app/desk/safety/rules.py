"""Who signed which version of the briefing, from all that was said about a person. Pure."""

from typing import Any

from app.attendance.operation import Conflict, Said, canonical

SIGNATURE = "briefing_signature"


def signed_of(said: Said) -> dict[str, str]:
    """{version: the signature that stands for it}: the one with the smallest id, on every device."""
    found: dict[str, list[Any]] = {}
    for one in said.of(SIGNATURE):
        found.setdefault(str(one.body.get("version", "")), []).append(one)
    stands = {version: canonical(equals) for version, equals in found.items()}
    return {version: one.id for version, one in stands.items() if one}


def nothing_contradicts(said: Said) -> tuple[Conflict, ...]:
    """Whoever signed twice signed."""
    return ()


def signed_json(signed: dict[str, str]) -> dict[str, Any]:
    """The part of a merge that every device must agree on."""
    return {"signed": sorted(signed)} if signed else {}
