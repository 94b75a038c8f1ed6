// What all operations about one person say of the gifts and the kit that they have, and what was counted at a table:
// app/gifts/gift_rules.py in JavaScript, the same for the same set of operations. Pure.

import { byId, canonical } from "../operation.js";
import { ARRIVALS } from "./presence.js";

const MOVING = ["hand_out", "exchange", "return", "kit_out", "kit_back"];
const COUNTING = ["stock_open", "stock_close"];

// {given: {item: {id, size, last}}, extra: {item: [ids]}, returned: {hand-out: return}, loans: [...], moves: [...]}.
export function giftsOfPerson(said) {
  const found = { given: {}, extra: {}, returned: {}, loans: loansOf(said), moves: [] };
  for (const piece of piecesOf(said)) {
    if (piece.back) found.returned[piece.root.id] = piece.back.id;
    else if (piece.item in found.given) (found.extra[piece.item] ??= []).push(piece.root.id);
    else found.given[piece.item] = { id: piece.root.id, size: piece.size, last: (piece.steps.at(-1) ?? piece.root).id };
    found.moves.push(...movesOf(piece));
  }
  for (const loan of found.loans) found.moves.push(...movesOfLoan(loan, said));
  return found;
}

// Given twice, given to somebody whom nobody let in, exchanged for two sizes at once, lent twice.
export function conflictsOfGifts(said) {
  if (!said.of(...MOVING).length) return [];
  const pieces = piecesOf(said);
  const came = said.of(...ARRIVALS).length > 0;
  const found = [];
  for (const item of [...new Set(pieces.map((piece) => piece.item))].sort(byId)) {
    const ofItem = pieces.filter((piece) => piece.item === item);
    const standing = ofItem.filter((piece) => !piece.back).map((piece) => piece.root.id);
    const rivals = ofItem.flatMap((piece) => piece.rivals);
    if (standing.length > 1) found.push(...said.conflict("given-twice", standing, "high", item));
    if (standing.length && !came) found.push(...said.conflict("given-to-absent", standing, "low", item));
    if (rivals.length) found.push(...said.conflict("exchanged-twice", rivals, "low", item));
  }
  return [...found, ...lentTwice(said)];
}

// The same thing given under several keys of one person, who has a place and came without one too: all pieces that stand
// are the sides, under the first of the keys.
export function givenToOne(abouts) {
  const several = [...abouts].sort((a, b) => byId(a.key, b.key));
  const standing = new Map();
  for (const said of several)
    for (const { item, root, back } of piecesOf(said)) {
      if (back) continue;
      if (!standing.has(item)) standing.set(item, new Map());
      standing.get(item).set(said.key, [...(standing.get(item).get(said.key) ?? []), root.id]);
    }
  return [...standing]
    .sort(([a], [b]) => byId(a, b))
    .filter(([, keys]) => keys.size > 1)
    .flatMap(([item, keys]) => several[0].conflict("given-twice", [...keys.values()].flat(), "high", item));
}

// The part of a merge that every device must agree on; what is not so is left out.
export function giftsJson(state) {
  const given = {};
  for (const [item, had] of Object.entries(state.given))
    given[item] = { id: had.id, size: had.size, ...(state.extra[item] && { extra: state.extra[item] }) };
  const kit = {};
  for (const loan of state.loans)
    if (!loan.back) (kit[loan.item_id] ??= []).push({ id: loan.id, size: loan.size });
  return { ...(Object.keys(given).length && { gifts: given }), ...(Object.keys(kit).length && { kit }) };
}

// What was brought to a table and what was left: {opening, opened, closing, closed}; ids or null. A count that knew of
// the others replaces them.
export function tableOf(said) {
  const [opening, closing] = COUNTING.map((kind) => canonical(latest(said, kind)));
  return {
    opening: opening?.id ?? null,
    opened: opening ? counted(opening) : 0,
    closing: closing?.id ?? null,
    closed: closing ? counted(closing) : 0,
  };
}

// Two counted the same and came to different numbers, not knowing of each other.
export function conflictsOfTable(said) {
  return COUNTING.flatMap((kind) => {
    const last = latest(said, kind);
    const differ = new Set(last.map(counted)).size > 1;
    return differ ? said.conflict("counted-twice", last.map((one) => one.id), "low", kind) : [];
  });
}

export function tableJson({ opening, opened, closing, closed }) {
  return { ...(opening && { open: opened, opening }), ...(closing && { close: closed, closing }) };
}

// How many pieces were counted more (above zero) or fewer than there should be; 0 until counted at both ends.
export const shortAtTable = (table, moved) =>
  table.opening && table.closing ? table.closed - (table.opened + moved) : 0;

export const shelfKey = (table, item, size) => `t:${table}|${item}|${size}`;

