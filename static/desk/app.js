// The desk of the day: starts, opens and locks one event on this phone, and shows its screens. No rules live here.

import { emit, on } from "./bus.js";
import { again, showFull, showLock, showText, showWiped } from "./doors.js";
import { takeAlong } from "./opening.js";
import { announce, clear, focusFirst, h } from "./dom.js";
import { Frame } from "./frame.js";
import { Holding } from "./holding.js";
import { readSettings } from "./context.js";
import { SCREENS } from "./screens/index.js";
import { dropBallast, isFull, layBallast, metaOf, renewOutbox } from "./store.js";
import { isOpen, pinCheck, shut, unlock } from "./vault.js";
import { speak, t } from "./words.js";
import { handOverLater, scriptUrl, watchWorker } from "./worker.js";
import "./pack.js";
import "./wipe.js";

const IDLE = 5 * 60 * 1000; // ms until it locks
const eventId = location.pathname.split("/")[2];
const channel = new BroadcastChannel("torangy-desk");
const frame = new Frame();
const version = document.querySelector('meta[name="desk-version"]')?.content ?? "";
const doors = {
  lock,
  forget: () => wiped("forgotten"),
  scriptUrl,
  pinCheck,
  sendAgain: () => renewOutbox(eventId).then(() => holding.sync?.soon(0)),
  pack: () => holding.pack(),
  takePack: () => holding.takePack(),
};
const holding = new Holding(eventId, { version, channel, go, revoked: () => wiped("revoked"), doors });

let closeScreen = null;
let idle;
let lastTouch = Date.now();

start().catch((error) => {
  console.error(error);
  showText(t("broken.title"), [t("broken.why")], again());
});

async function start() {
  await navigator.storage?.persist?.().catch(() => false);
  const meta = await metaOf(eventId);
  await speak(meta?.language ?? languageOfBrowser());
  frame.link(eventId);
  watchWorker(frame);
  listen();
  if (meta && isOver(meta)) return wiped("over");
  if (meta?.wrapped && !location.search.includes("renew")) return ask(meta);
  if (meta?.wiped_at) deliver();
  return opening(meta);
}

function languageOfBrowser() {
  const known = navigator.languages.map((one) => one.slice(0, 2)).find((one) => ["kk", "ru", "en"].includes(one));
  return known ?? "kk";
}

async function opening(meta) {
  document.body.dataset.screen = "opening";
  if (!(await takeAlong(eventId, meta, frame.device()))) return;
  history.replaceState(null, "", location.pathname + location.hash);
  await unlocked({ isNew: true });
}

// The PIN, as often as it takes; ten wrong ones in a row take everything away.
async function ask(meta) {
  document.body.dataset.screen = "lock";
  frame.hide();
  deliver();
  await showLock(meta, {
    title: "",
    forget: () => wiped("forgotten"),
    act: async ({ pin }) => {
      const { state, left, wait } = await tried(pin);
      if (state === "full") return stop();
      if (state === "open") return state;
      if (state === "over") return wiped("tries");
      if (state === "wait") return { errors: { pin: t("lock.wait", { seconds: Math.ceil(wait / 1000) }) } };
      const later = wait ? ` ${t("lock.wait", { seconds: Math.ceil(wait / 1000) })}` : "";
      return { errors: { pin: t("lock.wrong", { left }) + later } };
    },
  });
  if (isOpen()) await unlocked();
}

// A try is counted before it is made; a phone without room for that gives up its ballast first.
async function tried(pin) {
  for (;;) {
    try {
      return await unlock(await metaOf(eventId), pin);
    } catch (error) {
      if (!isFull(error)) throw error;
      if (!(await dropBallast())) return { state: "full" };
    }
  }
}

async function unlocked({ isNew = false } = {}) {
  if (!(await holding.open())) {
    shut();
    return showText(t("opening.title"), [t("opening.offline")], again());
  }
  layBallast();
  touched();
  frame.show(holding.ctx);
  await holding.sync.tell();
  holding.sync.soon(0);
  if (isNew && !location.hash) announce(t("opening.ready"));
  route();
}

