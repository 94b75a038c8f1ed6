// The trip as screens ask for it: who rides where, who is missing by name, which children are not home. app/desk/trip/riders.py
// says the same on the server.

import { expectedIn, ON_FOOT, OUT } from "./rules/trip.js";
import { EXPECTED } from "./rules/presence.js";

export const codesOf = (ctx) => ctx.legs.map((one) => one.leg);
export const subjectOf = (rider) => (rider.key[0] === "w" ? { walk_in_id: rider.id } : { place_id: rider.id });
export const keyOfLeg = (bus, leg) => `b:${bus}:${leg}`;

// Everybody with a seat, and those who came without one, as far as this phone's owner sees them.
export function ridersOf(ctx) {
  const seated = [...ctx.people.values()].filter((one) => one.status === "confirmed");
  return [...seated, ...ctx.walkIns()].map((person) => riderOf(ctx, person));
}

export function riderOf(ctx, person) {
  const { presence = EXPECTED, trip } = ctx.stand(person.key);
  const { rides, over } = trip ?? { rides: {}, over: null };
  return { id: person.id, key: person.key, name: person.name, child: person.child, person, bus: person.bus?.id ?? null, state: presence.state, rides, over };
}

// All buses, and those who go on foot or by themselves.
export function busesOf(ctx) {
  const named = ({ id, name }) => ({ id, name: /^\d+$/.test(name) ? ctx.t("trip.bus", { name }) : name });
  return [...ctx.buses.map(named), { id: ON_FOOT, name: ctx.t("trip.foot") }];
}

export const busNamed = (ctx, id) => busesOf(ctx).find((one) => one.id === id);

export function legNamed(ctx, code) {
  const leg = ctx.legs.find((one) => one.leg === code);
  if (!leg) return "";
  if (code === OUT) return ctx.t("trip.out");
  return Object.keys(leg.title ?? {}).length ? ctx.t("trip.from", { stop: ctx.text(leg.title) }) : ctx.t("trip.back");
}

// One bus on one leg: who is expected, who is aboard, who is missing, and what was said of it.
export function busOnLeg(ctx, riders, bus, leg) {
  const codes = codesOf(ctx);
  const isIn = (one) => one.rides[leg] && !one.rides[leg].ended;
  const expected = riders.filter((one) => expectedIn(one, leg, codes) === bus);
  const aboard = riders.filter((one) => isIn(one) && one.rides[leg].bus === bus);
  const missing = expected.filter((one) => !isIn(one));
  const key = keyOfLeg(bus, leg);
  const state = ctx.stand(key).leg;
  const departure = state?.departure ? ctx.said(key).known.get(state.departure) : null;
  return { key, expected, aboard, missing, state, departure };
}

// A child that came is home once it was handed over, or left with somebody who is known.
export const cameOf = (riders) => riders.filter((one) => one.child && (["present", "left"].includes(one.state) || Object.keys(one.rides).length));
export function notHome(ctx, riders) {
  return cameOf(riders).filter((one) => !one.over && !(one.state === "left" && leftWith(ctx, one)));
}

// Who takes a child home without being handed it: a parent who is there too is not known to a phone, a name is.
function leftWith(ctx, rider) {
  const leaving = ctx.stand(rider.key).presence.leaving;
  return Boolean(leaving && ctx.said(rider.key).known.get(leaving)?.body?.reason);
}

// Ten bits of a slow digest: a slip in the second person's PIN is caught here, the PIN itself is checked by the server.
export async function fitsPin(pin, { check, salt }) {
  const bytes = (text) => new TextEncoder().encode(text);
  const given = await crypto.subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveBits"]);
  const rounds = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: 600000 };
  const [high, low] = new Uint8Array(await crypto.subtle.deriveBits(rounds, given, 16));
  return (high * 256 + low) >> 6 === check;
}

// Sixteen bits of the code by which a child is handed over.
export async function fitsCode(code, { check, salt }) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(salt + code));
  const [high, low] = new Uint8Array(digest);
  return high * 256 + low === check;
}
