"""Mistyped domains: gmial.com is asked about once, when it is entered. Pure; nobody is asked over the network."""

from collections.abc import Collection

# What nearly all private addresses here end in; what many of our own people have is added where it is asked.
USUAL = (
    "gmail.com", "mail.ru", "yandex.ru", "yandex.kz", "yandex.com", "ya.ru", "bk.ru", "list.ru", "inbox.ru",
    "internet.ru", "mail.kz", "inbox.kz", "icloud.com", "me.com", "outlook.com", "hotmail.com", "live.com",
    "live.ru", "msn.com", "yahoo.com", "rambler.ru", "lenta.ru", "vk.com", "ok.ru", "proton.me",
    "protonmail.com", "googlemail.com", "mac.com", "aol.com", "gmx.com", "gmx.de", "gmx.net", "web.de",
    "mail.com", "zoho.com", "qq.com", "163.com", "ukr.net", "hotmail.ru", "yandex.by", "tut.by", "yahoo.co.uk",
)  # fmt: skip
SHORT = 5  # bk.ru and its like lie too close to each other to guess


def is_usual(address: str) -> bool:
    """Whether so many addresses end like this one that it is no slip."""
    return address.strip().lower().rpartition("@")[2] in USUAL


def doubt(address: str, known: Collection[str] = ()) -> str | None:
    """The address that was probably meant: a letter too many, too few, swapped or wrong in a domain that many have.

    None where there is nothing to ask. `known` are domains that are right because many of our people have them.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    sure = {*USUAL, *known}
    if not local or not domain or domain in sure:
        return None
    name = domain.partition(".")[0]
    for right in (*known, *USUAL):
        if right.partition(".")[0] == name and len(name) > 3 and _is_slip(domain, right):
            return f"{local}@{right}"
    near = [(steps, right) for right in (*known, *USUAL) if (steps := _steps_if_near(domain, right))]
    return f"{local}@{min(near, key=lambda pair: pair[0])[1]}" if near else None


def _is_slip(domain: str, right: str) -> bool:
    """The same name with an ending that is a slip (gmail.con, gmail.cm), or Google's, which has one ending only."""
    only_one = right in ("gmail.com", "icloud.com")
    return only_one or distance(domain, right, most=1) <= 1


def _steps_if_near(domain: str, right: str) -> int:
    """How many slips lie between them, 0 if too many to guess; short names allow one."""
    most = 2 if len(right) > 8 else 1
    if len(right) <= SHORT or abs(len(domain) - len(right)) > most or domain[-1:].isdigit():
        return 0
    steps = distance(domain, right, most=most)
    return steps if steps <= most else 0


def distance(one: str, other: str, *, most: int) -> int:
    """How many letters are too many, missing, wrong or swapped with their neighbour (Damerau); `most` + 1 if more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i, *([0] * len(other))]
        for j, b in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
