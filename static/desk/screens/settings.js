// This phone: what it holds until when, how it is held, what is not handed over yet, and forgetting all of it.

import { exportFile } from "../handing.js";
import { metaOf, rowsOf } from "../store.js";

export function show(root, ctx) {
  root.className = "desk-page";
  const { h, t } = ctx;
  const held = h("section", { id: "held" });
  const waiting = h("section", { id: "waiting" });
  root.append(h("h1", {}, t("screen.settings")), held, waiting, hands(ctx), here(ctx), away(ctx));
  const draw = async () => {
    held.replaceChildren(...(await holding(ctx)));
    waiting.replaceChildren(...(await unsent(ctx)));
  };
  draw();
  return ctx.on("exchange", draw);
}

async function holding(ctx) {
  const { h, t, n } = ctx;
  const meta = await metaOf(ctx.event.id);
  const day = new Intl.DateTimeFormat("ru", { dateStyle: "short", timeStyle: "short", timeZone: ctx.event.timezone });
  const isKept = (await navigator.storage?.persisted?.()) ?? false;
  return [
    h("p", { "data-count": ctx.people.size }, n("settings.people", ctx.people.size)),
    h("p", {}, t("settings.until", { day: day.format(new Date(meta.expires_at)) })),
    h("p", { class: "soft" }, t(isKept ? "settings.kept" : "settings.not-kept")),
    Math.abs(meta.clock_off ?? 0) > 120000 && h("p", { class: "notice" }, n("settings.clock", Math.round(Math.abs(meta.clock_off) / 60000))),
  ].filter(Boolean);
}

async function unsent(ctx) {
  const { h, t, n } = ctx;
  const rows = await rowsOf("outbox", ctx.event.id);
  const refused = rows.filter((row) => row.refused);
  return [
    h("h2", {}, t("settings.unsent")),
    h("p", {}, rows.length ? n("hand.unsent", rows.length) : t("settings.all-sent")),
    refused.length > 0 && h("ul", { class: "rows" }, refused.map((row) => h("li", {}, `${ctx.time(row.made_at)} · ${row.refused.detail}`))),
    refused.length > 0 && h("button", { class: "btn btn-quiet", type: "button", "data-key": "again", onclick: () => ctx.sendAgain() }, t("settings.again")),
    rows.length > 0 && h("button", { class: "btn btn-quiet", type: "button", "data-key": "export", onclick: () => exportFile(ctx.event.id) }, t("hand.file")),
  ].filter(Boolean);
}

function hands(ctx) {
  const { h, t } = ctx;
  const tick = (name, words, checked, act) =>
    h("label", { class: "check" },
      h("input", { type: "checkbox", class: "form-check-input", name, checked, onchange: (event) => act(event.target.checked) }), words);
  const { settings } = ctx;
  return h("fieldset", {},
    h("legend", {}, t("settings.hands")),
    tick("left", t("settings.left"), settings.hand === "left", (yes) => ctx.set("hand", yes ? "left" : "right")),
    tick("gloves", t("settings.gloves"), settings.gloves, (yes) => ctx.set("gloves", yes)),
    tick("sound", t("settings.sound"), settings.sound, (yes) => ctx.set("sound", yes)),
    tick("vibration", t("settings.vibration"), settings.vibration, (yes) => ctx.set("vibration", yes)),
  );
}

function here(ctx) {
  const { h, t } = ctx;
  const field = (name, words, list) =>
    h("div", { class: "field" },
      h("label", { class: "form-label", for: name }, words),
      h("input", { class: "form-control", id: name, maxlength: 40, autocomplete: "off", list, value: ctx.settings[name], onchange: (event) => ctx.set(name, event.target.value.trim()) }));
  return h("fieldset", {},
    h("legend", {}, t("settings.here")),
    field("gate", t("settings.gate")),
    field("table", t("settings.table")),
  );
}

function away(ctx) {
  const { h, t } = ctx;
  const sure = h("div", { hidden: true },
    h("p", {}, t("settings.forget-why")),
    h("button", { class: "btn btn-leave", type: "button", "data-key": "forget", onclick: () => ctx.forget() }, t("settings.forget")));
  return h("section", {},
    h("button", { class: "btn btn-quiet wide", type: "button", "data-key": "lock", onclick: () => ctx.lock() }, t("settings.lock")),
    h("button", { class: "btn btn-quiet wide", type: "button", "data-key": "devices", onclick: () => (location.href = `/events/${ctx.event.id}/desk/devices`) }, t("settings.devices")),
    h("button", { class: "btn btn-leave", type: "button", "aria-expanded": "false", onclick: (event) => {
      sure.hidden = !sure.hidden;
      event.target.setAttribute("aria-expanded", String(!sure.hidden));
    } }, t("settings.forget-ask")),
    sure);
}
