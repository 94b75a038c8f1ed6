// The line pictograms of the door, beside words and never alone; the three big signs are in dom.js.

import { h } from "./dom.js";

const ICONS = {
  phone: "M6 3h4l1.5 5L9 10c1.2 2.4 2.6 3.8 5 5l2-2.5 5 1.5v4c0 1.6-1.4 3-3 3C10.5 20.5 3.5 13.5 3 6c0-1.6 1.4-3 3-3Z",
  health: "M9 3h6v6h6v6h-6v6H9v-6H3V9h6Z",
  consent: "M6 2.5h8l4 4v15H6ZM9 11h6M9 15h6",
  briefing: "M4 18v-2a8 8 0 0 1 16 0v2ZM2.5 18h19M10 8V5h4v3",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 21 21",
  camera: "M3 7h4l2-3h6l2 3h4v13H3ZM12 9.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z",
};

// A pictogram of the same height as its word.
export const pictogram = (name) =>
  h("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: ICONS[name] }));
