// Tickets without a network: "my events", tickets and what they look like are kept once they were seen. Everything is
// asked of the network first; what is kept is shown when no answer comes. Logging in or out forgets every page.

/* global torangyWipe */
importScripts("/static/desk/wipe.js"); // what phones keep of an event's desk goes with whoever logs out

const PAGES = "torangy-pages-1";
const DRESS = "torangy-dress-1"; // stylesheets, fonts: nothing of a person
const PATIENCE = 4000; // ms; on a coast with one bar an answer may never come

const isTicket = (url) => url.pathname === "/my" || url.pathname.startsWith("/tickets/");
const isDress = (url) => url.pathname.startsWith("/static/");
const isDoor = (url) => /^\/(login|logout|activation|password|kiosk)(\/|$)/.test(url.pathname);

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.method === "POST" && isDoor(url)) event.waitUntil(forget());
  if (event.request.method === "POST" && url.pathname === "/logout") event.waitUntil(torangyWipe());
  if (event.request.method === "GET" && (isTicket(url) || isDress(url))) event.respondWith(answer(event, url));
});

// The page that brought us here was loaded before we could see it: it says what it consists of.
self.addEventListener("message", (event) => event.waitUntil(keepAll(event.data.keep)));

async function answer(event, url) {
  const asked = fetch(event.request).then((response) => noted(url, response));
  event.waitUntil(asked.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([asked.catch(() => {}), late]);
  return first ?? (await (await kept(url)).match(url.pathname)) ?? asked;
}

async function noted(url, response) {
  if (response.ok && !response.redirected) await (await kept(url)).put(url.pathname, response.clone());
  else if (response.status === 404 || response.status === 410) await (await kept(url)).delete(url.pathname);
  else if (response.redirected || response.type === "opaqueredirect") await forget(); // the session is over
  return response;
}

async function keepAll(addresses) {
  for (const address of addresses) {
    const url = new URL(address, self.location.origin);
    if (url.origin !== self.location.origin || !(isTicket(url) || isDress(url))) continue;
    await fetch(url.pathname, { credentials: "same-origin" }).then((response) => noted(url, response), () => {});
  }
}

const kept = (url) => caches.open(isDress(url) ? DRESS : PAGES);

const forget = () => caches.delete(PAGES);
