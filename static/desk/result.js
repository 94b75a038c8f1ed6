// One answer fills the screen: sign, word, name, what must be known; below it the keys. Sound, vibration and voice go
// with it. How long it took from the code to the picture is measured.

import { h, sign } from "./dom.js";
import { spokenAnswer } from "./answer.js";
import { signal } from "./signals.js";
import { pictogram } from "./signs.js";

// Draws an answer and says it.
export function drawAnswer(section, ctx, answer) {
  const lines = answer.lines.map(({ label, text, icon }) =>
    h("div", {}, h("dt", {}, icon && pictogram(icon), label), h("dd", {}, text)),
  );
  section.className = `result result-${answer.verdict}`;
  section.dataset.verdict = answer.verdict;
  section.replaceChildren(
    sign(answer.verdict),
    h("h1", {}, answer.title),
    ...(answer.name ? [h("p", { class: "name" }, answer.name)] : []),
    ...answer.says.map((text) => h("p", {}, text)),
    ...(lines.length ? [h("dl", {}, lines)] : []),
  );
  section.hidden = false;
  section.scrollTop = 0;
  signal(answer.verdict, ctx.settings);
  ctx.announce(spokenAnswer(answer));
}

// The screen is empty again.
export function clearAnswer(section) {
  section.hidden = true;
  section.className = "result";
  delete section.dataset.verdict;
  section.replaceChildren();
}

// One large key, then rows of smaller ones: [{key, words, icon?, href? or run}]. What is empty is left out.
export function drawKeys(section, { main, rows = [] }) {
  const full = rows.map((row) => row.filter(Boolean)).filter((row) => row.length);
  section.replaceChildren(
    ...(main ? [keyOf(main, "btn key-main")] : []),
    ...full.map((row) => h("div", { class: row.length > 1 ? "row2" : "row1" }, row.map((one) => keyOf(one, "btn key")))),
  );
}

// From the code to the picture, as the browser's own measure "desk-answer".
export function measureFrom(mark) {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      performance.measure("desk-answer", { start: mark });
    };
    port2.postMessage(null); // after the frame, not within it
  });
}

function keyOf({ key, words, icon, href, run }, className) {
  const inside = [icon && pictogram(icon), h("span", {}, words)];
  if (href) return h("a", { class: className, href, "data-key": key }, inside);
  return h("button", { class: className, type: "button", "data-key": key, onclick: run }, inside);
}
