// One bus on one leg: tap everybody who got in, or read their tickets; count heads; let it leave with a second person.

import { ticketCode } from "../fold.js";
import { Scanner } from "../scan.js";
import { busNamed, busOnLeg, fitsPin, legNamed, ridersOf, subjectOf } from "../trip.js";

const REASONS = ["absent", "own-way", "parent", "unknown"];

export function show(root, ctx, params) {
  const [bus, leg] = [params.get("bus") ?? "", params.get("leg") ?? ""];
  root.className = "desk-page way";
  if (!busNamed(ctx, bus) || !legNamed(ctx, leg)) {
    root.append(ctx.h("h1", {}, ctx.t("trip.unknown")), ctx.h("a", { href: "#legs" }, ctx.t("screen.legs")));
    return undefined;
  }
  const page = new Page(root, ctx, bus, leg);
  const off = [ctx.on("operation", () => page.draw()), ctx.on("people", () => page.draw())];
  return () => {
    page.close();
    off.forEach((stop) => stop());
  };
}

class Page {
  #camera;
  #list;
  #about;
  #note;
  #leaving;

  constructor(root, ctx, bus, leg) {
    Object.assign(this, { ctx, bus, leg });
    const { h, t } = ctx;
    this.#about = h("p", { id: "aboard", class: "lead" });
    this.#list = h("ul", { class: "trip-people" });
    this.#note = h("p", { class: "wrong", role: "alert", id: "why-not" });
    this.#leaving = h("section", { id: "leaving" });
    const field = h("input", { id: "code", class: "form-control", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", enterkeyhint: "done" });
    const typed = (event) => {
      event.preventDefault();
      this.#read(field.value);
      field.value = "";
    };
    const form = h("form", { class: "field", onsubmit: typed }, h("label", { for: "code" }, t("trip.code")), field);
    const back = h("a", { href: `#legs?leg=${encodeURIComponent(leg)}` }, t("screen.legs"));
    root.append(h("p", { class: "soft" }, back, ` · ${legNamed(ctx, leg)}`), h("h1", {}, busNamed(ctx, bus).name),
      this.#about, form, this.#eye(), this.#note, this.#list, this.#leaving);
    this.draw();
  }

  close() {
    this.#camera?.close();
  }

  // The camera opens when somebody asks for it: most buses are counted by tapping.
  #eye() {
    const { ctx } = this;
    const { h, t } = ctx;
    const video = h("video", { class: "trip-video", hidden: true });
    const said = h("p", { class: "soft", hidden: true });
    const key = h("button", { class: "btn btn-quiet wide", type: "button", "data-key": "camera" }, t("door.camera_on"));
    this.#camera = new Scanner(video, {
      worker: () => new Worker(ctx.scriptUrl(`/events/${ctx.event.id}/desk/decoder.js`), { type: "module" }),
      onCode: (text) => void this.#read(text),
      onState: (state) => {
        video.hidden = state !== "on";
        key.hidden = state === "on";
        said.hidden = state === "on";
        said.textContent = state === "on" ? "" : t(`door.camera_${state}`);
      },
    });
    key.addEventListener("click", () => this.#camera.start());
    return h("div", { class: "trip-eye" }, video, said, key);
  }

  // Fields that somebody is typing in stay as they are.
  draw() {
    const { ctx } = this;
    this.now = busOnLeg(ctx, ridersOf(ctx), this.bus, this.leg);
    const { expected, aboard, missing } = this.now;
    this.#about.textContent = ctx.t("trip.aboard", { aboard: aboard.length, expected: expected.length });
    this.#about.dataset.aboard = aboard.length;
    const others = aboard.filter((one) => !expected.includes(one));
    const focus = document.activeElement?.dataset?.place;
    this.#list.replaceChildren(...[...expected, ...others].map((one) => this.#row(one, !missing.includes(one))));
    if (focus) this.#list.querySelector(`[data-place="${focus}"]`)?.focus();
    if (!this.#leaving.contains(document.activeElement)) this.#drawLeaving();
  }

  #row(rider, isIn) {
    const { h, t } = this.ctx;
    const elsewhere = rider.rides[this.leg] && !rider.rides[this.leg].ended && rider.rides[this.leg].bus !== this.bus;
    const about = [rider.child && t("trip.child"), elsewhere && busNamed(this.ctx, rider.rides[this.leg].bus)?.name].filter(Boolean).join(" · ");
    return h("li", {},
      h("button", { type: "button", class: "trip-person", "aria-pressed": isIn ? "true" : "false", "data-place": rider.id, onclick: () => this.#tap(rider, isIn) },
        h("span", {}, h("b", {}, rider.name), about && h("small", {}, about)), h("span", {}, t(isIn ? "trip.in" : "trip.not-in"))));
  }

  async #tap(rider, isIn) {
    const { ctx, bus, leg } = this;
    this.#say("");
    if (rider.over) return this.#say(ctx.t("trip.over", { name: rider.name }));
    if (!isIn) return ctx.record({ kind: "board", subject: subjectOf(rider), bus_id: bus, leg });
    // A slip is taken back; after the list was closed it is a change that everybody sees.
    if (!this.now.departure) return ctx.undo(rider.rides[leg].id);
    return ctx.record({ kind: "alight", subject: subjectOf(rider), bus_id: bus, leg });
  }

  // A ticket that was typed, or read by a scanner or the camera.
  async #read(text) {
    const { ctx } = this;
    const person = ctx.byTicket.get(ticketCode(text));
    if (!person) return this.#say(ctx.t("trip.no-ticket"));
    const rider = ridersOf(ctx).find((one) => one.key === person.key);
    if (!rider) return this.#say(ctx.t("trip.no-seat", { name: person.name }));
    const ride = rider.rides[this.leg];
    const isIn = Boolean(ride && !ride.ended && ride.bus === this.bus);
    if (!isIn) await this.#tap(rider, false);
    if (!this.#note.textContent) ctx.announce(ctx.t("trip.got-in", { name: rider.name }));
  }

  #drawLeaving() {
    const { now } = this;
    const parts = now.departure ? [this.#left(), this.#arrival(), this.#leave()] : [this.#leave()];
    this.#leaving.replaceChildren(...parts.filter(Boolean));
  }

  // Heads, and if somebody is missing, why it leaves without them.
  #leave() {
    const { h, t } = this.ctx;
    const { missing, departure, aboard } = this.now;
    if (!aboard.length || !["lead", "manage", "safety"].some(this.ctx.can)) return null;
    const heads = h("input", { id: "heads", class: "form-control", inputmode: "numeric", maxlength: "4", autocomplete: "off" });
    const why = h("select", { id: "why", class: "form-select" }, h("option", { value: "" }, "—"), REASONS.map((one) => h("option", { value: one }, t(`trip.why-${one}`))));
    return h("form", { id: "leave", onsubmit: (event) => this.#depart(event, heads, why) },
      h("h2", {}, t(departure ? "trip.leaves-again" : "trip.leaves")),
      h("div", { class: "field" }, h("label", { for: "heads" }, t("trip.heads")), heads),
      missing.length > 0 && h("div", { class: "field" },
        h("label", { for: "why" }, t("trip.without", { names: missing.map((one) => one.name).join(", ") })), why),
      h("button", { class: "btn btn-primary wide", "data-key": "leave" }, t("trip.close-list")));
  }

  async #depart(event, heads, why) {
    event.preventDefault();
    const { ctx, bus, leg } = this;
    const { aboard, missing } = this.now;
    const counted = /^\d{1,4}$/.test(heads.value.trim()) ? Number(heads.value) : null;
    if (counted === null) return this.#say(ctx.t("trip.count-first"));
    if (counted !== aboard.length) return this.#say(ctx.t("trip.differ", { heads: counted, names: aboard.length }));
    if (missing.length && !why.value) return this.#say(ctx.t("trip.missing", { names: missing.map((one) => one.name).join(", ") }));
    this.#say("");
    heads.blur();
    const subject = { bus_id: bus, leg };
    const place_ids = aboard.map((one) => one.id);
    const said = { decision: missing.length ? "left_without" : "complete", missing: missing.map((one) => one.id), by: ctx.me.account_id };
    const reason = missing.length ? ctx.t(`trip.why-${why.value}`) : "";
    document.activeElement?.blur();
    return ctx.recordAll([
      { kind: "headcount", subject, counted, place_ids },
      { kind: "departure", subject, ...said, reason, place_ids },
    ]);
  }