// {shelf key: the sum of what moved at that table} over everybody's gifts; with `EVERYWHERE` for all of them together.
export const EVERYWHERE = "*";
export function movedAt(states) {
  const found = new Map();
  for (const { moves } of states)
    for (const { item_id, size, quantity, table } of moves)
      for (const at of table ? [table, EVERYWHERE] : [EVERYWHERE]) {
        const key = shelfKey(at, item_id, size);
        found.set(key, (found.get(key) ?? 0) + quantity);
      }
  return found;
}

// Every hand-out that counts, by id, with the exchanges that count, the return, and exchanges that contradict.
function piecesOf(said) {
  const roots = new Map(
    said
      .of("hand_out")
      .filter((one) => one.body?.item_id)
      .map((one) => [one.id, one]),
  );
  if (!roots.size) return [];
  const counts = new Set(said.counts.map((one) => one.id));
  const steps = new Map();
  for (const one of said.of("exchange")) {
    const target = targetOf(one, said, counts);
    if (target) steps.set(target.id, [...(steps.get(target.id) ?? []), one]);
  }
  const backs = new Map();
  for (const one of said.of("return")) {
    const root = targetOf(one, said, roots);
    if (root && !backs.has(root.id)) backs.set(root.id, one);
  }
  return [...roots.values()].map((root) => pieceOf(root, steps, backs.get(root.id) ?? null));
}

// The one among `wanted` that it names, going on through exchanges to what those named.
function targetOf(one, said, wanted) {
  const seen = new Set([one.id]);
  let found = said.known.get(one.names ?? "");
  while (found && !wanted.has(found.id)) {
    if (found.kind !== "exchange" || seen.has(found.id)) return null;
    seen.add(found.id);
    found = said.known.get(found.names ?? "");
  }
  return found ?? null;
}

// Of several exchanges of the same piece that with the smallest id counts, and with it those that say the same size.
function pieceOf(root, steps, back) {
  const taken = [];
  const rivals = [];
  let ends = [root.id];
  for (;;) {
    const found = ends.flatMap((id) => steps.get(id) ?? []).sort((a, b) => byId(a.id, b.id));
    if (!found.length) break;
    taken.push(found[0]);
    const same = found.filter((one) => sizeOf(one) === sizeOf(found[0]));
    if (same.length < found.length) rivals.push(...found.map((one) => one.id));
    ends = same.map((one) => one.id);
  }
  return { root, steps: taken, back, rivals, item: String(root.body.item_id), size: sizeOf(taken.at(-1) ?? root) };
}

function movesOf({ root, steps, back, item }) {
  const move = (one, size, quantity) => ({
    operation: one.id,
    kind: one.kind,
    item_id: item,
    size,
    quantity,
    table: tableNameOf(one),
  });
  let size = sizeOf(root);
  const found = [move(root, size, -1)];
  for (const step of steps) {
    found.push(move(step, size, 1));
    size = sizeOf(step);
    found.push(move(step, size, -1));
  }
  return back ? [...found, move(back, size, 1)] : found;
}

function loansOf(said) {
  const backs = new Map();
  for (const one of said.of("kit_back")) if (one.names && !backs.has(one.names)) backs.set(one.names, one);
  return said
    .of("kit_out")
    .filter((one) => one.body?.item_id)
    .map((one) => {
      const back = backs.get(one.id) ?? null;
      return {
        id: one.id,
        item_id: String(one.body.item_id),
        size: sizeOf(one),
        piece: String(one.body.piece ?? ""),
        back: back?.id ?? null,
        is_damaged: Boolean(back?.body?.damaged),
      };
    });
}

// What came back damaged doesn't lie in the store again.
function movesOfLoan({ id, item_id, size, back, is_damaged }, said) {
  const move = (one, quantity) => ({ operation: one, kind: said.known.get(one).kind, item_id, size, quantity,
    table: tableNameOf(said.known.get(one)) });
  return back && !is_damaged ? [move(id, -1), move(back, 1)] : [move(id, -1)];
}

function lentTwice(said) {
  const out = new Map();
  for (const loan of loansOf(said)) if (!loan.back) out.set(loan.item_id, [...(out.get(loan.item_id) ?? []), loan.id]);
  return [...out]
    .sort(([a], [b]) => byId(a, b))
    .flatMap(([item, ids]) => (ids.length > 1 ? said.conflict("lent-twice", ids, "low", item) : []));
}

// Those that no other knew of when it was said; all where they name each other in a circle.
function latest(said, kind) {
  const counts = said.of(kind);
  const replaced = new Set(counts.flatMap((one) => (one.after ?? []).filter((id) => id !== one.id)));
  const last = counts.filter((one) => !replaced.has(one.id));
  return last.length ? last : counts;
}

const counted = (one) => Number(one.body?.counted ?? 0);
const sizeOf = (one) => String(one.body?.size ?? "");
const tableNameOf = (one) => String(one.body?.table ?? "");

export const gifts = {
  name: "gifts",
  keys: "pw",
  state: giftsOfPerson,
  conflicts: conflictsOfGifts,
  told: giftsJson,
};
export const tables = { name: "table", keys: "t", state: tableOf, conflicts: conflictsOfTable, told: tableJson };
