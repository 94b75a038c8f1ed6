// The emergency pack: whom to call, notes of health. Each opening is written down, and told at the next exchange.

import { fold } from "../fold.js";
import { readPack } from "../pack.js";

const WHY = ["ill", "lost", "late", "other"];

export function show(root, ctx) {
  const { h, t } = ctx;
  root.className = "desk-page way";
  root.append(h("h1", {}, t("screen.pack")), h("p", {}, t("pack.logged")), closed(root, ctx));
}

function closed(root, ctx) {
  const { h, t } = ctx;
  const why = h("select", { id: "pack-why", class: "form-select" }, WHY.map((one) => h("option", { value: one }, t(`pack.why-${one}`))));
  const form = h("form", { id: "pack-open", onsubmit: (event) => act(event) },
    h("div", { class: "field" }, h("label", { for: "pack-why" }, t("pack.why")), why),
    h("button", { class: "btn btn-primary wide", "data-key": "pack" }, t("pack.open")));
  async function act(event) {
    event.preventDefault();
    const pack = await readPack(ctx).catch(() => null);
    if (!pack) return form.replaceWith(h("p", { class: "notice" }, t("pack.none")));
    // First it is written down, then it is seen.
    await ctx.record({ kind: "pack_opened", reason: t(`pack.why-${why.value}`) });
    return form.replaceWith(...opened(ctx, pack));
  }
  return form;
}

function opened(ctx, pack) {
  const { h, t } = ctx;
  const list = h("ul", { class: "pack-people", id: "pack-people" });
  const field = h("input", { id: "pack-find", type: "search", class: "form-control", autocomplete: "off", oninput: () => draw() });
  const named = pack.people.map((one) => [` ${fold(one.name)}`, one]);
  function draw() {
    const words = fold(field.value).split(" ").filter(Boolean);
    const found = named.filter(([name]) => words.every((word) => name.includes(` ${word}`)));
    list.replaceChildren(...found.map(([, one]) => rowOf(ctx, one)));
  }
  draw();
  return [
    h("p", { class: "soft" }, t("pack.made", { time: ctx.time(pack.made_at) })),
    h("div", { class: "field" }, h("label", { for: "pack-find" }, t("pack.find")), field),
    list,
  ];
}

function rowOf(ctx, one) {
  const { h, t } = ctx;
  const call = (name, phone, about) => h("li", {},
    h("span", {}, name, about && h("small", {}, about)), phone && h("a", { class: "btn btn-quiet", href: `tel:${phone}` }, phone));
  const contacts = one.child ? (one.contacts ?? []) : [];
  return h("li", { "data-place": one.id },
    h("h2", {}, one.name, one.age !== undefined && h("small", { class: "soft" }, ` ${ctx.n("door.age", one.age)}`)),
    one.health && h("p", { class: "notice pack-health" }, one.health),
    !one.health && one.flags?.includes("health") && h("p", { class: "soft" }, t("pack.ask-leader")),
    h("ul", { class: "rows" },
      one.phone && call(t("pack.own"), one.phone, ""),
      contacts.map((person) => call(person.name, person.phone, t("over.how-guardian")))));
}
