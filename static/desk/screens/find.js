// Finding somebody who has no code at hand: by what one hears of a name, initials, or the personnel number. A row opens
// a person; it never marks.

import { spokenAge } from "../answer.js";
import { fold } from "../fold.js";
import { holds, presenceOf } from "../roster.js";
import { indexOf, MOST } from "../search.js";

const SAID_AFTER = 600; // ms of no typing before the number of rows is said

export function show(root, ctx, params) {
  const { h, t, n } = ctx;
  root.className = "desk-main finder";
  const field = h("input", {
    id: "find", class: "form-control", type: "search", autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
    "aria-describedby": "find-hint", value: params.get("q") ?? "", autofocus: true, oninput: () => draw(),
  });
  const hint = h("p", { id: "find-hint", class: "soft" });
  const hits = h("ul", { id: "hits", class: "hits" });
  let saying;

  function draw() {
    const query = field.value;
    const people = [...indexOf(ctx).find(query, ctx.byTicket), ...walkIns(ctx, query)].slice(0, MOST);
    hits.replaceChildren(...people.map((person) => rowOf(ctx, person)));
    const count = people.length === MOST ? t("find.first", { num: MOST }) : n("find.found", people.length);
    hint.textContent = query.trim() ? (people.length ? count : t("find.nobody")) : t("find.hint");
    clearTimeout(saying);
    if (query.trim()) saying = setTimeout(() => ctx.announce(hint.textContent), SAID_AFTER);
  }

  const form = h("form", { role: "search", onsubmit: (event) => open(event) },
    h("label", { for: "find" }, t("find.label")), field);
  // Enter opens the only one that was found.
  function open(event) {
    event.preventDefault();
    const rows = hits.querySelectorAll("a");
    if (rows.length === 1) rows[0].click();
    else rows[0]?.focus();
  }

  root.append(h("h1", {}, t("screen.find")), form, hint, hits);
  draw();
  indexOf(ctx).ready.then(() => field.value && draw());
  const onEscape = (event) => event.key === "Escape" && ctx.go("door");
  document.addEventListener("keydown", onEscape);
  const stop = ctx.on("operation", draw);
  return () => {
    clearTimeout(saying);
    stop();
    document.removeEventListener("keydown", onEscape);
  };
}

function rowOf(ctx, person) {
  const { h } = ctx;
  const about = [person.group && ctx.text(person.group.name), person.about, person.number].filter(Boolean).join(" · ");
  return h("li", {},
    h("a", { href: `#person?key=${encodeURIComponent(person.key)}`, "data-place": person.id },
      h("span", {}, h("b", {}, person.name), person.child && person.age !== undefined && h("span", { class: "soft" }, ` ${spokenAge(ctx, person)}`),
        about && h("small", {}, about)),
      stateOf(ctx, person)));
}

function stateOf(ctx, person) {
  const { h, t } = ctx;
  const { state } = presenceOf(ctx, person);
  const held = holds(person);
  if (state !== "expected") return h("span", { class: `state state-${state}` }, t(`state.${state}`));
  return held && h("span", { class: "state state-held" }, t(`door.short_${held}`));
}

// Those who came without a place are few, and no list of them is made beforehand.
function walkIns(ctx, query) {
  const words = fold(query).split(" ").filter(Boolean);
  if (!words.length) return [];
  return ctx.walkIns().filter((person) => {
    const text = ` ${fold(`${person.name} ${person.number}`)}`;
    return words.every((word) => text.includes(` ${word}`));
  });
}
