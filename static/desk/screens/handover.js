// Handing children over: those who are not home, and for one child the adults of its list, the code, or the
// coordinator's word. Nobody else takes a child along.

import { ticketCode } from "../fold.js";
import { readPack } from "../pack.js";
import { personOf } from "../roster.js";
import { fitsCode, notHome, riderOf, ridersOf, subjectOf } from "../trip.js";

export function show(root, ctx, params) {
  root.className = "desk-page way";
  const person = params.get("key") ? personOf(ctx, params.get("key")) : null;
  const page = person?.child ? new Child(root, ctx, person) : new Open(root, ctx);
  const off = [ctx.on("operation", () => page.draw())];
  return () => off.forEach((stop) => stop());
}

// Children who are not home, by name.
class Open {
  #list;
  #about;

  constructor(root, ctx) {
    this.ctx = ctx;
    this.#list = ctx.h("ul", { class: "hits", id: "open" });
    this.#about = ctx.h("p", { class: "lead" });
    root.append(ctx.h("h1", {}, ctx.t("screen.handover")), this.#about, this.#list);
    this.draw();
  }

  draw() {
    const { ctx } = this;
    const { h, t, n } = ctx;
    const open = notHome(ctx, ridersOf(ctx));
    this.#about.textContent = open.length ? n("over.open", open.length) : t("trip.all-home");
    this.#about.dataset.open = open.length;
    this.#list.replaceChildren(...open.map((one) =>
      h("li", {}, h("a", { href: `#handover?key=${encodeURIComponent(one.key)}`, "data-place": one.id },
        h("span", {}, h("b", {}, one.name), one.person.group && h("small", {}, ctx.text(one.person.group.name)))))));
  }
}

class Child {
  #body;
  #note;

  constructor(root, ctx, person) {
    Object.assign(this, { ctx, person });
    const { h, t } = ctx;
    this.#body = h("div", {});
    this.#note = h("p", { class: "wrong", role: "alert", id: "why-not" });
    root.append(h("p", { class: "soft" }, h("a", { href: "#handover" }, t("screen.handover"))), h("h1", {}, person.name), this.#note, this.#body);
    this.pack = undefined;
    readPack(ctx)
      .catch(() => null)
      .then((pack) => {
        this.pack = pack?.people.find((one) => one.id === person.id) ?? null;
        this.draw();
      });
  }

  draw() {
    if (this.pack === undefined) return;
    const { ctx, person } = this;
    const rider = riderOf(ctx, person);
    if (rider.over) this.#body.replaceChildren(...this.#over(rider));
    else if (!this.#body.contains(document.activeElement) || document.activeElement === document.body) this.#body.replaceChildren(this.#form());
  }

  #over(rider) {
    const { ctx } = this;
    const { h, t } = ctx;
    const one = ctx.said(rider.key).known.get(rider.over);
    const to = this.#named(one.body.to);
    const words = t("over.done", { time: ctx.time(one.at), name: to || t(`over.how-${one.body.how}`) });
    return [
      h("p", { class: "trip-home is-done", id: "done" }, words),
      h("button", { class: "btn btn-leave wide", type: "button", "data-key": "undo", onclick: () => ctx.undo(one.id) }, t("over.undo")),
    ];
  }

  #named(id) {
    return (this.pack?.collect ?? []).find((one) => one.id === id)?.name ?? "";
  }

  #form() {
    const { h, t, can } = this.ctx;
    const adults = this.pack?.collect ?? [];
    const choice = (value, name, about, ...more) => h("li", {},
      h("label", { class: "check" }, h("input", { type: "radio", name: "who", value, class: "form-check-input" }),
        h("span", {}, h("b", {}, name), about && h("small", {}, about))), ...more);
    const field = (name, words, attributes = {}) => h("div", { class: "field" },
      h("label", { for: `over-${name}` }, words), h("input", { id: `over-${name}`, name, class: "form-control", autocomplete: "off", ...attributes }));
    const listed = adults.map((one) => choice(`${one.how}:${one.id}`, one.name, [t(`over.how-${one.how}`), one.how === "collector" && one.relation, one.phone].filter(Boolean).join(" · ")));
    return h("form", { id: "over", onsubmit: (event) => this.#act(event) },
      !this.pack && h("p", { class: "notice" }, t("over.no-list")),
      h("fieldset", {}, h("legend", {}, t("over.who")),
        h("ul", { class: "trip-adults" }, listed,
          this.pack?.code && choice("code:", t("over.by-code"), "", field("code", t("over.code"), { maxlength: "20", autocapitalize: "characters" })),
          can("manage") && choice("coordinator:", t("over.by-word"), "", field("reason", t("over.why"), { maxlength: "200" })))),
      field("receiver", t("over.receiver"), { maxlength: "100" }),
      h("button", { class: "btn btn-primary wide", "data-key": "over" }, t("trip.hand-over")));
  }

  async #act(event) {
    event.preventDefault();
    const { ctx, person } = this;
    const said = new FormData(event.target);
    const [how, to = ""] = (said.get("who") ?? "").split(":");
    const [code, reason, receiver] = ["code", "reason", "receiver"].map((name) => String(said.get(name) ?? "").trim());
    const why = await this.#whyNot(how, to, { code: ticketCode(code), reason, receiver });
    this.#note.textContent = why;
    if (why) return this.#note.scrollIntoView({ block: "center" });
    document.activeElement?.blur();
    const secret = { receiver: receiver || this.#named(to), ...(how === "code" && { code: ticketCode(code) }) };
    const about = { how, ...(to && { to }), ...(how === "coordinator" && { reason }) };
    await ctx.record({ kind: "hand_over", subject: subjectOf({ ...person, id: person.id }), ...about, secret });
    return ctx.announce(ctx.t("over.said", { name: person.name }));
  }

  async #whyNot(how, to, { code, reason, receiver }) {
    const { t } = this.ctx;
    if (riderOf(this.ctx, this.person).over) return t("trip.over", { name: this.person.name });
    if (!how) return t("over.choose");
    if (["guardian", "collector"].includes(how)) return this.#named(to) ? "" : t("over.not-listed");
    if (how === "code" && !(await fitsCode(code, this.pack.code))) return t("over.wrong-code");
    if (how === "coordinator" && !reason) return t("over.say-why");
    return receiver ? "" : t("over.say-who");
  }
}
