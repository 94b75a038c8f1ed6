"""What groups, buses and unmet rules are called by people: for pages, forms and programs."""

from collections.abc import Sequence

from flask_babel import gettext, ngettext

from app.errors import N_
from app.rosters.arranging import Unmet
from app.rosters.boards import Board

AREAS = {"": N_("whoever comes"), "city": N_("people of one city"), "department": N_("people of one department")}
WAYS = {"keep": N_("stay where they are"), "anew": N_("are placed anew")}
DIRECTIONS = {"out": N_("there"), "back": N_("back")}
NAMED = 4  # so many names stand in a sentence


def container_name(what: str, name: str) -> str:
    """Group 3, Bus 12; one with a name of its own goes by it."""
    if not name.isdecimal():
        return name
    return gettext("Bus %(name)s", name=name) if what == "buses" else gettext("Group %(name)s", name=name)


def unmet_sentence(unmet: Unmet, board: Board) -> str:
    """Why a rule isn't kept, and whom it is about."""
    facts, who = unmet.facts, _names([board.names[place_id] for place_id in unmet.who if place_id in board.names])
    if unmet.reason == "escorts":
        return _escorts(unmet, board)
    if unmet.reason == "uneven":
        return gettext("Not even: from %(least)s to %(most)s people, because others of the rules come first.", **facts)
    if unmet.reason == "too-large":
        return gettext("%(who)s: %(num)s people who stay together, and none holds so many.", who=who, **facts)
    if unmet.reason == "no-room":
        words = N_("%(who)s: no %(num)s places side by side are free, at most %(free)s. A family is not parted.")
        return gettext(words, who=who, **facts)
    if unmet.reason == "no-places":
        return _counted(unmet, who)
    if unmet.reason == "not-placed":
        return _counted(unmet, who)
    if unmet.reason == "area-parted" and board.rules.by == "department":
        return gettext("%(name)s: %(num)s people are parted over %(parts)s.", name=unmet.about, **facts)
    parted = {
        "family-parted": N_("A family is parted: %(who)s."),
        "company-parted": N_("Parted over %(parts)s: %(who)s, who came together. No other way fits the rules."),
        "area-parted": N_("Parted over %(parts)s: %(who)s, of one city."),
    }
    return gettext(parted[unmet.reason], who=who, **facts)


def _counted(unmet: Unmet, who: str) -> str:
    if unmet.reason == "no-places":
        return ngettext(
            "All places are taken: %(num)s person has none (%(who)s).",
            "All places are taken: %(num)s people have none (%(who)s).",
            unmet.facts["num"],
            who=who,
        )
    return ngettext(
        "%(num)s person is not placed yet: %(who)s.",
        "%(num)s people are not placed yet: %(who)s.",
        unmet.facts["num"],
        who=who,
    )


def _escorts(unmet: Unmet, board: Board) -> str:
    card = next(card for card in board.cards if card.container.id == unmet.container)
    name, ratio = container_name(board.what, card.container.name), card.ratio
    said = ngettext(
        "%(name)s: %(num)s escort is missing for its children.",
        "%(name)s: %(num)s escorts are missing for its children.",
        ratio.missing,
        name=name,
    )
    if ratio.state == "amber":
        others = ratio.adults - ratio.escorts
        said += " " + ngettext(
            "%(num)s other adult is there: ask them.", "%(num)s other adults are there: ask one of them.", others
        )
    return said


def _names(names: Sequence[str]) -> str:
    said = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return said if more <= 0 else ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=said)
