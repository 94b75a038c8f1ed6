// The lock of one event on this phone. A random key (DEK) encrypts what lies here; it lies here itself, wrapped in a key
// made of the PIN and of a key that this browser gives to nobody. In clear the DEK is in memory only, while unlocked.
//
// Good against whoever picks the phone up: ten wrong PINs wipe it. Six digits don't stand against a laboratory; for that
// there is the phone's own encryption, little data, and three days.

import { database, noteMeta } from "./store.js";

const FREE_TRIES = 3;
const MOST_TRIES = 10;
const FIRST_WAIT = 5000; // ms, doubled with each further try
const subtle = globalThis.crypto?.subtle;
const bytes = (text) => new TextEncoder().encode(text);

let dek = null;

export const isOpen = () => dek !== null;
export const shut = () => (dek = null);
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

// A new lock for this PIN; it is open afterwards. Returns what belongs into the row of the event.
export async function build(pin, salt, iterations) {
  const raw = random(32);
  const wrapIv = random(12);
  const wrapped = await subtle.encrypt({ name: "AES-GCM", iv: wrapIv }, await keyOf(pin, salt, iterations), raw);
  dek = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return { salt, iterations, wrapped, wrap_iv: wrapIv.buffer, tries: 0, locked_until: 0 };
}

// "open", "wrong" (with how many tries are left and how long to wait), "wait", or "over": then it has to be wiped.
export async function unlock(meta, pin, now = Date.now()) {
  const left = meta.locked_until - now;
  // Longer than it was made: the clock was put back, and nobody stands before a lock for a day because of that.
  if (left > 0 && left <= waitAfter(meta.tries)) return { state: "wait", wait: left };
  const tries = meta.tries + 1;
  const wait = waitAfter(tries);
  // Counted before it is tried: pulling the battery gives no further try.
  await noteMeta(meta.event_id, { tries, locked_until: wait ? now + wait : 0 });
  try {
    const key = await keyOf(pin, meta.salt, meta.iterations);
    const raw = await subtle.decrypt({ name: "AES-GCM", iv: meta.wrap_iv }, key, meta.wrapped);
    dek = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  } catch {
    return tries >= MOST_TRIES ? { state: "over" } : { state: "wrong", left: MOST_TRIES - tries, wait };
  }
  await noteMeta(meta.event_id, { tries: 0, locked_until: 0 });
  return { state: "open" };
}

const waitAfter = (tries) => (tries < FREE_TRIES ? 0 : FIRST_WAIT * 2 ** (tries - FREE_TRIES));

// What a phone may know of another person's PIN: ten bits, by which a slip is noticed and nothing is found.
export async function pinCheck(pin, salt, iterations = 600000) {
  const given = await subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveBits"]);
  const salted = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations };
  const [first, second] = new Uint8Array(await subtle.deriveBits(salted, given, 16));
  return ((first << 8) | second) >> 6;
}

// A value as it may lie on the phone; `name` binds it to its place. Large ones are packed.
export async function seal(name, value, { packed = false } = {}) {
  const iv = random(12);
  const clear = bytes(JSON.stringify(value));
  const data = packed ? await piped(clear, new CompressionStream("gzip")) : clear;
  return { iv: iv.buffer, data: await subtle.encrypt(gcm(iv, name), dek, data), packed };
}

export async function unseal(name, { iv, data, packed }) {
  const clear = await subtle.decrypt(gcm(iv, name), dek, data);
  return JSON.parse(new TextDecoder().decode(packed ? await piped(clear, new DecompressionStream("gzip")) : clear));
}

const gcm = (iv, name) => ({ name: "AES-GCM", iv, additionalData: bytes(name) });

async function piped(data, through) {
  return new Response(new Blob([data]).stream().pipeThrough(through)).arrayBuffer();
}

async function keyOf(pin, salt, iterations) {
  const given = await subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveBits"]);
  const salted = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations };
  const slow = new Uint8Array(await subtle.deriveBits(salted, given, 256));
  const own = new Uint8Array(await subtle.sign("HMAC", await pepper(), bytes(salt)));
  const both = await subtle.importKey("raw", new Uint8Array([...slow, ...own]), "HKDF", false, ["deriveKey"]);
  const spread = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: bytes("torangy desk lock 1") };
  return subtle.deriveKey(spread, both, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// A key of this browser that can't be taken out of it: the rows alone, copied elsewhere, open with no PIN at all.
async function pepper() {
  const base = await database();
  const known = await base.get("keys", "pepper");
  if (known) return known;
  const made = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const tx = base.transaction("keys", "readwrite");
  const other = await tx.store.get("pepper");
  if (!other) await tx.store.put(made, "pepper");
  await tx.done;
  return other ?? made;
}
