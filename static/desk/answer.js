// The answer to a ticket: in, look, or not, with all that the person at the door must know. Pure: data in, words out.
// {verdict: go | look | stop, title, name, lines: [{label, text, icon}], says: [sentences], why, keys: {...}}

import { companions, giftsDue, holds, minds, presenceOf, spokenGifts, spokenMark } from "./roster.js";

// Why somebody is let in all the same: three short words that a coordinator reads later.
const REASONS = {
  consent: ["agreed", "parent", "known"],
  waiting: ["agreed", "room", "known"],
  offered: ["agreed", "room", "known"],
  cancelled: ["agreed", "room", "known"],
  already: ["asked", "seen", "agreed"],
};

// Why somebody is not let in at once: a word, or "".
export function refusal(ctx, person) {
  const { state } = presenceOf(ctx, person);
  if (state === "present") return "already";
  return state === "left" ? "left" : holds(person);
}

// The whole answer about somebody; `isIn` once they were let in by this tap.
export function answerFor(ctx, person, { isIn = false, why = "", verdict } = {}) {
  const thoughts = minds(ctx, person);
  const shown = verdict ?? verdictOf(why, thoughts);
  return {
    verdict: shown,
    title: ctx.t(`door.${shown}`),
    name: spokenName(ctx, person),
    lines: linesOf(ctx, person, { isIn, why, thoughts }),
    says: why ? [ctx.t(`door.why_${why}`)] : thoughts.map((one) => ctx.t(`door.mind_${one}`)),
    why,
    reasons: ctx.can("mark") ? (REASONS[why] ?? []) : [],
    gifts: isIn && ctx.can("give") ? giftsDue(ctx, person) : [],
    party: isIn ? companions(ctx, person, "party").ready : [],
    brigade: isIn ? companions(ctx, person, "brigade").ready : [],
  };
}

// Nobody here has this ticket or number.
export function unknownAnswer(ctx, code) {
  const says = [code ? ctx.t("door.why_unknown", { code: spelled(code) }) : ctx.t("door.why_unreadable")];
  return { ...nothing, verdict: "stop", title: ctx.t("door.stop"), says, why: "unknown" };
}

// Many at once: who is in, and who stays because of something that must be talked about first.
export function togetherAnswer(ctx, people, kept) {
  const verdict = kept.length ? "look" : "go";
  const held = kept.map((one) => ctx.t("door.kept", { name: one.name, why: ctx.t(`door.short_${holds(one)}`) }));
  const lines = [{ label: ctx.t("door.all_in"), text: people.map((one) => one.name).join(", ") }];
  const name = ctx.n("door.people", people.length);
  return { ...nothing, verdict, title: ctx.t(`door.${verdict}`), name, lines, says: held };
}

// The phone could not keep it: worse than any other stop.
export function lostAnswer(ctx, name) {
  return { ...nothing, verdict: "stop", title: ctx.t("door.stop"), name, says: [ctx.t("door.why_lost")], why: "lost" };
}

// What a screen reader says at once.
export const spokenAnswer = ({ title, name, says, lines }) =>
  [title, name, ...says, ...lines.map(({ label, text }) => `${label}: ${text}`)].filter(Boolean).join(". ");

// "12 лет", never parted at the end of a line.
export const spokenAge = (ctx, person) => ctx.n("door.age", person.age).replaceAll(" ", "\u00a0");

// "Ибраев Тимур, 12 лет": the age of children only.
export const spokenName = (ctx, person) =>
  person.child && person.age !== undefined
    ? `${person.name}, ${spokenAge(ctx, person)}`
    : person.name;

// A briefing follows for everybody where one is asked for; a note of health is looked at.
function verdictOf(why, thoughts) {
  if (["consent", "cancelled"].includes(why)) return "stop";
  return why || thoughts.includes("health") ? "look" : "go";
}

const nothing = { name: "", lines: [], says: [], why: "", reasons: [], gifts: [], party: [], brigade: [] };

function linesOf(ctx, person, { isIn, why, thoughts }) {
  const presence = presenceOf(ctx, person);
  const gifts = isIn ? spokenGifts(ctx, giftsDue(ctx, person)) : "";
  const leader = person.group?.leader;
  return [
    why === "already" && line(ctx, "when", spokenMark(ctx, person, presence.arrival, presence.arrivedAt)),
    why === "left" && line(ctx, "gone_at", spokenMark(ctx, person, presence.leaving, presence.leftAt)),
    person.role === "escort" && line(ctx, "role", ctx.t("door.escort")),
    person.group && line(ctx, "group", person.group.name),
    person.bus && line(ctx, "bus", person.bus.name),
    gifts && line(ctx, "gifts", gifts),
    thoughts.includes("health") && { ...line(ctx, "health", leader ? ctx.t("door.ask", { name: leader }) : ctx.t("door.ask_leader")), icon: "health" },
    thoughts.includes("briefing") && { ...line(ctx, "briefing", ctx.t("door.not_yet")), icon: "briefing" },
  ].filter((one) => one && one.text);
}

const line = (ctx, label, text) => ({ label: ctx.t(`door.${label}`), text });

// A ticket is read aloud in two fours.
const spelled = (code) => (code.length === 8 ? `${code.slice(0, 4)}\u00a0${code.slice(4)}` : code);
