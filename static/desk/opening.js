// The first time, with signal and a log-in: who it is, the PIN, and the keys of this phone.

import { again, handing, link, showOpening, showText } from "./doors.js";
import { countOf, keepPart, noteMeta } from "./store.js";
import { build, random, seal } from "./vault.js";
import { speak, t } from "./words.js";
import "./wipe.js";

// Whether it is on this phone afterwards, with its vault open; otherwise the page says what is missing.
export async function takeAlong(eventId, meta, device) {
  if (!globalThis.isSecureContext || !crypto.subtle) return refused("opening.not-secure");
  const answer = await fetch(`/events/${eventId}/desk/opening`).catch(() => null);
  const unsent = await countOf("outbox", eventId);
  const rest = unsent > 0 && handing(eventId, unsent);
  if (!answer) return refused("opening.offline", rest);
  if (answer.status === 401) return refused("opening.log-in", rest, logIn());
  if (!answer.ok) return refused([403, 404, 409].includes(answer.status) ? "opening.not-yours" : "broken.why", rest);
  const found = await answer.json();
  await speak(found.language);
  await showOpening(found, { hint: hint(), rest, act: (values) => take(eventId, meta, found, { ...values, name: device }) });
  return true;
}

const logIn = () => link(`/login?next=${encodeURIComponent(location.pathname + location.search)}`, t("wiped.log-in"));

function refused(words, rest = false, more = again()) {
  showText(t("opening.title"), [t(words)], rest, more);
  return false;
}

// What this browser can't do is said before anybody relies on it.
function hint() {
  const isApple = /iPhone|iPad/.test(navigator.userAgent);
  if (!("serviceWorker" in navigator)) return t("opening.no-worker");
  if (isApple && !navigator.standalone) return t("opening.install");
  return "";
}

async function take(eventId, meta, found, { pin, password, name }) {
  const form = new FormData();
  const installId = meta?.install_id ?? crypto.randomUUID();
  const said = { install_id: installId, pin, password: password ?? "", name };
  for (const [field, value] of Object.entries(said)) form.set(field, value);
  const asked = { method: "POST", body: form, headers: { "X-CSRFToken": found.csrf } };
  const answer = await fetch(`/events/${eventId}/desk/devices`, asked).catch(() => null);
  if (!answer) return { errors: { pin: t("opening.offline") } };
  const told = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : null;
  if (!answer.ok || !told) return { errors: told?.errors ?? { pin: t("broken.why") } };
  await torangyWipe(eventId); // what an older lock left here opens with no PIN any more
  const salt = told.pin_salt + [...random(8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const lockRow = await build(pin, salt, told.iterations);
  const { device_id, envelope_public, drop, expires_at, language } = told;
  const secrets = await seal("token", { token: told.token, proof: told.proof });
  await keepPart(eventId, "token", secrets);
  const row = { device_id, install_id: installId, envelope_public, drop, expires_at, language, cursor: "", wiped_at: undefined };
  const clockOff = Math.round(Date.parse(answer.headers.get("Date")) - Date.now()) || 0; // the first exchange says it exactly
  return noteMeta(eventId, { ...row, clock_off: clockOff, etag: undefined, ...lockRow });
}
