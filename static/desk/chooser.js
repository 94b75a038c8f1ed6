// A field to find people by and their names below it; a touch picks one.

import { indexOf } from "./search.js";

const SHOWN = 8;

// `picked(person)` is called for each; `keep(person)` says who is offered; `first` are offered while nothing is typed.
export function chooser(ctx, { id, label, picked, keep = () => true, first = () => [] }) {
  const { h, t } = ctx;
  const hits = h("ul", { class: "hits", id: `${id}-hits`, "aria-label": label });
  const field = h("input", {
    class: "form-control", id, type: "search", autocomplete: "off", spellcheck: "false",
    oninput: () => draw(), onkeydown: (event) => event.key === "Enter" && event.preventDefault(),
  });
  const root = h("div", { class: "field chooser" }, h("label", { class: "form-label", for: id }, label), field, hits);

  function draw() {
    const query = field.value.trim();
    const found = query ? indexOf(ctx).find(query, ctx.byTicket) : first();
    const people = found.filter(keep).slice(0, query ? SHOWN : undefined);
    const none = query && !people.length ? [h("li", {}, h("p", { class: "soft" }, t("safety.nobody")))] : [];
    hits.replaceChildren(...people.map((one) => h("li", {}, button(one))), ...none);
  }

  function button(person) {
    const about = [person.group && ctx.text(person.group.name), person.number].filter(Boolean).join(" · ");
    const run = () => {
      field.value = "";
      picked(person);
      draw();
    };
    return h("button", { class: "btn hit", type: "button", "data-person": person.key, onclick: run },
      h("span", {}, person.name, about && h("small", {}, about)));
  }

  draw();
  return { root, draw, field };
}
