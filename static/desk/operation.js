// What somebody said on the day, and which of it counts: the same rules as app/attendance/operation.py. Pure.
// Everything that stands is a function of the set of operations; order, doubles and clocks change nothing.

const UNDO = "undo";
const SOLVE = "solve";
const ACCEPT = "accept";
const DECISIONS = [UNDO, SOLVE, ACCEPT]; // what is said of other operations alone
const BOTH = "both"; // what a coordinator keeps who lets all sides stand

// Ids are compared as Python compares them: by code point. UUIDs are ASCII, so plain comparison is that.
export const byId = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
export const isLate = (one) => Boolean(one.is_late ?? one.late);
export const momentOf = (one) => Date.parse(one.corrected_at ?? one.at);

// Of several that say the same the one that speaks for them: that with the smallest id, on every device.
export const canonical = (equals) => equals.reduce((least, one) => (least && least.id < one.id ? least : one), null);

// All about one key: what counts (by id), everything, what waits for another, what a coordinator has looked at.
export function saidOf(key, operations) {
  const known = accepted(new Map([...operations].map((one) => [one.id, one])));
  const ordered = [...known.values()].sort((a, b) => byId(a.id, b.id));
  const undoneBy = takenBack(ordered.filter((one) => one.kind === UNDO && !isLate(one)));
  const solutions = ordered.filter((one) => one.kind === SOLVE && !isLate(one) && !undoneBy.has(one.id));
  const solved = new Map();
  for (const one of solutions) {
    const word = String(one.body?.word ?? "");
    const sides = new Set((one.body?.sides ?? []).map(String));
    solved.set(word, new Set([...(solved.get(word) ?? []), ...sides]));
    const keep = one.body?.keep;
    if (keep === BOTH) continue;
    for (const side of sides) if (side !== keep && !undoneBy.has(side)) undoneBy.set(side, one.id);
  }
  const counts = ordered.filter((one) => !DECISIONS.includes(one.kind) && !undoneBy.has(one.id) && !isLate(one));
  const pending = ordered.filter((one) => one.names && !known.has(one.names)).map((one) => one.id);
  return new Said(key, counts, known, pending, solved, undoneBy);
}

class Said {
  constructor(key, counts, known, pending, solved, undoneBy) {
    Object.assign(this, { key, counts, known, pending, solved, undoneBy });
  }

  // What counts of these kinds, by id.
  of(...kinds) {
    return this.counts.filter((one) => kinds.includes(one.kind));
  }

  // This contradiction in a list, or an empty one where a coordinator has looked at all of its sides.
  conflict(kind, sides, severity, part = "") {
    const word = `${kind}|${this.key}|${part}`;
    const found = [...new Set(sides)].sort(byId);
    const looked = this.solved.get(word) ?? new Set();
    if (found.every((side) => looked.has(side))) return [];
    return [{ word, kind, key: this.key, sides: found, severity }];
  }
}

// The same, with what a coordinator accepted as if it had come in time.
function accepted(known) {
  for (const { kind, names } of [...known.values()]) {
    if (kind === ACCEPT && known.has(names)) known.set(names, { ...known.get(names), late: false, is_late: false });
  }
  return known;
}

// {the id that was taken back: by which undo}; of several undos the one with the smallest id is named.
function takenBack(undos) {
  const found = new Map();
  for (const one of undos) if (one.names && !found.has(one.names)) found.set(one.names, one.id);
  return found;
}

// What names an operation belongs to that one's key, whatever subject came with it.
export function keyOf(one, known) {
  const target = one.names ? known.get(one.names) : undefined;
  return target && DECISIONS.includes(one.kind) ? target.key : one.key;
}
