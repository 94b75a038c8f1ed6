// What lies on this phone: one database for all events that it took along. What lies in it in clear are ids, times, and
// what is sealed for the server; everything that could be read of people is encrypted (vault.js).

import { openDB } from "../vendor/idb/index.js";

const NAME = "torangy-desk";
const BALLAST = 2 * 1024 * 1024;
const STRICT = { durability: "strict" };

let opened;

export function database() {
  opened ??= openDB(NAME, 1, {
    upgrade: build,
    blocking: (_from, _to, event) => forget(event.target),
    terminated: () => (opened = undefined),
  });
  return opened;
}

function forget(connection) {
  connection.close();
  opened = undefined;
}

function build(base) {
  base.createObjectStore("meta", { keyPath: "event_id" });
  base.createObjectStore("keys");
  base.createObjectStore("state");
  base.createObjectStore("feed", { autoIncrement: true }).createIndex("event_id", "event_id");
  base.createObjectStore("mine", { keyPath: "id" }).createIndex("event_id", "event_id");
  const outbox = base.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
  outbox.createIndex("event_id", "event_id");
  outbox.createIndex("id", "id", { unique: true });
  base.createObjectStore("photos", { keyPath: "id" }).createIndex("event_id", "event_id");
  base.createObjectStore("ballast");
}

export const metaOf = async (eventId) => (await database()).get("meta", eventId);
export const allMeta = async () => (await database()).getAll("meta");

// Changes a few fields, whatever another tab changed meanwhile; the first row of an event has to be whole.
export async function noteMeta(eventId, changes) {
  const tx = (await database()).transaction("meta", "readwrite");
  const row = { ...(await tx.store.get(eventId)), event_id: eventId, ...changes };
  await Promise.all([tx.store.put(row), tx.done]);
  return row;
}

export const partOf = async (eventId, part) => (await database()).get("state", `${eventId} ${part}`);

export async function keepPart(eventId, part, sealed) {
  await (await database()).put("state", sealed, `${eventId} ${part}`);
}

export const rowsOf = async (store, eventId) => (await database()).getAllFromIndex(store, "event_id", eventId);
export const countOf = async (store, eventId) => (await database()).countFromIndex(store, "event_id", eventId);

// Own operations: sealed for the server, and readable for us. Both, or none; on the disk before this resolves.
export async function keepMine(pairs) {
  const tx = (await database()).transaction(["outbox", "mine"], "readwrite", STRICT);
  const writes = pairs.flatMap(([sealed, mine]) => [
    tx.objectStore("outbox").add(sealed),
    tx.objectStore("mine").put(mine),
  ]);
  await Promise.all([...writes, tx.done]);
}

// One answer of the feed, and how far it reaches.
export async function keepNews(eventId, sealed, changes) {
  const tx = (await database()).transaction(["feed", "meta"], "readwrite", STRICT);
  const meta = { ...(await tx.objectStore("meta").get(eventId)), ...changes };
  const writes = [tx.objectStore("meta").put(meta)];
  if (sealed) writes.push(tx.objectStore("feed").add({ event_id: eventId, ...sealed }));
  await Promise.all([...writes, tx.done]);
}

// Many small answers become one; own operations that came back by the feed are in it.
export async function fold(eventId, sealed, ownIds) {
  const base = await database();
  const keys = await base.getAllKeysFromIndex("feed", "event_id", eventId);
  const tx = base.transaction(["state", "feed", "mine"], "readwrite");
  const writes = [tx.objectStore("state").put(sealed, `${eventId} log`)];
  for (const key of keys) writes.push(tx.objectStore("feed").delete(key));
  for (const id of ownIds) writes.push(tx.objectStore("mine").delete(id));
  await Promise.all([...writes, tx.done]);
}

// What the server has leaves, by itself: that needs no room. What it refused stays, with the reason.
export async function settleOutbox(taken, refused) {
  const base = await database();
  const gone = base.transaction("outbox", "readwrite");
  for (const id of taken) {
    const key = await gone.store.index("id").getKey(id);
    if (key !== undefined) await gone.store.delete(key);
  }
  await gone.done;
  if (!refused.length) return;
  const tx = base.transaction("outbox", "readwrite");
  for (const { id, why, detail } of refused) {
    const row = await tx.store.index("id").get(id);
    if (row) await tx.store.put({ ...row, refused: { why, detail } });
  }
  await tx.done;
}

// What is only being asked for isn't sent as a fact meanwhile. A phone that dies while it asks sends it afterwards; a
// clock that was set anew holds nothing back.
const ASKED_FOR = 6000; // ms, more than anybody waits for the answer
export const askedUntil = () => Date.now() + ASKED_FOR;
export const isAsked = ({ asked_until: until = 0 }) => until > Date.now() && until < Date.now() + 2 * ASKED_FOR;

// It was asked for: `none` never was, `stands` is a fact from now on.
export async function settleAsked(none, stands) {
  const tx = (await database()).transaction(["outbox", "mine"], "readwrite", STRICT);
  const outbox = tx.objectStore("outbox");
  for (const id of [...none, ...stands]) {
    const row = await outbox.index("id").get(id);
    if (stands.includes(id) && row) await outbox.put({ ...row, asked_until: 0 });
    else if (row) await outbox.delete(row.seq);
  }
  for (const id of none) await tx.objectStore("mine").delete(id);
  await tx.done;
}

// What was refused is tried once more: a coordinator may have changed what it was about.
export async function renewOutbox(eventId) {
  const rows = await rowsOf("outbox", eventId);
  const tx = (await database()).transaction("outbox", "readwrite");
  await Promise.all([...rows.filter((row) => row.refused).map((row) => tx.store.put({ ...row, refused: null })), tx.done]);
}

export async function isUnsent(id) {
  return (await (await database()).getKeyFromIndex("outbox", "id", id)) !== undefined;
}

// Room that is given up when the phone is full, so that marking goes on for a while.
export async function layBallast() {
  const base = await database();
  if ((await base.count("ballast")) === 0) await base.put("ballast", new ArrayBuffer(BALLAST), 1).catch(() => {});
}

export async function dropBallast() {
  const base = await database();
  const had = (await base.count("ballast")) > 0;
  if (had) await base.clear("ballast");
  return had;
}

export const isFull = (error) =>
  error?.name === "QuotaExceededError" || error?.error?.name === "QuotaExceededError" || error?.name === "AbortError";
