// What every screen is given: the event as this person may see it, what stands, and how to record something.

import { on } from "./bus.js";
import { announce, h } from "./dom.js";
import { saidOf } from "./operation.js";
import { PARTS } from "./merging.js";
import { lang, n, t, text } from "./words.js";

const SETTINGS = { table: "1", gate: "", hand: "right", gloves: false, sound: true, vibration: true };
const HERE = "torangy-desk-settings";

// `log` records, `offset()` is how far the server's clock is ahead of ours; what else is handed in is handed on.
export function contextOf(snapshot, { merged, log, offset, go, ...doors }) {
  const people = peopleOf(snapshot);
  const time = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: snapshot.event.timezone });
  const ctx = {
    event: snapshot.event,
    me: snapshot.me,
    people,
    byTicket: new Map([...people.values()].filter((one) => one.ticket).map((one) => [one.ticket, one])),
    groups: snapshot.groups,
    buses: snapshot.buses,
    legs: snapshot.legs ?? [],
    tables: snapshot.tables ?? ["1"],
    items: snapshot.items ?? [],
    confirmers: snapshot.confirmers ?? [],
    entitlements: snapshot.entitlements ?? {},
    snapshot,
    merged,
    settings: readSettings(),
    can: (power) => snapshot.me.powers.includes(power),
    said: (key) => merged.said.get(merged.keyOf(key)) ?? saidOf(key, []),
    stand: (key) => merged.states.get(merged.keyOf(key)) ?? nothingSaid(merged.keyOf(key)),
    walkIns: () => merged.walkIns.filter((one) => one.key.startsWith("w:")).map(personOfWalkIn),
    counts: () => countsOf(people, merged),
    record: async (one) => (await log.record([one]))[0],
    recordAll: (several) => log.record(several),
    undo: (id, reason = "slip") => undo(merged, log, id, reason),
    set: (name, value) => keepSettings(ctx, name, value),
    now: () => new Date(Date.now() + offset()),
    time: (iso) => (iso ? time.format(new Date(iso)) : ""),
    on, go, t, n, h, text, announce,
    lang: lang(),
    ...doors,
  };
  return ctx;
}

function peopleOf(snapshot) {
  const people = new Map();
  for (const row of snapshot.places) {
    people.set(row.id, {
      status: "confirmed", role: "participant", flags: [], patronymic: "", number: "", about: "", size: "", own: true,
      ...row,
      key: `p:${row.id}`,
      name: `${row.surname} ${row.given_name}`.trim(),
      group: snapshot.groups[row.group] ?? null,
      bus: snapshot.buses[row.bus] ?? null,
      child: Boolean(row.child),
    });
  }
  return people;
}

function personOfWalkIn(one) {
  const { surname = "", given_name = "", personnel_number: number = "", is_child: child = false } = one.body;
  const name = `${surname} ${given_name}`.trim();
  const blank = { ticket: "", patronymic: "", status: "walk_in", role: "participant", flags: [], group: null, bus: null };
  return { ...blank, id: one.id, key: one.key, surname, given_name, name, number, child, size: "", about: "", own: true };
}

const empty = new Map();

// What a key is about which nobody said anything; made once for each kind of key.
function nothingSaid(key) {
  const kind = key[0];
  if (!empty.has(kind)) {
    const said = saidOf(`${kind}:`, []);
    const parts = PARTS.filter((part) => part.keys.includes(kind));
    empty.set(kind, Object.fromEntries(parts.map((part) => [part.name, part.state(said)])));
  }
  return empty.get(kind);
}

// Arrived is who came, whether or not they left again; expected who has a seat, and who came without one.
function countsOf(people, merged) {
  let expected = 0;
  let arrived = 0;
  for (const one of people.values()) if (one.status === "confirmed") expected += 1;
  for (const [key, { presence }] of merged.states) {
    if (!presence?.arrival) continue;
    arrived += 1;
    if (key[0] === "w" || people.get(key.slice(2))?.status !== "confirmed") expected += 1;
  }
  return { arrived, expected };
}

function undo(merged, log, id, reason) {
  for (const said of merged.said.values()) {
    if (!said.known.has(id)) continue;
    return log.record([{ kind: "undo", subject: subjectOf(said.key), names: id, reason }]).then(([one]) => one);
  }
  return Promise.reject(new Error(`nobody knows ${id}`));
}

// The subject that a key is about; of what is its own subject nothing.
export function subjectOf(key) {
  const rest = key.slice(2);
  if (key[0] === "p") return { place_id: rest };
  if (key[0] === "w") return { walk_in_id: rest };
  if (key[0] === "g") return { group_id: rest };
  if (key[0] === "b") return { bus_id: rest.slice(0, rest.indexOf(":")), leg: rest.slice(rest.indexOf(":") + 1) };
  if (key[0] === "t") {
    const [table, item_id, size] = rest.split("|");
    return { table, item_id, size };
  }
  return undefined;
}

export function readSettings() {
  try {
    return { ...SETTINGS, ...JSON.parse(localStorage.getItem(HERE)) };
  } catch {
    return { ...SETTINGS };
  }
}

function keepSettings(ctx, name, value) {
  ctx.settings[name] = value;
  try {
    localStorage.setItem(HERE, JSON.stringify(ctx.settings));
  } catch {
    // a full phone forgets how it is held, nothing else
  }
  document.body.dataset[name] = String(value);
}
