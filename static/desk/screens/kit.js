// Protective equipment and tools, lent by size and taken back. What is still out stands first.

import { chooser } from "../chooser.js";
import { drawKeys } from "../result.js";
import { personOf, subjectOf } from "../roster.js";
import { signal, unlockSignals } from "../signals.js";
import { spokenSize } from "../stock.js";

export function show(root, ctx, params) {
  root.className = "desk-main safety";
  const person = personOf(ctx, params.get("key"));
  const page = person ? new OfPerson(root, ctx, person) : new Overview(root, ctx);
  return ctx.on("operation", () => page.draw());
}

const loansOf = (ctx, key) => [...(ctx.stand(key).gifts?.loans ?? [])].filter((one) => !one.back);
const kitOf = (ctx) => ctx.items.filter((one) => one.kind === "kit");

function spokenLoan(ctx, loan) {
  const item = ctx.items.find((one) => one.id === loan.item_id);
  const piece = loan.piece ? `(${loan.piece})` : "";
  return [item ? ctx.text(item.name) : ctx.t("kit.thing"), spokenSize(ctx, loan.size), piece].filter(Boolean).join("\u00a0");
}

class Overview {
  constructor(root, ctx) {
    this.ctx = ctx;
    const { h, t } = ctx;
    this.out = h("ul", { class: "rows", "data-out": "" });
    this.count = h("h2", {});
    const go = (person) => ctx.go(`kit?key=${encodeURIComponent(person.key)}`);
    this.who = chooser(ctx, { id: "kit-who", label: t("kit.who"), picked: go });
    root.append(h("div", { class: "safety-page" }, h("h1", {}, t("screen.kit")), this.who.root, this.count, this.out));
    this.draw();
  }

  draw() {
    const { ctx } = this;
    const { h } = ctx;
    const keys = [...ctx.merged.states.keys()].filter((key) => "pw".includes(key[0]));
    const rows = keys.flatMap((key) => loansOf(ctx, key).map((loan) => ({ key, loan })));
    this.count.textContent = ctx.n("kit.out", rows.length);
    this.out.replaceChildren(...rows.map(({ key, loan }) => {
      const person = personOf(ctx, key);
      return h("li", {}, h("a", { href: `#kit?key=${encodeURIComponent(key)}` }, person?.name ?? ctx.t("kit.somebody")), `: ${spokenLoan(ctx, loan)}`);
    }));
  }
}

class OfPerson {
  constructor(root, ctx, person) {
    [this.ctx, this.person] = [ctx, person];
    const { h, t } = ctx;
    this.out = h("ul", { class: "rows", "data-out": "" });
    this.lend = h("ul", { class: "rows" });
    this.refusal = h("p", { class: "gift-stop", id: "kit-refused", hidden: true });
    unlockSignals();
    this.keys = h("section", { class: "desk-keys", "aria-label": t("door.keys") });
    root.append(h("div", { class: "safety-page" }, h("p", { class: "soft" }, t("screen.kit")), h("h1", {}, person.name),
      this.refusal, this.out, h("h2", {}, t("kit.lend")), this.lend), this.keys);
    drawKeys(this.keys, { rows: [[{ key: "back", words: t("safety.back"), run: () => history.back() }]] });
    this.draw();
  }

  draw() {
    const { ctx, person } = this;
    const { h, t } = ctx;
    this.out.replaceChildren(...loansOf(ctx, person.key).map((loan) => h("li", { class: "lent" }, h("b", {}, spokenLoan(ctx, loan)),
      h("span", { class: "row2" },
        h("button", { class: "btn btn-primary", type: "button", "data-back": loan.id, onclick: () => this.#back(loan, false) }, t("kit.back")),
        h("button", { class: "btn btn-quiet", type: "button", onclick: () => this.#back(loan, true) }, t("kit.damaged"))))));
    const items = kitOf(ctx);
    this.lend.replaceChildren(...(items.length ? items.map((item) => h("li", {}, h("b", {}, ctx.text(item.name)), this.#sizes(item)))
      : [h("li", {}, t("kit.none"))]));
  }

  // The size that they wear comes first.
  #sizes(item) {
    const { ctx, person } = this;
    const sizes = item.sizes?.length ? [...item.sizes].sort((one) => (one === person.size ? -1 : 0)) : [""];
    return ctx.h("span", { class: "sizes" }, sizes.map((size) => ctx.h("button", {
      class: `btn ${size && size === person.size ? "btn-primary" : "btn-quiet"}`, type: "button", "data-lend": `${item.id}|${size}`,
      "aria-label": `${ctx.t("kit.give")}: ${ctx.text(item.name)} ${spokenSize(ctx, size)}`.trim(), onclick: () => this.#give(item, size),
    }, spokenSize(ctx, size) || ctx.t("kit.give"))));
  }

  // With signal the server says whether one is left; one tap at a time.
  async #give(item, size) {
    const { ctx, person } = this;
    if (this.isAsking) return;
    const body = { item_id: item.id, ...(size ? { size } : {}) };
    this.isAsking = true;
    this.lend.setAttribute("aria-busy", "true");
    try {
      const { said } = await ctx.offer([{ kind: "kit_out", subject: subjectOf(person), ...body }]);
      this.#answer(said.length ? "" : ctx.t("gifts.refused", { what: `${ctx.text(item.name)} ${spokenSize(ctx, size)}`.trim() }));
    } finally {
      this.isAsking = false;
      this.lend.removeAttribute("aria-busy");
    }
  }

  #answer(why) {
    const { ctx } = this;
    this.refusal.textContent = why;
    this.refusal.hidden = !why;
    if (why) signal("stop", ctx.settings);
    ctx.announce(why || ctx.t("safety.kept"));
  }

  #back(loan, isDamaged) {
    const { ctx, person } = this;
    const damaged = isDamaged ? { damaged: true } : {};
    const said = { kind: "kit_back", subject: subjectOf(person), names: loan.id, ...damaged };
    return ctx.record(said).then(() => ctx.announce(ctx.t("safety.kept")));
  }
}
