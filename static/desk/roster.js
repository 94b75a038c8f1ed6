// Whom a key is about, who came along with them, what they get: what every screen about people asks.

import { EXPECTED } from "./rules/presence.js";
import { spokenSize } from "./stock.js";

const ADULT = 18;
const together = new WeakMap(); // people -> {party: Map, brigade: Map}; a new snapshot brings new people

// {id, key, name, ...} of "p:<place>" or "w:<walk-in>"; undefined where nobody here is that.
export function personOf(ctx, key) {
  if (key?.startsWith("p:")) return ctx.people.get(key.slice(2));
  return ctx.walkIns().find((one) => one.key === key);
}

// How operations name them.
export const subjectOf = (person) =>
  person.key.startsWith("w:") ? { walk_in_id: person.key.slice(2) } : { place_id: person.id };

// How they stand, whoever said so.
export const presenceOf = (ctx, person) => ctx.stand(person.key).presence ?? EXPECTED;

// The others of their party or brigade who are expected and may come in; `kept` are those who need a talk first.
export function companions(ctx, person, what) {
  const all = gathered(ctx)[what].get(person[what]) ?? [];
  const expected = all.filter((one) => one !== person && !isHere(ctx, one));
  return { ready: expected.filter((one) => !holds(one)), kept: expected.filter(holds) };
}

// What stops somebody before they are let in: a word, or nothing.
export function holds(person) {
  if (["cancelled", "declined"].includes(person.status)) return "cancelled";
  if (person.child && person.flags?.includes("consent")) return "consent";
  if (["waiting", "offered"].includes(person.status)) return person.status;
  return "";
}

// What they are still to be told or shown before they go on: the briefing that the place asks for, the note of health.
export function minds(ctx, person) {
  const isAsked = !["none", "", undefined].includes(ctx.event.site?.hazard);
  const notes = { briefing: isAsked && !isBriefed(ctx, person), health: person.flags?.includes("health") };
  return Object.keys(notes).filter((one) => notes[one]);
}

// They signed, or their group or everybody was briefed; on paper where the hazard is not high.
function isBriefed(ctx, person) {
  if (ctx.stand(person.key).briefing?.signed?.length) return true;
  const held = ["g:-", person.group && `g:${person.group.id}`].some((key) => key && ctx.said(key).of("briefing").length);
  return held && ctx.event.site.hazard !== "high";
}

// {item: {id, size, last, key}} of what they have, under whichever of their keys it was given: somebody with a place may
// have come without one too.
export function giftsHad(ctx, person) {
  const keys = ctx.snapshot?.same_person?.find((several) => several.includes(person.key)) ?? [];
  const found = {};
  for (const key of [person.key, ...keys])
    for (const [item, had] of Object.entries(ctx.stand(key).gifts?.given ?? {})) found[item] ??= { ...had, key };
  return found;
}

// [{item, size}] that they get and haven't got: by age, each thing once, in the size that they wear where it comes in it.
export function giftsDue(ctx, person) {
  const had = giftsHad(ctx, person);
  const due = (ctx.items ?? []).filter((item) => item.kind !== "kit" && isFor(item, person) && !(item.id in had));
  return due.map((item) => ({ item, size: sizeOf(item, person) }));
}

function sizeOf(item, person) {
  const wished = [person.size, person.child ? "child" : "adult"];
  const found = wished.map((wish) => item.sizes?.find((size) => size.toLowerCase() === wish?.trim().toLowerCase()));
  return found.find(Boolean) ?? "";
}

// "футболка M, кепка"
export const spokenGifts = (ctx, gifts) =>
  gifts.map(({ item, size }) => [ctx.text(item.name), spokenSize(ctx, size)].filter(Boolean).join("\u00a0")).join(", ");

// Who said what stands and when: "08:52, desk 1".
export function spokenMark(ctx, person, id, moment) {
  const one = ctx.said(person.key).known.get(id);
  const device = one?.mine ? ctx.t("door.this_phone") : one?.device;
  return [moment === null ? "" : ctx.time(new Date(moment).toISOString()), device].filter(Boolean).join(", ");
}

const isHere = (ctx, person) => ["present", "left"].includes(presenceOf(ctx, person).state);

// Who belongs together, gathered once; the door does it before the first guest.
export function gathered(ctx) {
  if (!together.has(ctx.people)) {
    const found = { party: new Map(), brigade: new Map() };
    for (const person of ctx.people.values()) {
      for (const what of ["party", "brigade"]) {
        const number = person[what];
        if (number === undefined || number === null) continue;
        if (!found[what].has(number)) found[what].set(number, []);
        found[what].get(number).push(person);
      }
    }
    together.set(ctx.people, found);
  }
  return together.get(ctx.people);
}

// Ages of children only are known here; of grown-ups that they are.
function isFor({ for_whom: whom, min_age: least, max_age: most }, person) {
  if ((whom === "children" && !person.child) || (whom === "adults" && person.child)) return false;
  const age = person.child ? (person.age ?? 0) : ADULT;
  const isTooYoung = least !== null && least !== undefined && person.child && age < least;
  return !isTooYoung && (most === null || most === undefined || age <= most);
}
