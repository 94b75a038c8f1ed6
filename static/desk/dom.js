// Elements without HTML in strings: h("p", {class: "soft"}, "text"). Texts are always texts.

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = new Set(["svg", "path", "circle", "rect", "line", "g", "polyline", "polygon"]);
const ANNOUNCE_EVERY = 1000; // ms; a reader that is interrupted each time says nothing

export function h(tag, attributes = {}, ...children) {
  const element = SHAPES.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) set(element, name, value);
  add(element, children);
  return element;
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "text") element.textContent = value;
  else if (name === "value") element.value = value;
  else if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
  else element.setAttribute(name, value === true ? "" : value);
}

function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(element, child);
    else if (child !== undefined && child !== null && child !== false) element.append(child);
  }
}

export function clear(element) {
  element.replaceChildren();
  return element;
}

let spoken = -ANNOUNCE_EVERY;
let later;

// Says it to those who listen to the page; of many at once only the last.
export function announce(text) {
  clearTimeout(later);
  const wait = Math.max(0, spoken + ANNOUNCE_EVERY - performance.now());
  later = setTimeout(() => {
    spoken = performance.now();
    const live = document.getElementById("said");
    if (live) live.textContent = text;
  }, wait);
}

// A new screen is read from its heading on.
export function focusFirst(root) {
  const target = root.querySelector("[autofocus]") ?? root.querySelector("h1");
  if (!target) return;
  if (!target.matches("input, button, a, select, textarea")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// Line pictograms of the look (templates/_icons.html); beside words, never alone.
const ICONS = {
  out: "M12 16V5M7.5 9.5 12 5l4.5 4.5M4 15v4.5h16V15",
  menu: "M4 7h16M4 12h16M4 17h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
};

export function icon(name) {
  return h("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: ICONS[name] }));
}

const SIGNS = {
  go: [["circle", { cx: 12, cy: 12, r: 10.5 }], ["path", { class: "cut", d: "M7 12.5l3.5 3.5L17 8.8" }]],
  look: [["path", { d: "M12 1.5 23.5 22H.5Z" }], ["path", { class: "cut", d: "M12 9v6M12 18.4v.1" }]],
  stop: [["path", { d: "M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.600V7.4Z" }], ["path", { class: "cut", d: "M7 12h10" }]],
};

// The big sign of an answer: disc, triangle, octagon.
export function sign(verdict) {
  const parts = SIGNS[verdict].map(([tag, attributes]) => h(tag, attributes));
  return h("svg", { class: "sign", viewBox: "0 0 24 24", "aria-hidden": "true" }, parts);
}
