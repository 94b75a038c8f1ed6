// Briefings: who is told how to stay safe, in which version and language, by whom; and each one's signature under it.

import { chooser } from "../chooser.js";
import { drawKeys } from "../result.js";
import { personOf, presenceOf, subjectOf } from "../roster.js";
import { SignaturePad } from "../signature.js";

const LANGUAGES = { kk: "Қазақша", ru: "Русский", en: "English" };

export function show(root, ctx, params) {
  root.className = "desk-main safety";
  const person = personOf(ctx, params.get("key"));
  const page = person ? new Signing(root, ctx, person) : new Overview(root, ctx);
  const stop = ctx.on("operation", () => page.draw?.());
  return () => {
    stop();
    page.close?.();
  };
}

// The newest briefing that concerns them: of everybody, or of their group. Undefined where there was none yet.
export function briefingFor(ctx, person) {
  const keys = ["g:-", person?.group && `g:${person.group.id}`].filter(Boolean);
  return newest(keys.flatMap((key) => ctx.said(key).of("briefing")));
}

const newest = (several) => several.sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || (one.id < other.id ? -1 : 1)).at(-1);
const hasSigned = (ctx, person) => {
  const held = briefingFor(ctx, person);
  return Boolean(held) && (ctx.stand(person.key).briefing?.signed ?? []).includes(held.body.version);
};

class Overview {
  constructor(root, ctx) {
    this.ctx = ctx;
    const { h, t } = ctx;
    this.held = h("ul", { class: "rows" });
    this.count = h("p", { class: "soft", role: "status" });
    const go = (person) => ctx.go(`briefing?key=${encodeURIComponent(person.key)}`);
    const waits = () => [...ctx.people.values()].filter((one) => this.#waits(one));
    this.who = chooser(ctx, { id: "briefing-who", label: t("briefing.who_signs"), picked: go, first: waits });
    const form = ctx.can("manage") || ctx.can("safety") ? [this.#form()] : [];
    root.append(h("div", { class: "safety-page" }, h("h1", {}, t("screen.briefing")), this.held, ...form, this.count, this.who.root));
    this.draw();
  }

  draw() {
    const { ctx } = this;
    const { h, t } = ctx;
    const keys = ["g:-", ...ctx.groups.map((one) => `g:${one.id}`)];
    const rows = keys.map((key) => [key, newest(ctx.said(key).of("briefing"))]).filter(([, one]) => one);
    this.held.replaceChildren(...rows.map(([key, one]) => h("li", {},
      h("b", {}, this.#named(key)), ` · ${t("briefing.version_of", { version: one.body.version })} · ${ctx.time(one.at)}`,
      h("br"), h("span", { class: "soft" }, one.body.instructor))));
    const here = [...ctx.people.values()].filter((one) => presenceOf(ctx, one).state === "present" && briefingFor(ctx, one));
    const signed = here.filter((one) => hasSigned(ctx, one)).length;
    this.count.textContent = rows.length ? t("briefing.signed_of", { signed, here: here.length }) : t("briefing.none");
    this.who.draw();
  }

  #waits(person) {
    return presenceOf(this.ctx, person).state === "present" && briefingFor(this.ctx, person) && !hasSigned(this.ctx, person);
  }

  #named(key) {
    const { ctx } = this;
    const group = ctx.groups.find((one) => `g:${one.id}` === key);
    return group ? ctx.text(group.name) : ctx.t("briefing.everybody");
  }

  #form() {
    const { ctx } = this;
    const { h, t } = ctx;
    const last = newest(["g:-", ...ctx.groups.map((one) => `g:${one.id}`)].flatMap((key) => ctx.said(key).of("briefing")));
    const field = (name, words, value, more = {}) =>
      h("div", { class: "field" }, h("label", { class: "form-label", for: `briefing-${name}` }, words),
        h("input", { class: "form-control", id: `briefing-${name}`, name, value, required: true, autocomplete: "off", ...more }));
    const choice = (name, words, options, chosen) =>
      h("div", { class: "field" }, h("label", { class: "form-label", for: `briefing-${name}` }, words),
        h("select", { class: "form-select", id: `briefing-${name}`, name },
          options.map(([value, said]) => h("option", { value, selected: value === chosen }, said))));
    const groups = [["", t("briefing.everybody")], ...ctx.groups.map((one) => [one.id, ctx.text(one.name)])];
    const text = h("textarea", { class: "form-control", id: "briefing-text", name: "text", rows: 3, maxlength: 500, required: true });
    text.value = last?.body.text ?? "";
    this.wrong = h("p", { class: "wrong", role: "alert" });
    return h("details", { class: "briefing-new", open: !last },
      h("summary", {}, t("briefing.hold")),
      h("form", { novalidate: true, onsubmit: (event) => this.#hold(event) }, this.wrong,
        choice("group", t("briefing.whom"), groups, ""), field("version", t("briefing.version"), last?.body.version ?? "1", { maxlength: 20 }),
        choice("language", t("briefing.language"), Object.entries(LANGUAGES), last?.body.language ?? ctx.lang),
        field("instructor", t("briefing.instructor"), ctx.me.name, { maxlength: 120 }),
        h("div", { class: "field" }, h("label", { class: "form-label", for: "briefing-text" }, t("briefing.text")), text),
        h("button", { class: "btn btn-primary btn-big", type: "submit", "data-key": "hold" }, t("briefing.held"))));
  }

  async #hold(event) {
    event.preventDefault();
    const form = event.target;
    const said = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    const { group, ...body } = said;
    if (!body.version || !body.instructor || !body.text) {
      this.wrong.textContent = this.ctx.t("briefing.incomplete");
      return;
    }
    this.wrong.textContent = "";
    await this.ctx.record({ kind: "briefing", subject: { group_id: group }, ...body });
    form.closest("details").open = false;
    this.ctx.announce(this.ctx.t("safety.kept"));
  }
}

