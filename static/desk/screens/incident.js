// What went wrong or nearly did: written down sealed, read by coordinators and safety officers alone. Nothing of it
// stays readable on this phone.

import { chooser } from "../chooser.js";
import { smallPhoto } from "../photo.js";

const MOST_PHOTOS = 3;
const KINDS = ["incident", "near_miss"];

export function show(root, ctx) {
  root.className = "desk-main safety";
  new Report(root, ctx);
}

class Report {
  people = [];
  photos = [];

  constructor(root, ctx) {
    this.ctx = ctx;
    const { h, t } = ctx;
    this.wrong = h("p", { class: "wrong", role: "alert", id: "incident-wrong" });
    this.chosen = h("ul", { class: "rows chosen" });
    this.taken = h("p", { class: "soft", role: "status" });
    const keep = (person) => person.key.startsWith("p:") && !this.people.includes(person);
    this.who = chooser(ctx, { id: "incident-who", label: t("incident.who"), picked: (one) => this.#picked(one), keep });
    this.file = h("input", { class: "form-control", id: "incident-photo", type: "file", accept: "image/*", capture: "environment", onchange: () => this.#photo() });
    this.form = h("form", { class: "safety-page", novalidate: true, onsubmit: (event) => this.#submitted(event) },
      h("h1", {}, t("screen.incident")), h("p", { class: "soft" }, t("incident.why")), this.wrong, this.#kinds(),
      this.#field("where", "incident.where", "input", { maxlength: 200 }),
      this.#field("text", "incident.text", "textarea", { rows: 4, maxlength: 4000, "aria-describedby": "incident-wrong" }),
      this.#field("action", "incident.action", "textarea", { rows: 2, maxlength: 2000 }),
      this.#field("told", "incident.told", "input", { type: "time" }),
      this.chosen, this.who.root,
      h("div", { class: "field" }, h("label", { class: "form-label", for: "incident-photo" }, t("incident.photo")), this.file, this.taken),
      h("button", { class: "btn btn-primary btn-big", type: "submit", "data-key": "report" }, t("incident.report")));
    root.append(this.form);
  }

  #kinds() {
    const { h, t } = this.ctx;
    return h("fieldset", { class: "field" }, h("legend", { class: "form-label" }, t("incident.what")),
      KINDS.map((kind, at) => h("label", { class: "check" },
        h("input", { class: "form-check-input", type: "radio", name: "kind", value: kind, checked: at === 0 }), h("span", {}, t(`incident.${kind}`)))));
  }

  #field(name, words, tag, more) {
    const { h, t } = this.ctx;
    const id = `incident-${name}`;
    return h("div", { class: "field" }, h("label", { class: "form-label", for: id }, t(words)),
      h(tag, { class: "form-control", id, name, autocomplete: "off", ...more }));
  }

  #picked(person) {
    this.people.push(person);
    this.#drawChosen();
  }

  #drawChosen() {
    const { h, t } = this.ctx;
    const drop = (person) => {
      this.people = this.people.filter((one) => one !== person);
      this.#drawChosen();
    };
    this.chosen.replaceChildren(...this.people.map((one) => h("li", {}, h("span", {}, one.name),
      h("button", { class: "btn btn-leave", type: "button", onclick: () => drop(one), "aria-label": `${t("incident.drop")}: ${one.name}` }, t("incident.drop")))));
  }

  async #photo() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    if (this.photos.length >= MOST_PHOTOS) {
      this.taken.textContent = this.ctx.t("incident.enough");
      return;
    }
    try {
      this.photos.push(await smallPhoto(file));
      this.taken.textContent = this.ctx.n("incident.photos", this.photos.length);
    } catch {
      this.taken.textContent = this.ctx.t("incident.unreadable");
    }
  }

  async #submitted(event) {
    event.preventDefault();
    const { ctx } = this;
    const said = Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, String(value).trim()]));
    if (!said.text) {
      this.wrong.textContent = ctx.t("incident.empty");
      this.form.elements.text.setAttribute("aria-invalid", "true");
      this.form.elements.text.focus();
      return;
    }
    const secret = {
      near_miss: said.kind === "near_miss", place: said.where, text: said.text, action: said.action,
      guardian_told_at: this.#told(said.told), people: this.people.map((one) => one.id), photos: this.photos,
    };
    await ctx.record({ kind: "incident", secret });
    this.#thanks();
  }

  // That time today, by the phone's own day; a time ahead was yesterday's.
  #told(typed) {
    if (!typed) return "";
    const now = this.ctx.now();
    const at = new Date(now);
    at.setHours(...typed.split(":").map(Number), 0, 0);
    if (at > now) at.setDate(at.getDate() - 1);
    return at.toISOString();
  }

  #thanks() {
    const { h, t, announce } = this.ctx;
    const root = this.form.parentElement;
    const title = h("h1", { tabindex: "-1" }, t("incident.kept"));
    root.replaceChildren(h("div", { class: "safety-page", id: "incident-kept" }, title, h("p", {}, t("incident.why")),
      h("button", { class: "btn btn-quiet btn-big", type: "button", onclick: () => (root.replaceChildren(), new Report(root, this.ctx)) }, t("incident.another"))));
    title.focus();
    announce(t("incident.kept"));
  }
}
