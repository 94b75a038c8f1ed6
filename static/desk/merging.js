// One state from what any number of phones said: app/desk/log/merging.py in JavaScript, the same for the same set of
// operations. A room adds its rules as a line of PARTS. New operations settle their own key again, nothing else.

import { byId, keyOf, saidOf } from "./operation.js";
import { briefing } from "./rules/briefing.js";
import { gifts, tables } from "./rules/gifts.js";
import { presence } from "./rules/presence.js";
import { leg, trip } from "./rules/trip.js";

const SECTIONS = { p: "places", w: "places", b: "legs", t: "tables" };

// Each {name, keys: how its keys begin, state(said), conflicts(said), told(state): what devices must agree on}.
export const PARTS = [presence, gifts, tables, trip, leg, briefing];

// `same` names keys that are another's by now: {"w:...": "p:..."} of somebody who got a seat.
export function merge(operations, same = {}) {
  const merged = new Merged(same);
  merged.add(operations);
  return merged;
}

// The text that every device must come to: keys sorted, nothing empty.
export function mergedJson(merged) {
  const found = {};
  for (const [key, states] of merged.states) {
    const about = {};
    for (const part of PARTS) if (part.name in states) Object.assign(about, part.told(states[part.name]));
    if (Object.keys(about).length) (found[SECTIONS[key[0]]] ??= {})[key] = about;
  }
  found.walk_ins = merged.walkIns.map((one) => one.id).sort(byId);
  found.conflicts = merged.conflicts.map(({ word, sides }) => ({ word, sides }));
  found.pending = merged.pending;
  for (const [name, value] of Object.entries(found)) if (Array.isArray(value) && !value.length) delete found[name];
  return JSON.stringify(sorted(found));
}

export class Merged {
  #same;
  #known = new Map(); // id -> operation
  #keys = new Map(); // id -> the key under which it was put
  #groups = new Map(); // key -> Map of its operations
  #waiting = new Map(); // id that nobody knows yet -> ids of those that name it
  #conflicts = new Map(); // key -> its conflicts
  said = new Map();
  states = new Map();

  constructor(same = {}) {
    this.#same = same;
  }

  // Takes what is new; returns the keys whose state may be another now.
  add(operations) {
    const touched = new Set();
    for (const one of operations) {
      const before = this.#known.get(one.id);
      if (before && JSON.stringify(before) === JSON.stringify(one)) continue;
      this.#known.set(one.id, one);
      this.#put(one, touched);
      if (one.names && !this.#known.has(one.names)) this.#wait(one);
      for (const id of this.#waiting.get(one.id) ?? []) this.#put(this.#known.get(id), touched);
      this.#waiting.delete(one.id);
    }
    for (const key of touched) this.#settle(key);
    return touched;
  }

  // {key: its state} in one room's eyes.
  of(part) {
    return new Map([...this.states].filter(([, states]) => part in states).map(([key, states]) => [key, states[part]]));
  }

  // A key of somebody who got a seat is the seat's.
  keyOf(key) {
    return this.#same[key] ?? key;
  }

  get conflicts() {
    return [...this.#conflicts.values()].flat().sort((a, b) => byCodePoint(a.word, b.word));
  }

  get pending() {
    return [...this.said.values()].flatMap((said) => said.pending).sort(byId);
  }

  // Those who came without a place.
  get walkIns() {
    return [...this.said.values()].flatMap((said) => said.of("walk_in"));
  }

  #put(one, touched) {
    const key = this.keyOf(keyOf(one, this.#known));
    const before = this.#keys.get(one.id);
    if (before !== undefined && before !== key) {
      this.#groups.get(before).delete(one.id);
      touched.add(before);
    }
    this.#keys.set(one.id, key);
    if (!this.#groups.has(key)) this.#groups.set(key, new Map());
    this.#groups.get(key).set(one.id, one);
    touched.add(key);
  }

  #wait(one) {
    if (!this.#waiting.has(one.names)) this.#waiting.set(one.names, new Set());
    this.#waiting.get(one.names).add(one.id);
  }

  #settle(key) {
    const operations = this.#groups.get(key);
    if (!operations.size) {
      for (const kept of [this.#groups, this.said, this.states, this.#conflicts]) kept.delete(key);
      return;
    }
    const said = saidOf(key, operations.values());
    const parts = PARTS.filter((part) => part.keys.includes(key[0]));
    this.said.set(key, said);
    this.states.set(key, Object.fromEntries(parts.map((part) => [part.name, part.state(said)])));
    this.#conflicts.set(key, parts.flatMap((part) => part.conflicts(said)));
  }
}

// As Python sorts texts; JavaScript would compare UTF-16 halves.
function byCodePoint(a, b) {
  const [one, other] = [[...a], [...b]];
  const at = one.findIndex((letter, index) => letter !== other[index]);
  if (at < 0) return one.length - other.length;
  return at >= other.length ? 1 : one[at].codePointAt(0) - other[at].codePointAt(0);
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort(byCodePoint).map((name) => [name, sorted(value[name])]));
}
