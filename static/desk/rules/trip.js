// What all operations say of rides, headcounts, departures and hand-overs: app/desk/trip/rules.py in JavaScript, the
// same for the same set of operations. And who is expected aboard: app/desk/trip/riders.py.

import { canonical } from "../operation.js";

export const ON_FOOT = "-";
export const OUT = "out";
export const BACK = "back";
const COMPLETE = "complete";
const BY_BOARD = "board";
const LISTED = ["guardian", "collector"];

// Where somebody rides, and whether they were handed over: {rides: {leg: {id, bus, ended}}, over}.
export function goingOf(said) {
  const rides = {};
  for (const [leg, boards] of boardsOf(said)) rides[leg] = rideOf(said, boards);
  return { rides, over: canonical(said.of("hand_over"))?.id ?? null };
}

export function conflictsOfGoing(said) {
  const found = [];
  for (const [leg, boards] of boardsOf(said)) {
    const open = latest(boards).filter((one) => endOf(said, one) === null);
    if (new Set(open.map(busOf)).size > 1) found.push(...said.conflict("in-two-buses", ids(open), "high", leg));
  }
  const overs = said.of("hand_over");
  if (new Set(overs.map(receiverOf)).size > 1) found.push(...said.conflict("handed-over-twice", ids(overs), "high"));
  const unproved = overs.filter((one) => one.body?.unproved);
  if (unproved.length) found.push(...said.conflict("handed-over-unproved", ids(unproved), "high"));
  return found;
}

export function goingJson(going) {
  const rides = {};
  for (const [leg, one] of Object.entries(going.rides)) rides[leg] = told({ bus: one.bus, id: one.id, ended: one.ended });
  return told({ rides: Object.keys(rides).length ? rides : null, over: going.over });
}

// How one bus stands on one leg.
export function legOf(said) {
  const count = canonical(countsOf(said, false));
  const arrival = canonical(countsOf(said, true));
  const departures = departuresOf(said);
  const departure = canonical(latest(departures));
  const confirm = departure && canonical(confirmsOf(said, departure));
  return {
    count: count?.id ?? null,
    counted: count ? numberOf(count) : null,
    departure: departure?.id ?? null,
    version: departures.length,
    confirmedBy: confirm ? verified(confirm) : null,
    arrival: arrival?.id ?? null,
    arrived: arrival ? numberOf(arrival) : null,
  };
}

export function conflictsOfLeg(said) {
  const counts = countsOf(said, false);
  const found = differ(said, counts, ids(counts.filter(miscounted)), "");
  const last = latest(departuresOf(said));
  const departure = canonical(last);
  if (departure) {
    if (new Set(last.map((one) => peopleOf(one).join())).size > 1)
      found.push(...said.conflict("counts-differ", ids(last), "high", "departure"));
    const open = last.filter(undecided);
    if (open.length) found.push(...said.conflict("departure-undecided", ids(open), "high"));
    if (departure.body?.decision !== BY_BOARD && !confirmsOf(said, departure).length)
      found.push(...said.conflict("departure-unconfirmed", [departure.id], "high"));
  }
  return [...found, ...arrivalsOf(said, departure)];
}

export function legJson(leg) {
  const found = {};
  for (const name of ["count", "counted", "arrival", "arrived"]) if (leg[name] !== null) found[name] = leg[name];
  if (leg.departure)
    Object.assign(found, { departure: leg.departure, version: leg.version, confirmed: leg.confirmedBy !== null });
  return found;
}

// The bus in which somebody is expected on a leg, null for nobody's: that of the ride before, else their own.
// rider: {bus, state, over, rides: {leg: {bus}}}; legs: all codes in their order.
export function expectedIn(rider, leg, legs) {
  if (rider.over || rider.state === "left") return null;
  const before = legs.slice(0, legs.indexOf(leg)).filter((one) => one in rider.rides);
  if (before.length) return rider.rides[before.at(-1)].bus;
  if (leg === legs[0]) return rider.state === "absent" || rider.state === "excused" ? null : rider.bus;
  return rider.state === "present" ? rider.bus : null;
}

export const busOf = (one) => String(one.body?.bus_id || ON_FOOT);
export const peopleOf = (departure) => (departure.body?.place_ids ?? []).map(String).sort();

