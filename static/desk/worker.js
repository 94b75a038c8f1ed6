// The worker that keeps this app on the phone, and how a new version comes: it waits until somebody taps.

import { emit } from "./bus.js";

const WORKER = "/desk/sw.js";
const DECODER = /^\/events\/[a-z0-9]+\/desk\/decoder\.js$/;
const LOOK_EVERY = 3600000; // ms

const allowed = (url) => {
  if (url !== WORKER && !DECODER.test(url)) throw new TypeError(`not a worker of ours: ${url}`);
  return url;
};
const policy = globalThis.trustedTypes?.createPolicy("desk", { createScriptURL: allowed });

export const scriptUrl = (url) => policy?.createScriptURL(url) ?? allowed(url);

// Once signal is back the worker hands over, even with no page open; where the browser can do that.
export async function handOverLater() {
  const found = await navigator.serviceWorker?.getRegistration();
  await found?.sync?.register("torangy-desk").catch(() => {});
}

export async function watchWorker(frame) {
  if (!("serviceWorker" in navigator)) return;
  let asked = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => asked && location.reload());
  const offer = (waiting) => {
    emit("update");
    frame.offerUpdate(() => {
      asked = true;
      waiting.postMessage({ activate: true });
    });
  };
  try {
    // Without a network it rejects; what was registered before works on.
    const found = await navigator.serviceWorker.register(scriptUrl(WORKER), { scope: location.pathname.replace(/\/$/, "") });
    if (found.waiting && navigator.serviceWorker.controller) offer(found.waiting);
    found.addEventListener("updatefound", () => {
      const [coming, isFirst] = [found.installing, !found.active]; // the first one takes this page over by itself
      coming?.addEventListener("statechange", () => {
        if (coming.state === "installed" && !isFirst) offer(coming);
      });
    });
    setInterval(() => found.update().catch(() => {}), LOOK_EVERY);
  } catch {
    const known = await navigator.serviceWorker.getRegistration();
    if (known?.waiting) offer(known.waiting);
  }
  await navigator.serviceWorker.ready;
  document.body.dataset.kept = "yes";
}
