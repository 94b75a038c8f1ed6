// Around every screen: what event it is, how many came, what is not handed over yet, and that a new version waits.

import { announce, h, icon } from "./dom.js";
import { n, t } from "./words.js";

const LOUD_AFTER = 3600000; // ms; what lies here unsent for so long is said loudly
const SAY_EVERY = 60000;

const byId = (id) => document.getElementById(id);

export class Frame {
  #said = 0;
  #activate = null;
  #isNearlyFull = false;

  constructor() {
    byId("menu").append(icon("menu"));
    byId("menu").addEventListener("click", () => (location.hash = location.hash === "#menu" ? "#" : "#menu"));
    byId("update").addEventListener("click", () => this.#activate?.());
  }

  // The page of each event is the same; what is installed is this event.
  link(eventId) {
    document.head.append(h("link", { rel: "manifest", crossorigin: "use-credentials", href: `/events/${eventId}/desk/manifest.webmanifest` }));
  }

  show(ctx) {
    byId("top").hidden = byId("unsent").hidden = false;
    byId("menu").setAttribute("aria-label", t("menu"));
    byId("state").setAttribute("aria-label", t("frame.state"));
    byId("title").textContent = ctx.text(ctx.event.title);
    byId("place").textContent = [ctx.text(ctx.event.site.name), ctx.settings.gate].filter(Boolean).join(", ");
    document.title = ctx.text(ctx.event.title);
    byId("arrived-word").textContent = t("frame.arrived");
    this.count(ctx);
  }

  hide() {
    byId("top").hidden = byId("unsent").hidden = true;
    document.title = t("lock.title");
  }

  count(ctx) {
    if (!ctx?.event) return;
    const { arrived, expected } = ctx.counts();
    byId("arrived").textContent = `${arrived} / ${expected}`;
    byId("arrived").dataset.count = arrived;
  }

  exchanged({ unsent, oldest, at, online, needsLogin }, ctx) {
    const body = document.body.dataset;
    body.unsent = unsent;
    body.online = online === null ? "" : String(online);
    const bar = byId("unsent");
    bar.className = unsent ? "unsent" : "strip";
    bar.toggleAttribute("data-loud", unsent > 0 && oldest !== null && Date.now() - Date.parse(oldest) > LOUD_AFTER);
    const when = at && ctx ? t("frame.met", { time: ctx.time(at) }) : "";
    const words = unsent ? n("frame.unsent", unsent) : t("frame.all-sent");
    const why = needsLogin ? t("frame.log-in") : online === false ? t("frame.no-signal") : "";
    bar.replaceChildren(
      unsent ? icon("out") : "",
      h("span", { class: "words", "data-count": unsent }, words),
      h("span", { id: "last-exchange" }, [this.#isNearlyFull && t("full.soon"), why, when].filter(Boolean).join(" · ")),
    );
    if (needsLogin) byId("last-exchange").replaceChildren(h("a", { href: `${location.pathname}?renew=1` }, why));
    if (unsent && Date.now() - this.#said > SAY_EVERY) {
      this.#said = Date.now();
      announce(words);
    }
  }

  // Seen and heard, until this page is opened anew.
  nearlyFull() {
    this.#isNearlyFull = true;
    announce(t("full.soon"));
  }

  // One tap, when it suits.
  offerUpdate(activate) {
    this.#activate = activate;
    byId("update").textContent = t("update");
    byId("update").hidden = false;
  }

  // "Chrome, Android": enough to tell two phones apart in a list.
  device() {
    const brand = navigator.userAgentData?.brands?.map((one) => one.brand).find((one) => !/not.?a.?brand|chromium/i.test(one));
    const system = navigator.userAgentData?.platform ?? /\(([^;)]+)/.exec(navigator.userAgent)?.[1] ?? "";
    return [brand ?? "Chromium", system].filter(Boolean).join(", ").slice(0, 60);
  }
}