// Whose word a confirmation is; null where the server found that it isn't theirs.
export const verified = (one) => (one.body?.unverified ? null : one.body?.by || null);

function boardsOf(said) {
  const found = new Map();
  for (const one of said.of("board")) {
    const leg = String(one.body?.leg ?? "");
    if (!found.has(leg)) found.set(leg, []);
    found.get(leg).push(one);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

// Who is still aboard speaks before who got off.
function rideOf(said, boards) {
  const live = latest(boards);
  const open = live.filter((one) => endOf(said, one) === null);
  const chosen = canonical(open.length ? open : live);
  return { id: chosen.id, bus: busOf(chosen), ended: endOf(said, chosen) };
}

// The getting off that ends this ride: one that knew of it, or that knew of no ride on this leg at all.
function endOf(said, board) {
  const leg = board.body?.leg;
  const known = [...said.known.values()].filter((one) => one.kind === "board" && one.body?.leg === leg);
  for (const off of said.of("alight")) {
    if (off.body?.leg !== leg) continue;
    const after = afterOf(off);
    if (after.has(board.id)) return off.id;
    const knewNone = !known.some((one) => after.has(one.id));
    if (knewNone && !afterOf(board).has(off.id) && busOf(off) === busOf(board)) return off.id;
  }
  return null;
}

// Those that no other one was said after; all of them where each names another: that comes from no phone.
function latest(said) {
  const answered = new Set(said.flatMap((one) => [...afterOf(one)]));
  const found = said.filter((one) => !answered.has(one.id));
  return found.length ? found : [...said];
}

// A code and a coordinator's word are no name: each is another receiver.
function receiverOf(one) {
  const how = String(one.body?.how ?? "");
  return `${how}|${LISTED.includes(how) ? String(one.body?.to ?? "") : one.id}`;
}

const ids = (said) => said.map((one) => one.id);
const afterOf = (one) => new Set(one.after ?? []);
const numberOf = (count) => Number(count.body?.counted ?? 0);
const countsOf = (said, arrived) => latest(said.of("headcount").filter((one) => Boolean(one.body?.arrived) === arrived));
// Whether the heads are not as many as the names that the same phone had ticked.
const miscounted = (count) => Boolean(count.body?.place_ids) && count.body.place_ids.length !== numberOf(count);

// What the board says of the whole event speaks only where nobody said anything of this bus.
function departuresOf(said) {
  const found = said.of("departure");
  const own = found.filter((one) => one.body?.decision !== BY_BOARD);
  return own.length ? own : found;
}

function differ(said, counts, wrong, part) {
  const sides = new Set(wrong);
  if (new Set(counts.map(numberOf)).size > 1) for (const one of counts) sides.add(one.id);
  return sides.size ? said.conflict("counts-differ", [...sides], "high", part) : [];
}

// As many must arrive as left.
function arrivalsOf(said, departure) {
  const counts = countsOf(said, true);
  const left = departure && departure.body?.decision !== BY_BOARD ? peopleOf(departure).length : null;
  const wrong = left === null ? [] : counts.filter((one) => numberOf(one) !== left);
  return differ(said, counts, ids(wrong), "arrived");
}

// Somebody is missing and the bus is said to be complete, or it left without them and nobody says why.
function undecided(departure) {
  const { decision, missing, reason } = departure.body ?? {};
  if (decision === BY_BOARD) return false;
  return decision === COMPLETE ? Boolean(missing?.length) : !(missing?.length && reason);
}

// What a second person said of it, or of another's word that the same people left.
function confirmsOf(said, departure) {
  const same = new Map();
  for (const one of latest(departuresOf(said)))
    if (peopleOf(one).join() === peopleOf(departure).join() && one.body?.decision === departure.body?.decision)
      same.set(one.id, one.body?.by);
  return said
    .of("confirm")
    .filter((one) => same.has(one.names) && verified(one) && verified(one) !== same.get(one.names));
}

function told(found) {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value));
}

export const trip = {
  name: "trip",
  keys: "pw",
  state: goingOf,
  conflicts: conflictsOfGoing,
  told: goingJson,
};
export const leg = {
  name: "leg",
  keys: "b",
  state: legOf,
  conflicts: conflictsOfLeg,
  told: legJson,
};
