// A field to sign in with a finger, a pen or a mouse. What is kept are the points, not a picture: a few hundred bytes.

const MOST_POINTS = 3000;
const LINE = 3;

export class SignaturePad {
  strokes = []; // [[x, y, x, y, ...]] in whole pixels of the field
  #points = 0;
  #line = null;

  // `changed` is called after each stroke and after clear().
  constructor(ctx, label, changed = () => {}) {
    this.changed = changed;
    this.canvas = ctx.h("canvas", { class: "signature", role: "img", "aria-label": label });
    const hear = (name, heard) => this.canvas.addEventListener(name, heard);
    hear("pointerdown", (event) => this.#begin(event));
    hear("pointermove", (event) => this.#go(event));
    for (const name of ["pointerup", "pointercancel"]) hear(name, (event) => this.#end(event));
    this.resized = new ResizeObserver(() => this.#draw());
    this.resized.observe(this.canvas);
  }

  get isEmpty() {
    return !this.strokes.length;
  }

  clear() {
    [this.strokes, this.#points, this.#line] = [[], 0, null];
    this.#draw();
    this.changed();
  }

  close() {
    this.resized.disconnect();
  }

  #begin(event) {
    if (!event.isPrimary || this.#points >= MOST_POINTS) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.#line = [];
    this.#add(event);
  }

  #go(event) {
    if (!this.#line || !event.isPrimary) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.#add(one);
    this.#draw();
  }

  #end(event) {
    if (!this.#line || !event.isPrimary) return;
    const [x, y] = this.#line;
    if (this.#line.length === 2) this.#line.push(x + 1, y); // a dot
    this.strokes.push(this.#line);
    this.#line = null;
    this.#draw();
    this.changed();
  }

  #add(event) {
    if (this.#points >= MOST_POINTS) return;
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const x = Math.round(Math.min(Math.max(event.clientX - left, 0), width));
    const y = Math.round(Math.min(Math.max(event.clientY - top, 0), height));
    const [lastX, lastY] = this.#line.slice(-2);
    if (x === lastX && y === lastY) return;
    this.#line.push(x, y);
    this.#points += 1;
  }

  #draw() {
    const { canvas } = this;
    const { width, height } = canvas.getBoundingClientRect();
    const scale = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    Object.assign(pen, { lineWidth: LINE, lineCap: "round", lineJoin: "round", strokeStyle: "#191d1a" });
    for (const line of this.#line ? [...this.strokes, this.#line] : this.strokes) {
      pen.beginPath();
      pen.moveTo(line[0], line[1]);
      for (let at = 2; at < line.length; at += 2) pen.lineTo(line[at], line[at + 1]);
      pen.stroke();
    }
  }
}