class Signing {
  constructor(root, ctx, person) {
    [this.ctx, this.person] = [ctx, person];
    const { h, t } = ctx;
    this.held = briefingFor(ctx, person);
    const page = h("div", { class: "safety-page" }, h("p", { class: "soft" }, t("screen.briefing")), h("h1", {}, person.name));
    this.keys = h("section", { class: "desk-keys", "aria-label": t("door.keys") });
    root.append(page, this.keys);
    if (!this.held) page.append(h("p", { class: "note" }, t("briefing.none")));
    else this.#field(page);
    this.#keys();
  }

  close() {
    this.pad?.close();
  }

  #field(page) {
    const { ctx, held } = this;
    const { h, t } = ctx;
    const about = [t("briefing.version_of", { version: held.body.version }), LANGUAGES[held.body.language], held.body.instructor];
    this.pad = new SignaturePad(ctx, t("briefing.field"), () => this.#keys());
    const done = hasSigned(ctx, this.person) ? [h("p", { class: "state state-present" }, t("briefing.done"))] : [];
    page.append(...done, h("p", { lang: held.body.language, class: "briefing-text" }, held.body.text),
      h("p", { class: "soft" }, about.filter(Boolean).join(" · ")), h("p", { id: "signature-why" }, t("briefing.sign_here")), this.pad.canvas);
  }

  #keys() {
    const { ctx } = this;
    const { t } = ctx;
    const back = { key: "back", words: t("safety.back"), run: () => history.back() };
    const sign = this.pad && !this.pad.isEmpty && { key: "sign", words: t("briefing.sign"), run: () => this.#sign() };
    const clear = sign && { key: "clear", words: t("briefing.clear"), run: () => this.pad.clear() };
    drawKeys(this.keys, { main: sign || undefined, rows: [[clear, back]] });
  }

  async #sign() {
    const { ctx, person, held, pad } = this;
    const { version, language } = held.body;
    const secret = { strokes: pad.strokes };
    await ctx.record({ kind: "briefing_signature", subject: subjectOf(person), version, language, secret });
    ctx.announce(ctx.t("briefing.done"));
    ctx.go("briefing");
  }
}
