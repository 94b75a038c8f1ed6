// What stands before the desk: opening it with signal, the PIN, and what is said when this phone holds nothing any more.
// Each draws into main and resolves when there is something to go on with.

import { clear, focusFirst, h, icon, sign } from "./dom.js";
import { exportFile } from "./handing.js";
import { countOf } from "./store.js";
import { n, t } from "./words.js";

const main = () => clear(document.getElementById("main"));

function page(...children) {
  const root = main();
  root.className = "desk-page";
  root.append(...children.filter(Boolean));
  focusFirst(root);
  return root;
}

const pinField = (id, words, complete) =>
  h("div", { class: "field" },
    h("label", { class: "form-label", for: id }, words),
    h("input", {
      class: "form-control pin", id, name: id, type: "password", inputmode: "numeric", pattern: "[0-9]{6}", minlength: 6,
      maxlength: 6, required: true, autocomplete: complete, "aria-describedby": `${id}-wrong`,
    }),
    h("p", { class: "wrong", id: `${id}-wrong`, role: "alert" }),
  );

function wrong(form, name, words) {
  const field = form.elements[name] ?? form.querySelector("input");
  const place = form.querySelector(`#${field.id}-wrong`);
  place.textContent = words;
  field.setAttribute("aria-invalid", "true");
  field.focus();
  field.select();
}

// Waits for the form; `act(values)` says what is wrong, {field: words}, or gives anything else to go on with.
function submitted(form, act) {
  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.ariaBusy === "true") return;
      for (const place of form.querySelectorAll(".wrong")) place.textContent = "";
      for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
      form.ariaBusy = "true";
      try {
        const found = await act(Object.fromEntries(new FormData(form)));
        if (found?.errors) for (const [name, words] of Object.entries(found.errors)) wrong(form, name, [words].flat()[0]);
        else resolve(found);
      } finally {
        form.ariaBusy = null;
      }
    });
  });
}

// The first time, with signal: who it is, for which event, and the PIN that will lock it.
export function showOpening(found, { hint, rest, act }) {
  const form = h("form", { id: "opening", autocomplete: "off" },
    found.needs_pin && h("p", {}, t("opening.choose-pin")),
    pinField("pin", t("opening.pin"), found.needs_pin ? "new-password" : "current-password"),
    found.needs_pin && h("div", { class: "field" },
      h("label", { class: "form-label", for: "password" }, t("opening.password")),
      h("input", { class: "form-control", id: "password", name: "password", type: "password", required: true, autocomplete: "current-password", "aria-describedby": "password-wrong" }),
      h("p", { class: "wrong", id: "password-wrong", role: "alert" })),
    h("button", { class: "btn btn-primary wide" }, t("opening.take")),
  );
  page(
    h("h1", {}, t("opening.title")),
    h("p", { class: "lead" }, found.title),
    h("p", {}, t("opening.why", { name: found.name })),
    hint && h("p", { class: "notice" }, hint),
    form,
    h("p", { class: "soft" }, t("opening.lock")),
    rest,
  );
  return submitted(form, act);
}

// Six digits and nothing else; what is unsent can be handed over without them.
export async function showLock(meta, { title, act, forget }) {
  const unsent = await countOf("outbox", meta.event_id);
  const form = h("form", { id: "lock", autocomplete: "off" },
    pinField("pin", t("lock.pin"), "current-password"),
    h("button", { class: "btn btn-primary wide" }, t("lock.open")),
  );
  page(
    h("p", { class: "big-icon" }, icon("lock")),
    h("h1", {}, title || t("lock.title")),
    h("p", { class: "soft" }, t("lock.why")),
    form,
    unsent > 0 && handing(meta.event_id, unsent),
    h("details", { class: "more" },
      h("summary", {}, t("lock.forgotten")),
      h("p", {}, t("lock.forget-why")),
      h("button", { class: "btn btn-leave", type: "button", "data-key": "forget", onclick: forget }, t("settings.forget"))),
  );
  const field = form.elements.pin;
  field.addEventListener("input", () => field.value.length === 6 && form.requestSubmit());
  field.focus();
  return submitted(form, act);
}

export function showText(title, words, ...more) {
  page(h("h1", {}, title), ...[words].flat().map((one) => h("p", {}, one)), ...more.filter(Boolean));
}

export const again = () =>
  h("button", { class: "btn btn-primary wide", type: "button", onclick: () => location.reload() }, t("full.again"));

export const link = (address, words) => h("a", { class: "btn btn-primary wide", href: address }, words);

// This phone holds nothing of the event any more, but for what it has not handed over.
export async function showWiped(eventId, why) {
  const unsent = await countOf("outbox", eventId);
  showText(
    t("wiped.title"),
    [t(`wiped.${why}`)],
    unsent > 0 && handing(eventId, unsent),
    link(`/login?next=/events/${eventId}/desk`, t("wiped.log-in")),
  );
}

// Nothing more can be kept: whoever stands here now goes on paper.
export function showFull(eventId) {
  const root = main();
  root.className = "result result-stop";
  root.id = "main";
  root.append(
    h("div", { id: "result", "data-verdict": "stop", role: "alert" },
      sign("stop"), h("h1", {}, t("full.title")), h("p", {}, t("full.why"))),
    h("section", { class: "desk-keys", "aria-label": t("keys") },
      h("button", { class: "btn key-main", type: "button", "data-key": "export", onclick: () => exportFile(eventId) }, t("hand.file")),
      h("button", { class: "btn key", type: "button", onclick: () => location.reload() }, t("full.again"))),
  );
  focusFirst(root);
}

// How many are not handed over, and the file for whoever has signal.
export function handing(eventId, unsent) {
  return h("section", { class: "notice", "data-count": unsent },
    h("p", {}, h("b", {}, n("hand.unsent", unsent))),
    h("p", {}, t("hand.why")),
    h("button", { class: "btn btn-quiet", type: "button", "data-key": "export", onclick: () => exportFile(eventId) }, t("hand.file")),
  );
}
