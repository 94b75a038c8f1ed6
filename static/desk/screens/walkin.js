// Somebody came without a place: their name is a fact, whether or not there is room. A number that somebody has who is
// on the list leads to that one instead.

import { takeBack, welcome } from "../acts.js";
import { lostAnswer } from "../answer.js";
import { clearAnswer, drawAnswer, drawKeys } from "../result.js";
import { indexOf } from "../search.js";

export function show(root, ctx) {
  const screen = new Screen(root, ctx);
  screen.ask();
}

class Screen {
  constructor(root, ctx) {
    this.ctx = ctx;
    const { h, t } = ctx;
    root.className = "desk-main walkin";
    const field = (name, words, more = {}) =>
      h("div", { class: "field" },
        h("label", { for: `walkin-${name}`, class: "form-label" }, words),
        h("input", { class: "form-control", id: `walkin-${name}`, name, type: "text", autocomplete: "off", spellcheck: "false", ...more }));
    this.wrong = h("p", { class: "wrong", id: "walkin-wrong", role: "alert" });
    this.form = h("form", { class: "walkin-form", novalidate: true, onsubmit: (event) => this.#submitted(event) },
      h("h1", {}, t("screen.walkin")),
      h("p", { class: "soft" }, t("walkin.why")),
      this.wrong,
      field("surname", t("walkin.surname"), { required: true, maxlength: 100, "aria-describedby": "walkin-wrong" }),
      field("given_name", t("walkin.given_name"), { maxlength: 100 }),
      field("personnel_number", t("walkin.number"), { maxlength: 20, autocapitalize: "characters" }),
      field("phone", t("walkin.phone"), { type: "tel", inputmode: "tel", maxlength: 20 }),
      h("label", { class: "check" }, h("input", { type: "checkbox", class: "form-check-input", name: "is_child" }), h("span", {}, t("walkin.child"))),
      h("button", { class: "btn btn-primary btn-big", type: "submit", "data-key": "let-in" }, t("person.let_in")));
    this.result = h("section", { id: "result", class: "result", hidden: true, "aria-label": t("door.answer") });
    this.keys = h("section", { class: "desk-keys", "aria-label": t("door.keys"), hidden: true });
    root.append(this.form, this.result, this.keys);
  }

  // The empty form again.
  ask() {
    this.form.reset();
    this.wrong.textContent = "";
    this.form.elements.surname.removeAttribute("aria-invalid");
    clearAnswer(this.result);
    [this.form.hidden, this.keys.hidden] = [false, true];
  }

  #submitted(event) {
    event.preventDefault();
    const { ctx, form } = this;
    const person = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    const told = Object.fromEntries(Object.entries(person).filter(([, value]) => value));
    if (form.elements.is_child.checked) told.is_child = true;
    if (!told.surname) return this.#isWrong();
    const holder = told.personnel_number && indexOf(ctx).byNumber(told.personnel_number);
    if (holder) return this.#hasPlace(holder);
    return told.is_child ? this.#askFirst(told) : this.#welcome(told);
  }

  #isWrong() {
    this.wrong.textContent = this.ctx.t("walkin.surname_missing");
    this.form.elements.surname.setAttribute("aria-invalid", "true");
    this.form.elements.surname.focus();
  }

  // The number is somebody's who is expected: that place is theirs.
  #hasPlace(person) {
    const { t, go } = this.ctx;
    const open = { key: "open", words: t("walkin.open"), run: () => go(`door?key=${encodeURIComponent(person.key)}`) };
    this.#show({ verdict: "look", title: t("door.look"), name: person.name, says: [t("walkin.has_place")], lines: [] }, { main: open, rows: [[this.#stay()]] });
  }

  #askFirst(told) {
    const { t, event } = this.ctx;
    const phone = event.coordinator?.phone;
    const call = phone && { key: "call", icon: "phone", words: t("door.call", { name: event.coordinator.name }), href: `tel:${phone}` };
    const anyway = { key: "anyway", words: t("door.anyway"), run: () => this.#askWhy(told) };
    const answer = { verdict: "stop", title: t("door.stop"), name: nameOf(told), says: [t("walkin.child_alone")], lines: [] };
    this.#show(answer, { main: call || this.#stay(), rows: [[anyway, call && this.#stay()]] });
  }

  // In one of three words, which the coordinator reads beside the conflict; then in.
  #askWhy(told) {
    const { t, announce } = this.ctx;
    const because = ["agreed", "parent", "known"].map((reason) => [
      { key: `because-${reason}`, words: t(`reason.${reason}`), run: () => this.#welcome(told, { reason }) },
    ]);
    drawKeys(this.keys, { rows: [...because, [this.#stay()]] });
    this.keys.querySelector("button").focus({ preventScroll: true });
    announce(t("door.because"));
  }

  async #welcome(told, body = {}) {
    const { ctx } = this;
    const { t } = ctx;
    try {
      const act = await welcome(ctx, told, body);
      const { capacity } = ctx.event;
      const isFull = capacity && ctx.counts().expected > capacity;
      const says = [isFull ? t("walkin.no_room") : "", told.is_child ? t("door.why_consent") : ""].filter(Boolean);
      const verdict = says.length ? "look" : "go";
      const undo = { key: "undo", words: t("door.undo"), run: () => takeBack(ctx, act).then(() => this.ask()) };
      const again = { key: "again", words: t("walkin.again"), run: () => this.ask() };
      this.#show({ verdict, title: t(`door.${verdict}`), name: nameOf(told), says, lines: [] }, { main: this.#next(), rows: [[again, undo]] });
    } catch (error) {
      console.error("not kept", error);
      this.#show(lostAnswer(ctx, nameOf(told)), { main: this.#stay() });
    }
  }

  #show(answer, keys) {
    this.form.hidden = true;
    this.keys.hidden = false;
    drawAnswer(this.result, this.ctx, answer);
    drawKeys(this.keys, keys);
    this.keys.querySelector("button, a").focus({ preventScroll: true });
  }

  #next() {
    return { key: "next", words: this.ctx.t("door.next"), run: () => this.ctx.go("door") };
  }

  // Back to the form as it was filled in.
  #stay() {
    const run = () => {
      clearAnswer(this.result);
      [this.form.hidden, this.keys.hidden] = [false, true];
      this.form.elements.surname.focus();
    };
    return { key: "stay", words: this.ctx.t("walkin.stay"), run };
  }
}

const nameOf = ({ surname = "", given_name = "" }) => `${surname} ${given_name}`.trim();