  // What was said of the departure, and the second person where none has confirmed it.
  #left() {
    const { ctx, now } = this;
    const { h, t } = ctx;
    const time = ctx.time(now.departure.at);
    if (now.state.confirmedBy) return h("p", { class: "trip-home is-done", id: "confirmed" }, t("trip.left-at", { time }));
    const words = h("p", { class: "trip-home is-open" }, t("trip.unconfirmed", { time }));
    if (now.departure.body.by !== ctx.me.account_id)
      return h("div", {}, words, h("button", { class: "btn btn-primary wide", type: "button", "data-key": "confirm", onclick: () => this.#confirm(ctx.me.account_id) }, t("trip.confirm")));
    const others = ctx.confirmers.filter((one) => one.account_id !== ctx.me.account_id);
    const who = h("select", { id: "second", class: "form-select" }, others.map((one) =>
      h("option", { value: one.account_id, disabled: one.check === null }, one.check === null ? t("trip.own-phone", { name: one.name }) : one.name)));
    const pin = h("input", { id: "second-pin", class: "form-control pin", type: "password", inputmode: "numeric", maxlength: "6", autocomplete: "off" });
    return h("div", {}, words, h("form", { id: "second-person", onsubmit: (event) => this.#byPin(event, who, pin) },
      h("p", {}, t("trip.second")),
      h("div", { class: "field" }, h("label", { for: "second" }, t("trip.second-who")), who),
      h("div", { class: "field" }, h("label", { for: "second-pin" }, t("trip.second-pin")), pin),
      h("button", { class: "btn btn-primary wide", "data-key": "confirm" }, t("trip.confirm"))));
  }

  async #byPin(event, who, pin) {
    event.preventDefault();
    const typed = pin.value;
    pin.value = "";
    const one = this.ctx.confirmers.find(({ account_id }) => account_id === who.value);
    if (!one || !(await fitsPin(typed, one))) return this.#say(this.ctx.t("trip.wrong-pin"));
    document.activeElement?.blur();
    return this.#confirm(one.account_id, { pin: typed });
  }

  #confirm(by, secret = {}) {
    this.#say("");
    const { bus, leg, now } = this;
    return this.ctx.record({ kind: "confirm", subject: { bus_id: bus, leg }, names: now.departure.id, by, secret });
  }

  #arrival() {
    const { h, t, record } = this.ctx;
    const heads = h("input", { id: "arrived", class: "form-control", inputmode: "numeric", maxlength: "4", autocomplete: "off" });
    const said = this.now.state.arrived;
    const left = this.now.departure.body.place_ids?.length ?? 0;
    const act = (event) => {
      event.preventDefault();
      if (!/^\d{1,4}$/.test(heads.value.trim())) return this.#say(t("trip.count-first"));
      this.#say(Number(heads.value) === left ? "" : t("trip.arrived-differ", { left, heads: Number(heads.value) }));
      heads.blur();
      return record({ kind: "headcount", subject: { bus_id: this.bus, leg: this.leg }, counted: Number(heads.value), arrived: true });
    };
    return h("form", { id: "arrival", onsubmit: act }, h("h2", {}, t("trip.arrival")),
      said !== null && h("p", { "data-arrived": said }, t("trip.arrived", { heads: said })),
      h("div", { class: "field" }, h("label", { for: "arrived" }, t("trip.heads")), heads),
      h("button", { class: "btn btn-quiet wide" }, t("trip.counted")));
  }

  #say(words) {
    this.#note.textContent = words;
    if (words) this.#note.scrollIntoView({ block: "center" });
  }
}
