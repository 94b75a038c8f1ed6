// The words of all screens in one language, from /desk/words/<language>.json: kept by the worker along with the rest.

let words = {};
let rules = new Intl.PluralRules("kk");
let language = "kk";

export async function speak(wanted) {
  const answer = await fetch(`/desk/words/${wanted}.json`);
  words = await answer.json();
  language = wanted;
  rules = new Intl.PluralRules(wanted);
  document.documentElement.lang = wanted;
}

export const lang = () => language;

// The text of this key; an unknown key is shown as it is, so that a missing word is seen and nothing breaks.
export function t(key, values = {}) {
  const found = words[key];
  return filled(typeof found === "object" ? found.other : (found ?? key), values);
}

// The same for so many: "%(num)s people".
export function n(key, number, values = {}) {
  const found = words[key];
  const text = typeof found === "object" ? (found[rules.select(number)] ?? found.other) : (found ?? key);
  return filled(text, { num: number, ...values });
}

// One of three languages; what isn't translated is shown in another.
export function text(texts) {
  if (typeof texts === "string") return texts;
  return texts?.[language] || texts?.kk || texts?.ru || texts?.en || "";
}

function filled(template, values) {
  return template.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole).replaceAll("%%", "%");
}
