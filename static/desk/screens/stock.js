// The stock of one table: what was brought, what should be left, what was counted at the end; a difference in words.

import { h } from "../dom.js";
import { drawKeys } from "../result.js";
import { countOf, spokenSize } from "../stock.js";

export function show(root, ctx) {
  const screen = new Stock(root, ctx);
  return ctx.on("operation", () => screen.update());
}

class Stock {
  #ctx;
  #lines = []; // {item, size, box, sum, off, fields}: drawn once, so that nothing is taken from under a typing finger

  constructor(root, ctx) {
    this.#ctx = ctx;
    const { t } = ctx;
    this.table = h("input", {
      class: "form-control", id: "table", maxlength: 40, autocomplete: "off", value: ctx.settings.table ?? "",
      onchange: (event) => this.#move(event.target.value),
    });
    this.list = h("div", { id: "stock-lines" });
    this.note = h("p", { class: "gift-note", role: "status" });
    this.keys = h("section", { class: "desk-keys", "aria-label": t("gifts.keys") });
    root.className = "desk-main stock";
    root.append(
      h(
        "div",
        { class: "gift-page" },
        h("h1", {}, t("screen.stock")),
        h("div", { class: "gift-taker" }, h("label", { for: "table" }, t("settings.table")), this.table),
        this.note,
        this.list,
      ),
      this.keys,
    );
    drawKeys(this.keys, { rows: [[{ key: "gifts", words: t("screen.gifts"), run: () => ctx.go("gifts") }]] });
    this.#build();
  }

  // What stands now; a field that somebody types in keeps what they typed.
  update() {
    const { t, settings } = this.#ctx;
    for (const { item, size, box, sum, off, fields } of this.#lines) {
      const stands = countOf(this.#ctx, settings.table, item, size);
      box.dataset.left = stands.left;
      sum.replaceChildren(t("stock.given", { given: stands.given }), ...(stands.opening ? [h("b", {}, ` ${t("stock.left", { left: stands.left })}`)] : []));
      off.hidden = stands.off === 0;
      off.dataset.off = stands.off;
      off.textContent = t(stands.off < 0 ? "stock.short" : "stock.over", { number: Math.abs(stands.off) });
      const said = { stock_open: stands.opening && stands.opened, stock_close: stands.closing && stands.closed };
      for (const [kind, input] of Object.entries(fields)) {
        if (input === document.activeElement || input.hasAttribute("aria-invalid")) continue;
        input.value = said[kind] === null ? "" : String(said[kind]);
      }
    }
  }

  #build() {
    this.#lines = [];
    const { items, t } = this.#ctx;
    const found = items.map((item) => {
      const sizes = item.sizes?.length ? item.sizes : [""];
      return h("section", { class: "stock-item" }, h("h2", {}, this.#ctx.text(item.name)), sizes.map((size) => this.#line(item, size)));
    });
    this.list.replaceChildren(...(found.length ? found : [h("p", {}, t("stock.nothing"))]));
    this.update();
  }

  #line(item, size) {
    const { t } = this.#ctx;
    const fields = {};
    const open = this.#field("stock_open", t("stock.brought"), item, size, fields);
    const close = this.#field("stock_close", t("stock.counted"), item, size, fields);
    const sum = h("p", { class: "stock-sum" });
    const off = h("p", { class: "stock-off", hidden: true });
    const box = h("div", { class: "stock-line", "data-item": item.id, "data-size": size }, size && h("b", { class: "stock-size", "data-word": spokenSize(this.#ctx, size) !== size }, spokenSize(this.#ctx, size)), open, sum, close, off);
    this.#lines.push({ item, size, box, sum, off, fields });
    return box;
  }

  #field(kind, words, item, size, fields) {
    const id = `${kind}-${item.id}-${size}`;
    const name = [this.#ctx.text(item.name), spokenSize(this.#ctx, size)].filter(Boolean).join(" ");
    fields[kind] = h("input", {
      class: "form-control", id, inputmode: "numeric", maxlength: 5, size: 4, autocomplete: "off", "data-kind": kind,
      "data-size": size, "data-item": item.id, onchange: (event) => this.#count(event.target, kind, item, size),
    });
    return h("div", { class: "stock-field" }, h("label", { for: id }, words, h("span", { class: "visually-hidden" }, ` ${name}`)), fields[kind]);
  }

  async #count(input, kind, item, size) {
    const typed = input.value.trim();
    if (!/^\d{1,5}$/.test(typed)) {
      input.setAttribute("aria-invalid", "true");
      return this.#say(this.#ctx.t("stock.wrong"));
    }
    input.removeAttribute("aria-invalid");
    const { table } = this.#ctx.settings;
    if (!table) {
      this.table.focus();
      return this.#say(this.#ctx.t("stock.which-table"));
    }
    await this.#ctx.record({ kind, subject: { table, item_id: item.id, size }, counted: Number(typed) });
    this.update();
    return this.#say(this.#ctx.t("stock.kept"));
  }

  #move(name) {
    this.#ctx.set("table", name.trim().replaceAll("|", "/"));
    this.#build();
  }

  #say(text) {
    this.note.textContent = text;
    this.#ctx.announce(text);
  }
}
