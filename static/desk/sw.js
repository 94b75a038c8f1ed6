// Keeps the app of the desk on this phone: all of one version, or none. VERSION and ASSETS stand before this text, put
// there by the server. Nothing of a person is kept here; people lie encrypted in IndexedDB.

/* global VERSION, ASSETS */
// Each event has its own worker, which may be of another version than its neighbour's.
const MINE = `torangy-desk-${new URL(self.registration.scope).pathname.split("/")[2]}-`;
const KEPT = MINE + VERSION;
const DESK = /^\/events\/[^/]+\/desk\/?$/;
const DECODER = /^\/events\/[^/]+\/desk\/decoder\.js$/;
const OWN = /^\/(static|desk\/words)\//;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(ASSETS.map((url) => new Request(url, { cache: "no-cache", credentials: "omit" })))));
});

self.addEventListener("activate", (event) => event.waitUntil(begin()));

// Older versions go once nobody uses them. The first one takes the page over that brought it here.
async function begin() {
  const names = await caches.keys();
  for (const name of names) if (name.startsWith(MINE) && name !== KEPT) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data?.activate) self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    if (DESK.test(url.pathname)) event.respondWith(kept("/desk/shell", event.request));
  } else if (DECODER.test(url.pathname)) {
    event.respondWith(kept("/desk/decoder.js", event.request));
  } else if (OWN.test(url.pathname)) {
    event.respondWith(kept(url.pathname, event.request));
  }
});

async function kept(address, request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(address)) ?? fetch(request);
}

// Signal came back while no page was open: what is sealed goes out, by the key that can do nothing else.
self.addEventListener("sync", (event) => {
  if (event.tag === "torangy-desk") event.waitUntil(navigator.locks.request("torangy-desk-sync", deliver));
});

const AT_ONCE = 200;
const ASKED_FOR = 6000; // ms; as in store.js
const isAsked = ({ asked_until: until = 0 }) => until > Date.now() && until < Date.now() + 2 * ASKED_FOR;

// Rejects while anything is left that could go; the browser then tries again later.
async function deliver() {
  const base = await opened();
  try {
    for (const meta of await all(base, "meta")) while (meta.drop && (await handOver(base, meta)));
  } finally {
    base.close();
  }
}

// One batch of one event; whether there is more.
async function handOver(base, meta) {
  const rows = (await all(base, "outbox")).filter((row) => row.event_id === meta.event_id && !row.refused && !isAsked(row));
  if (!rows.length) return false;
  const about = { device: meta.install_id, sent_at: new Date().toISOString(), unsent: rows.length, version: VERSION };
  const body = JSON.stringify({ ...about, operations: [], envelopes: rows.slice(0, AT_ONCE).map(written) });
  const headers = { Authorization: `Bearer ${meta.drop}`, "Content-Type": "application/json" };
  const address = `/api/v1/events/${meta.event_id}/desk/operations`;
  const answer = await fetch(address, { method: "POST", headers, body, credentials: "omit" });
  if (answer.status === 401) return false; // whoever logs in again takes it along
  const said = answer.ok ? await answer.json() : null;
  if (!said?.now) throw new Error(`not handed over: ${answer.status}`);
  const gone = new Set([...said.applied, ...said.known]);
  const left = new Map(said.refused.map(({ id, why, detail }) => [id, { why, detail }]));
  const tx = base.transaction("outbox", "readwrite");
  for (const row of rows) {
    if (gone.has(row.id)) tx.objectStore("outbox").delete(row.seq);
    else if (left.has(row.id)) tx.objectStore("outbox").put({ ...row, refused: left.get(row.id) });
  }
  await new Promise((resolve, reject) => Object.assign(tx, { oncomplete: resolve, onabort: () => reject(tx.error) }));
  return gone.size + left.size > 0;
}

function written({ id, device_id, epk, iv, data }) {
  return { id, device_id, epk: base64(epk), iv: base64(iv), data: base64(data) };
}

function base64(buffer) {
  let text = "";
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const opened = () => answered(indexedDB.open("torangy-desk"));
const all = (base, store) => answered(base.transaction(store).objectStore(store).getAll());