// What was sealed before is carried even while this phone is locked or wiped.
function deliver() {
  if (holding.sync) return holding.sync.soon(0);
  return import("./sync.js").then(({ Sync }) => {
    const nothing = async () => {};
    holding.sync = new Sync({ eventId, version, token: () => null, take: nothing, revoked: nothing, refresh: nothing });
    holding.sync.soon(0);
  });
}

async function lock() {
  if (!isOpen()) return;
  leave();
  shut();
  holding.close();
  holding.sync = null;
  emit("locked");
  await ask(await metaOf(eventId));
}

async function wiped(why) {
  leave();
  shut();
  holding.close();
  holding.sync = null;
  await torangyWipe(eventId);
  emit("wiped", why);
  frame.hide();
  document.body.dataset.screen = "wiped";
  await showWiped(eventId, why);
  await deliver();
}

// By the server's clock as far as this phone knows it: one that runs days ahead takes nothing away.
const isOver = (meta) =>
  Math.max(Date.now() + (meta.clock_off ?? 0), Date.parse(meta.last_exchange_at ?? 0) || 0) > Date.parse(meta.expires_at);

// Whoever leaves the phone lying leaves it locked.
function touched() {
  lastTouch = Date.now();
  clearTimeout(idle);
  idle = setTimeout(lock, IDLE);
}

function listen() {
  for (const name of ["pointerdown", "keydown", "input"]) addEventListener(name, touched, { passive: true });
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) return;
    const meta = await metaOf(eventId);
    if (meta?.wrapped && isOver(meta)) wiped("over");
    else if (isOpen() && Date.now() - lastTouch > IDLE) lock();
  });
  channel.addEventListener("message", ({ data }) => {
    if (data.eventId !== eventId && data.eventId !== null) return;
    if (data.wiped && isOpen()) location.reload();
    else if (data.operations && isOpen()) holding.heard(data);
  });
  on("recorded", () => {
    touched(); // a scanned ticket is no touch, and somebody holds the phone
    holding.sync?.tell();
    holding.sync?.soon();
  });
  on("full", ({ last }) => (last ? stop() : frame.nearlyFull()));
  on("operation", () => frame.count(holding.ctx));
  on("people", (ctx) => frame.count(ctx));
  on("exchange", (said) => {
    frame.exchanged(said, holding.ctx);
    if (said.unsent && said.online === false) handOverLater();
    metaOf(eventId).then((meta) => meta?.wrapped && isOver(meta) && wiped("over"));
  });
  addEventListener("hashchange", route);
}

function stop() {
  leave();
  document.body.dataset.screen = "full";
  dropBallast();
  showFull(eventId);
}

function go(hash) {
  const wanted = hash.startsWith("#") ? hash : `#${hash}`;
  if (location.hash === wanted) route();
  else location.hash = wanted;
}

function leave() {
  closeScreen?.();
  closeScreen = null;
}

// The screen that the address names; the first that this person may use where it names none.
async function route() {
  if (!isOpen() || !holding.ctx) return;
  const ctx = holding.ctx;
  const [name, query] = location.hash.slice(1).split("?");
  const may = Object.entries(SCREENS).filter(([, one]) => !one.powers.length || one.powers.some(ctx.can));
  const found = name === "menu" ? null : (may.find(([one]) => one === name) ?? may[0]);
  leave();
  const root = clear(document.getElementById("main"));
  root.className = "desk-main";
  root.removeAttribute("aria-live");
  document.body.dataset.screen = found ? found[0] : "menu";
  if (found) {
    const screen = await found[1].load();
    if (document.body.dataset.screen !== found[0]) return; // somebody was quicker
    closeScreen = screen.show(root, ctx, new URLSearchParams(query)) ?? null;
  } else {
    menu(root, may, ctx);
  }
  focusFirst(root);
}

function menu(root, may, ctx) {
  root.className = "desk-page";
  const shown = may.filter(([, one]) => one.menu !== false && (one.shown?.(ctx) ?? true));
  root.append(
    h("h1", {}, t("menu")),
    h("ul", { class: "desk-menu" }, shown.map(([name, { word }]) => h("li", {}, h("a", { href: `#${name}` }, t(word))))),
  );
}

for (const [name, value] of Object.entries(readSettings())) document.body.dataset[name] = String(value);
