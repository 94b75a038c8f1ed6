// The table: whom the code or the name belongs to, what they are due in which size with what is left, one tap to give.
// Another size, taken back, and collected by somebody else are one touch away.

import { h, sign } from "../dom.js";
import { ticketCode } from "../fold.js";
import { drawKeys } from "../result.js";
import { giftsDue, giftsHad, personOf, presenceOf, subjectOf } from "../roster.js";
import { indexOf } from "../search.js";
import { signal, unlockSignals } from "../signals.js";
import { leftOf, spokenSize } from "../stock.js";
import { spokenName } from "../answer.js";
import { listenToKeys } from "../typing.js";

const SLOW = 250; // ms; an answer that comes sooner needs no words before it

export function show(root, ctx, params) {
  const table = new Table(root, ctx);
  if (params.get("key")) table.answerTo(personOf(ctx, params.get("key")));
  return () => table.close();
}

class Table {
  #ctx;
  #person = null;
  #last = null; // what the last tap recorded: {id}
  #asking = null; // while the server is asked whether one is left: whether it let us
  #stops;

  constructor(root, ctx) {
    this.#ctx = ctx;
    const { t } = ctx;
    this.code = h("input", {
      id: "code", class: "form-control", name: "code", type: "text", autocomplete: "off", autocapitalize: "characters",
      spellcheck: "false", enterkeyhint: "go", maxlength: 200,
    });
    this.form = h(
      "form",
      { class: "gift-form", onsubmit: (event) => this.#typed(event) },
      h("label", { for: "code" }, t("gifts.code")),
      h("div", { class: "gift-field" }, this.code, h("button", { class: "btn btn-quiet", type: "submit" }, t("gifts.show"))),
    );
    this.note = h("p", { class: "gift-note", role: "status" });
    this.refusal = h("p", { class: "gift-stop", id: "gift-refused", hidden: true });
    this.body = h("div", { class: "gift-person", id: "gift-person" });
    this.keys = h("section", { class: "desk-keys", "aria-label": t("gifts.keys") });
    root.className = "desk-main gifts";
    const title = h("h1", {}, t("gifts.title", { table: ctx.settings.table || "—" }));
    root.append(h("div", { class: "gift-page" }, title, this.form, this.note, this.refusal, this.body), this.keys);
    unlockSignals();
    this.#stops = [
      listenToKeys({ onCode: (text) => this.take(text), onShortcut: () => {} }),
      ctx.on("operation", () => this.#asking || this.#isHeld() || this.draw()),
    ];
    this.draw();
  }

  close() {
    for (const stop of this.#stops) stop();
  }

  // A ticket from a scanner or typed, or a personnel number. While we ask, it waits; what was refused is read first.
  take(text) {
    if (this.#asking) return void this.#asking.then((isGiven) => isGiven && this.take(text));
    const code = ticketCode(text);
    const person = this.#ctx.byTicket.get(code) ?? indexOf(this.#ctx).byNumber(text);
    if (person) return this.answerTo(person);
    this.answerTo(null);
    this.#say(this.#ctx.t("gifts.unknown", { code: code || text.trim() }));
    return undefined;
  }

  answerTo(person) {
    this.#person = person;
    this.#last = null;
    if (this.taker) this.taker.value = "";
    this.#clear();
    this.#say("");
    this.draw();
    if (person) this.body.querySelector("h2")?.focus({ preventScroll: true });
  }

  draw() {
    const person = this.#person;
    this.body.replaceChildren(...(person ? this.#about(person) : [h("p", { class: "soft" }, this.#ctx.t("gifts.idle"))]));
    const { t } = this.#ctx;
    const undo = this.#last && { key: "undo", words: t("gifts.undo"), run: () => this.#undo() };
    const next = person && { key: "next", words: t("gifts.next"), run: () => this.#next() };
    const find = { key: "find", icon: "search", words: t("gifts.find"), run: () => this.#ctx.go("find") };
    const stock = { key: "stock", words: t("screen.stock"), run: () => this.#ctx.go("stock") };
    drawKeys(this.keys, { main: next, rows: person ? [[undo, find]] : [[find], [stock]] });
  }

  #about(person) {
    const { t } = this.#ctx;
    const presence = presenceOf(this.#ctx, person);
    const isHere = presence.arrival !== null;
    const due = giftsDue(this.#ctx, person);
    const had = Object.entries(giftsHad(this.#ctx, person));
    return [
      h("h2", { class: "name", tabindex: "-1" }, spokenName(this.#ctx, person)),
      !isHere && h("p", { class: "gift-stop", "data-verdict": "stop" }, t("gifts.not-here")),
      ...had.map(([item, one]) => this.#given(personOf(this.#ctx, one.key) ?? person, item, one)),
      ...(isHere ? due.map((one) => this.#due(person, one)) : []),
      isHere && !due.length && !had.length && h("p", {}, t("gifts.nothing-due")),
      isHere && due.length > 0 && this.#collector(),
    ].filter(Boolean);
  }

  // One thing that they get: a key for each size, with what is left of it.
  #due(person, { item, size }) {
    const { t } = this.#ctx;
    const name = this.#ctx.text(item.name);
    const sizes = item.sizes?.length ? item.sizes : [""];
    const sorted = size && sizes.includes(size) ? [size, ...sizes.filter((one) => one !== size)] : sizes;
    const keys = sorted.map((one) => {
      const left = leftOf(this.#ctx, item, one);
      const words = left === null ? "" : t("gifts.left", { left });
      return h(
        "button",
        {
          class: one === size || sizes.length === 1 ? "btn key key-own" : "btn key", type: "button", "data-key": "give",
          "data-item": item.id, "data-size": one, "data-left": left ?? "",
          onclick: () => this.#give(person, item, one, left),
        },
        h("b", {}, one ? this.#size(one) : t("gifts.give")),
        words && h("span", { class: left > 0 ? "left" : "left none" }, words),
      );
    });
    return h("section", { class: "gift-due", "aria-label": name }, h("h3", {}, name), h("div", { class: "gift-sizes" }, keys));
  }

  #given(person, itemId, had) {
    const { t } = this.#ctx;
    const item = this.#ctx.items.find((one) => one.id === itemId);
    const name = item ? this.#ctx.text(item.name) : "";
    const when = this.#ctx.said(person.key).known.get(had.id);
    const others = (item?.sizes ?? []).filter((size) => size !== had.size);
    const by = when?.body?.collected_by;
    return h(
      "section",
      { class: "gift-had", "data-item": itemId, "data-size": had.size },
      h("p", {}, h("b", {}, [name, this.#size(had.size)].filter(Boolean).join("\u00a0")), ` ${t("gifts.given", { time: this.#ctx.time(when?.at) })}`, by && ` (${by})`),
      h(
        "details",
        {},
        h("summary", {}, t("gifts.change")),
        h(
          "div",
          { class: "gift-sizes" },
          others.map((size) => {
            const left = leftOf(this.#ctx, item, size);
            return h(
              "button",
              { class: "btn key", type: "button", "data-key": "exchange", "data-size": size, onclick: () => this.#exchange(person, had, item, size, left) },
              h("b", {}, this.#size(size)),
              left !== null && h("span", { class: left > 0 ? "left" : "left none" }, t("gifts.left", { left })),
            );
          }),
          h("button", { class: "btn key", type: "button", "data-key": "return", onclick: () => this.#takeBack(person, had, name) }, t("gifts.back")),
        ),
      ),
    );
  }

  // Somebody is typing a name or has the sizes open: what others recorded waits.
  #isHeld() {
    return document.activeElement === this.taker || Boolean(this.body.querySelector("details[open]"));
  }

  #collector() {
    this.taker ??= h("input", { class: "form-control", id: "taker", maxlength: 200, autocomplete: "off" });
    return h("div", { class: "gift-taker" }, h("label", { for: "taker" }, this.#ctx.t("gifts.taker")), this.taker);
  }

  // None left by what this phone knows: a second tap gives all the same, unless the server knows it too.
  async #give(person, item, size, left) {
    if (this.#asking || (left !== null && left <= 0 && !this.#sure(`${item.id}|${size}`))) return;
    const taker = this.taker?.value.trim();
    const what = this.#piece(item, size);
    const handed = { item_id: item.id, ...(size && { size }), ...(taker && { collected_by: taker }) };
    await this.#offer({ kind: "hand_out", subject: subjectOf(person), ...handed }, this.#ctx.t("gifts.gave", { what }), what);
  }

  async #exchange(person, had, item, size, left) {
    if (this.#asking || (left !== null && left <= 0 && !this.#sure(`${item.id}|${size}`))) return;
    const what = this.#piece(item, size);
    const said = { kind: "exchange", subject: subjectOf(person), names: had.last, size };
    await this.#offer(said, this.#ctx.t("gifts.exchanged", { what }), what);
  }

  // With signal the server says whether one is left; where none is, nothing was given.
  async #offer(operation, words, what) {
    const { table } = this.#ctx.settings;
    const asked = this.#ctx.offer([{ ...operation, ...(table && { table }) }]);
    this.#asking = asked.then(({ said }) => said.length > 0, () => false);
    this.body.setAttribute("aria-busy", "true");
    const slowly = setTimeout(() => this.#say(this.#ctx.t("gifts.asking")), SLOW);
    try {
      const [one] = (await asked).said;
      this.#asking = null;
      if (one) this.#kept(one, words);
      else this.#refuse(this.#ctx.t("gifts.refused", { what }));
    } finally {
      clearTimeout(slowly);
      this.#asking = null;
      this.body.removeAttribute("aria-busy");
    }
  }

  #refuse(words) {
    this.#asked = "";
    this.#say("");
    this.refusal.replaceChildren(sign("stop"), h("span", {}, words));
    this.refusal.hidden = false;
    this.refusal.dataset.verdict = "stop";
    signal("stop", this.#ctx.settings);
    this.#ctx.announce(words);
    this.draw();
    this.refusal.scrollIntoView({ block: "nearest" });
  }

  #takeBack(person, had, name) {
    return this.#record({ kind: "return", subject: subjectOf(person), names: had.id }, this.#ctx.t("gifts.returned", { what: name }));
  }

  #clear() {
    this.refusal.hidden = true;
    delete this.refusal.dataset.verdict;
  }

  async #record(operation, words) {
    if (this.#asking) return;
    const { table } = this.#ctx.settings;
    this.#kept(await this.#ctx.record({ ...operation, ...(table && { table }) }), words);
  }

  #kept(one, words) {
    this.#clear();
    this.#last = { id: one.id };
    this.#asked = "";
    if (this.taker) this.taker.value = "";
    this.#say(words);
    this.draw();
    this.keys.querySelector("[data-key=next]")?.focus({ preventScroll: true });
  }

  async #undo() {
    if (this.#asking) return;
    await this.#ctx.undo(this.#last.id);
    this.#last = null;
    this.#say(this.#ctx.t("gifts.undone"));
    this.draw();
  }

  #asked = "";

  #sure(what) {
    if (this.#asked === what) return true;
    this.#asked = what;
    this.#say(this.#ctx.t("gifts.none-left"));
    return false;
  }

  #next() {
    if (this.#asking) return void this.#asking.then((isGiven) => isGiven && this.#next());
    this.answerTo(null);
    this.code.focus();
  }

  #typed(event) {
    event.preventDefault();
    const text = this.code.value;
    this.code.value = "";
    if (text.trim()) this.take(text);
  }

  #say(text) {
    this.note.textContent = text;
    if (text) this.#ctx.announce(text);
  }

  #piece(item, size) {
    return [this.#ctx.text(item.name), this.#size(size)].filter(Boolean).join("\u00a0");
  }

  #size(size) {
    return spokenSize(this.#ctx, size);
  }
}
