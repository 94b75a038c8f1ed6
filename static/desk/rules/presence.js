// Whether one person is here, from all that was said about them: app/attendance/presence_rules.py in JavaScript. Pure.

import { canonical, momentOf } from "../operation.js";

export const ARRIVALS = ["check_in", "walk_in"];
export const LEAVINGS = ["check_out", "hand_over"]; // who was handed over has left
export const AWAY = ["absent", "excused"];
const ENTRY_KINDS = { walk_in: "check_in", hand_over: "check_out" };
export const EXPECTED = Object.freeze({
  state: "expected",
  arrival: null,
  arrivedAt: null,
  leaving: null,
  leftAt: null,
  away: null,
  standing: Object.freeze([]),
});

// Here, gone, excused, absent or expected; arrivedAt is the earliest arrival, leftAt the latest leaving, both in ms.
export function presenceOf(said) {
  const arrivals = said.of(...ARRIVALS);
  const leavings = leavingsOf(said, arrivals);
  const aways = awayOf(said);
  const [arrival, leaving, away] = [arrivals, leavings, aways].map(canonical);
  const stands = [arrival, leaving, away].filter(Boolean);
  return {
    state: stateOf(new Set(stands.map((one) => ENTRY_KINDS[one.kind] ?? one.kind))),
    arrival: arrival?.id ?? null,
    arrivedAt: arrivals.length ? Math.min(...arrivals.map(momentOf)) : null,
    leaving: leaving?.id ?? null,
    leftAt: leavings.length ? Math.max(...leavings.map(momentOf)) : null,
    away: away?.id ?? null,
    standing: stands.map((one) => one.id),
  };
}

// Here and away at once without knowing of each other; gone without having come; come with a place and without.
export function conflictsOfPresence(said) {
  const arrivals = said.of(...ARRIVALS);
  if (!arrivals.length) {
    const left = leavingsOf(said, arrivals).filter((one) => one.kind === "check_out");
    const alone = left.map((one) => one.id);
    return alone.length ? said.conflict("left-without-coming", alone, "low") : [];
  }
  const came = arrivals.map((one) => one.id);
  const known = new Set(arrivals.flatMap((one) => one.after ?? []));
  const unanswered = awayOf(said).map((one) => one.id).filter((id) => !known.has(id));
  const both = unanswered.length ? said.conflict("present-and-absent", [...unanswered, ...came], "low") : [];
  const isTwice = arrivals.length > 1 && arrivals.some((one) => one.kind === "walk_in");
  return isTwice ? [...both, ...said.conflict("came-twice", came, "low")] : both;
}

// The part of a merge that every device must agree on; what is not so is left out.
export function presenceJson({ state, arrival, leaving, away }) {
  if (!arrival && !leaving && !away) return {};
  return { state, ...(arrival && { arrival }), ...(leaving && { leaving }), ...(away && { away }) };
}

function stateOf(kinds) {
  if (kinds.has("check_in")) return kinds.has("check_out") ? "left" : "present";
  return ["excused", "absent"].find((kind) => kinds.has(kind)) ?? "expected";
}

// A leaving goes with the arrivals that it was said after: whoever never came can't have left.
function leavingsOf(said, arrivals) {
  const counts = new Set(arrivals.map((one) => one.id));
  const came = (id) => ARRIVALS.includes(said.known.get(id)?.kind);
  return said.of(...LEAVINGS).filter((one) => {
    const after = one.after ?? [];
    return after.some((id) => counts.has(id)) || !after.some(came);
  });
}

// Absent or excused: what was answered by the other doesn't count, and excused beats absent.
function awayOf(said) {
  const noted = said.of(...AWAY);
  const answered = new Set(noted.flatMap((one) => one.after ?? []));
  const latest = noted.filter((one) => !answered.has(one.id));
  const stands = latest.length ? latest : noted; // two that name each other come from no phone of ours: both count
  const excused = stands.filter((one) => one.kind === "excused");
  return excused.length ? excused : stands;
}

export const presence = {
  name: "presence",
  keys: "pw",
  state: presenceOf,
  conflicts: conflictsOfPresence,
  told: presenceJson,
};
