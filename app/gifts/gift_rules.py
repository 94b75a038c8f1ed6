"""What all operations about one person say of the gifts and the kit that they have, and what was counted at a table.

Pure: the order in which they came is unknown. Every piece that was given is a hand-out; exchanges name it or each
other, a return names any of them. Each operation moves pieces, and the sum of the moves is what left the store.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from app.attendance.operation import Conflict, Operation, Said, canonical
from app.attendance.presence_rules import ARRIVALS

GIVING = ("hand_out", "exchange", "return")
LENDING = ("kit_out", "kit_back")
COUNTING = ("stock_open", "stock_close")
MOVING = (*GIVING, *LENDING)


class Had(NamedTuple):
    """A piece that somebody has: the hand-out that gave it, its size after all exchanges, what said so last."""

    id: str
    size: str
    last: str


class Loan(NamedTuple):
    """A piece of kit that was lent; `back` is the operation that says it came back."""

    id: str
    item_id: str
    size: str
    piece: str
    back: str | None
    is_damaged: bool


class Move(NamedTuple):
    """So many pieces into the store (above zero) or out of it, at a table, by this operation."""

    operation: str
    kind: str
    item_id: str
    size: str
    quantity: int
    table: str


class Gifts(NamedTuple):
    """`given` is {item's id: the piece that counts}, `extra` {item's id: hand-outs of further pieces}, `returned`
    {hand-out: the operation that brought the piece back}."""

    given: Mapping[str, Had] = {}
    extra: Mapping[str, Sequence[str]] = {}
    returned: Mapping[str, str] = {}
    loans: Sequence[Loan] = ()
    moves: Sequence[Move] = ()


class TableStock(NamedTuple):
    """What was brought to a table and what was counted at its end, each with the operation that says so."""

    opening: str | None = None
    opened: int = 0
    closing: str | None = None
    closed: int = 0


class _Piece(NamedTuple):
    """One hand-out, the exchanges that count in their order, the return, and exchanges that contradict each other."""

    root: Operation
    steps: Sequence[Operation]
    back: Operation | None
    rivals: Sequence[str]

    @property
    def item_id(self) -> str:
        return str(self.root.body.get("item_id", ""))

    @property
    def size(self) -> str:
        return _size(self.steps[-1] if self.steps else self.root)


NO_GIFTS = Gifts()


def gifts_of_person(said: Said) -> Gifts:
    """What they have, what is lent to them, and what moved."""
    if not any(one.kind in MOVING for one in said.counts):
        return NO_GIFTS
    pieces, loans = _pieces(said), _loans(said)
    given, extra = dict[str, Had](), dict[str, list[str]]()
    for piece in pieces:
        if piece.back is None and piece.item_id in given:
            extra.setdefault(piece.item_id, []).append(piece.root.id)
        elif piece.back is None:
            last = piece.steps[-1] if piece.steps else piece.root
            given[piece.item_id] = Had(piece.root.id, piece.size, last.id)
    returned = {piece.root.id: piece.back.id for piece in pieces if piece.back}
    moves = [move for piece in pieces for move in _moves_of(piece)]
    moves += [move for loan in loans for move in _moves_of_loan(loan, said)]
    return Gifts(given, extra, returned, loans, moves)


def conflicts_of_gifts(said: Said) -> tuple[Conflict, ...]:
    """Given twice, given to somebody whom nobody let in, exchanged for two sizes at once, lent twice."""
    if not any(one.kind in MOVING for one in said.counts):
        return ()
    pieces, came = _pieces(said), bool(said.of(*ARRIVALS))
    found: list[Conflict] = []
    for item_id in sorted({piece.item_id for piece in pieces}):
        of_item = [piece for piece in pieces if piece.item_id == item_id]
        standing = [piece.root.id for piece in of_item if piece.back is None]
        rivals = {id_ for piece in of_item for id_ in piece.rivals}
        if len(standing) > 1:
            found += said.conflict("given-twice", standing, "high", item_id)
        if standing and not came:
            found += said.conflict("given-to-absent", standing, "low", item_id)
        if rivals:
            found += said.conflict("exchanged-twice", rivals, "low", item_id)
    return (*found, *_lent_twice(said))


def given_to_one(abouts: Iterable[Said]) -> tuple[Conflict, ...]:
    """The same thing given under several keys of one person, who has a place and came without one too: all pieces that
    stand are the sides, under the first of the keys."""
    several = sorted(abouts, key=lambda said: said.key)
    standing: dict[str, dict[str, list[str]]] = {}
    for said in several:
        for piece in _pieces(said):
            if piece.back is None:
                standing.setdefault(piece.item_id, {}).setdefault(said.key, []).append(piece.root.id)
    found: list[Conflict] = []
    for item_id, keys in sorted(standing.items()):
        if len(keys) > 1:
            sides = [id_ for ids in keys.values() for id_ in ids]
            found += several[0].conflict("given-twice", sides, "high", item_id)
    return tuple(found)


def gifts_json(gifts: Gifts) -> dict[str, Any]:
    """The part of a merge that every device must agree on; what is not so is left out."""
    given = {
        item_id: {"id": had.id, "size": had.size}
        | ({"extra": list(gifts.extra[item_id])} if item_id in gifts.extra else {})
        for item_id, had in gifts.given.items()
    }
    kit: dict[str, list[dict[str, str]]] = {}
    for loan in gifts.loans:
        if loan.back is None:
            kit.setdefault(loan.item_id, []).append({"id": loan.id, "size": loan.size})
    return {name: value for name, value in {"gifts": given, "kit": kit}.items() if value}


def table_of(said: Said) -> TableStock:
    """What was brought and what was left. A count that knew of the others replaces them."""
    opening, closing = canonical(_latest(said, "stock_open")), canonical(_latest(said, "stock_close"))
    return TableStock(
        opening.id if opening else None,
        _counted(opening) if opening else 0,
        closing.id if closing else None,
        _counted(closing) if closing else 0,
    )


def conflicts_of_table(said: Said) -> tuple[Conflict, ...]:
    """Two counted the same and came to different numbers, not knowing of each other."""
    found: list[Conflict] = []
    for kind in COUNTING:
        latest = _latest(said, kind)
        if len({_counted(one) for one in latest}) > 1:
            found += said.conflict("counted-twice", [one.id for one in latest], "low", kind)
    return tuple(found)


def table_json(table: TableStock) -> dict[str, Any]:
    """As gifts_json()."""
    opened = {"open": table.opened, "opening": table.opening} if table.opening else {}
    return opened | ({"close": table.closed, "closing": table.closing} if table.closing else {})


def short_at_table(table: TableStock, moved: int) -> int:
    """How many pieces were counted more (above zero) or fewer than there should be, with `moved` the sum of the
    moves at this table; 0 until it was counted at both ends."""
    return table.closed - (table.opened + moved) if table.opening and table.closing else 0


def shelf_key(table: str, item_id: str, size: str) -> str:
    """The key of what is said about one item and size at a table; "*" is the whole store."""
    return f"t:{table}|{item_id}|{size}"


def items_of(operations: Iterable[Operation]) -> set[str]:
    """The ids of all items that these give or lend."""
    return {str(one.body["item_id"]) for one in operations if one.kind in MOVING and one.body.get("item_id")}


def _pieces(said: Said) -> list[_Piece]:
    """Every hand-out that counts, by id."""
    roots = {one.id: one for one in said.of("hand_out") if one.body.get("item_id")}
    counts = {one.id for one in said.counts}
    steps, backs = dict[str, list[Operation]](), dict[str, Operation]()
    for one in said.of("exchange"):
        target = _target(one, said, counts)
        if target:
            steps.setdefault(target.id, []).append(one)
    for one in said.of("return"):
        root = _target(one, said, roots)
        if root:
            backs.setdefault(root.id, one)
    return [_piece(root, steps, backs.get(root.id)) for root in roots.values()]


def _target(one: Operation, said: Said, wanted: Collection[str]) -> Operation | None:
    """The one among `wanted` that it names, going on through exchanges to what those named."""
    seen, found = {one.id}, said.known.get(one.names or "")
    while found and found.id not in wanted:
        if found.kind != "exchange" or found.id in seen:
            return None
        seen.add(found.id)
        found = said.known.get(found.names or "")
    return found


def _piece(root: Operation, steps: Mapping[str, Sequence[Operation]], back: Operation | None) -> _Piece:
    """Exchanges one after another. Of several of the same piece that with the smallest id counts, and with it those
    that say the same size; others contradict it."""
    taken, rivals, ends = list[Operation](), list[str](), [root.id]
    while found := sorted((one for end in ends for one in steps.get(end, ())), key=lambda one: one.id):
        taken.append(found[0])
        same = [one.id for one in found if _size(one) == _size(found[0])]
        if len(same) < len(found):
            rivals += [one.id for one in found]
        ends = same
    return _Piece(root, taken, back, rivals)


def _moves_of(piece: _Piece) -> Iterable[Move]:
    item_id, size = piece.item_id, _size(piece.root)
    yield Move(piece.root.id, "hand_out", item_id, size, -1, _table(piece.root))
    for step in piece.steps:
        yield Move(step.id, "exchange", item_id, size, 1, _table(step))
        size = _size(step)
        yield Move(step.id, "exchange", item_id, size, -1, _table(step))
    if piece.back:
        yield Move(piece.back.id, "return", item_id, size, 1, _table(piece.back))


def _loans(said: Said) -> list[Loan]:
    backs: dict[str, Operation] = {}
    for one in said.of("kit_back"):
        if one.names:
            backs.setdefault(one.names, one)
    return [_loan(one, backs.get(one.id)) for one in said.of("kit_out") if one.body.get("item_id")]


def _loan(one: Operation, back: Operation | None) -> Loan:
    damaged = bool(back and back.body.get("damaged"))
    piece = str(one.body.get("piece", ""))
    return Loan(one.id, str(one.body["item_id"]), _size(one), piece, back.id if back else None, damaged)


def _moves_of_loan(loan: Loan, said: Said) -> Iterable[Move]:
    """What came back damaged doesn't lie in the store again."""
    yield Move(loan.id, "kit_out", loan.item_id, loan.size, -1, _table(said.known[loan.id]))
    if loan.back and not loan.is_damaged:
        yield Move(loan.back, "kit_back", loan.item_id, loan.size, 1, _table(said.known[loan.back]))


def _lent_twice(said: Said) -> list[Conflict]:
    still_out: dict[str, list[str]] = {}
    for loan in _loans(said):
        if loan.back is None:
            still_out.setdefault(loan.item_id, []).append(loan.id)
    found: list[Conflict] = []
    for item_id in sorted(still_out):
        if len(still_out[item_id]) > 1:
            found += said.conflict("lent-twice", still_out[item_id], "low", item_id)
    return found


def _latest(said: Said, kind: str) -> list[Operation]:
    """Those that no other knew of when it was said; all where they name each other in a circle."""
    counts = said.of(kind)
    replaced = frozenset().union(*(one.after - {one.id} for one in counts))
    return [one for one in counts if one.id not in replaced] or counts


def _counted(one: Operation) -> int:
    return int(one.body.get("counted", 0))


def _size(one: Operation) -> str:
    return str(one.body.get("size", ""))


def _table(one: Operation) -> str:
    return str(one.body.get("table", ""))
