// One person: what the door knows, what was marked by whom, and every mark with its undo. Other rooms of the day are one
// touch away.

import { letIn, mark, standing, takeBack } from "../acts.js";
import { holds, companions, giftsDue, minds, personOf, presenceOf, spokenGifts, spokenMark } from "../roster.js";
import { spokenName } from "../answer.js";
import { drawKeys } from "../result.js";
import { ARRIVALS, AWAY } from "../rules/presence.js";
import { pictogram } from "../signs.js";
import { SCREENS } from "./index.js";

const ROOMS = ["gifts", "briefing", "kit", "handover"];
const EXCUSES = ["ill", "work", "family"];

export function show(root, ctx, params) {
  const person = personOf(ctx, params.get("key"));
  root.className = "desk-main person";
  if (!person) {
    root.append(ctx.h("h1", {}, ctx.t("person.unknown")), ctx.h("p", {}, ctx.t("person.search")));
    return undefined;
  }
  const page = new Page(root, ctx, person);
  const stop = ctx.on("operation", () => page.draw());
  return stop;
}

class Page {
  constructor(root, ctx, person) {
    [this.ctx, this.person, this.together] = [ctx, person, null];
    const { h, t } = ctx;
    this.facts = h("dl", { class: "facts" });
    this.notes = h("div", { class: "notes" });
    this.more = h("nav", { class: "more-of", "aria-label": t("person.more") });
    this.keys = h("section", { class: "desk-keys", "aria-label": t("door.keys") });
    this.state = h("p", { class: "state" });
    root.append(
      h("div", { class: "person-page" }, h("h1", {}, spokenName(ctx, person)), this.state, this.notes, this.facts, this.more),
      this.keys,
    );
    this.draw();
  }

  draw() {
    const { ctx, person } = this;
    const presence = presenceOf(ctx, person);
    this.state.className = `state state-${presence.state}`;
    this.state.textContent = this.#spokenState(presence);
    this.notes.replaceChildren(...this.#notes());
    this.facts.replaceChildren(...this.#facts());
    this.more.replaceChildren(...this.#links());
    this.#drawKeys(presence);
  }

  #spokenState(presence) {
    const { ctx, person } = this;
    const word = ctx.t(`state.${presence.state}`);
    const [id, moment] = presence.state === "left" ? [presence.leaving, presence.leftAt] : [presence.arrival, presence.arrivedAt];
    return id ? `${word}, ${spokenMark(ctx, person, id, moment)}` : word;
  }

  #notes() {
    const { ctx, person } = this;
    const why = holds(person);
    const held = why ? [ctx.h("p", { class: "note note-stop" }, ctx.t(`door.why_${why}`))] : [];
    const minded = minds(ctx, person).map((one) => ctx.h("p", { class: "note" }, pictogram(one), ctx.t(`door.mind_${one}`)));
    return [...held, ...minded];
  }

  #facts() {
    const { ctx, person } = this;
    const due = person.key.startsWith("p:") ? spokenGifts(ctx, giftsDue(ctx, person)) : "";
    const rows = [
      ["ticket", person.ticket && `${person.ticket.slice(0, 4)}\u00a0${person.ticket.slice(4)}`],
      ["number", person.number],
      ["role", person.role === "escort" && ctx.t("door.escort")],
      ["group", person.group && ctx.text(person.group.name)],
      ["bus", person.bus && ctx.text(person.bus.name)],
      ["about", person.about],
      ["gifts", due],
    ];
    return rows.filter(([, text]) => text).map(([label, text]) =>
      ctx.h("div", {}, ctx.h("dt", {}, ctx.t(`door.${label}`)), ctx.h("dd", {}, text)));
  }

  // What other rooms of the day do with this person.
  #links() {
    const { ctx, person } = this;
    const may = ({ powers, shown }) => powers.some(ctx.can) && (shown?.(ctx) ?? true);
    const others = ROOMS.filter((name) => may(SCREENS[name]) && (name !== "handover" || person.child));
    const address = (name) => `#${name}?key=${encodeURIComponent(person.key)}`;
    return others.map((name) => ctx.h("a", { class: "btn btn-quiet", href: address(name) }, ctx.t(SCREENS[name].word)));
  }

  #drawKeys(presence) {
    const { ctx, person } = this;
    if (!ctx.can("mark")) return drawKeys(this.keys, { rows: [[this.#back()]] });
    if (person.key.startsWith("w:") && !presence.arrival) return drawKeys(this.keys, { rows: [[this.#back()]] });
    const { t } = ctx;
    const key = (name, words, run) => ({ key: name, words, run: () => this.#act(run) });
    const undo = (word, ...kinds) => key("undo", t(word), () => takeBack(ctx, standing(ctx, person, ...kinds)));
    if (presence.state === "present") {
      const out = key("leave", t("person.leave"), () => mark(ctx, "check_out", [person]));
      const rows = [[this.#undoAll()], [undo("person.not_here", ...ARRIVALS), this.#back()]];
      return drawKeys(this.keys, { main: out, rows });
    }
    if (presence.state === "left") {
      const isHandedOver = !standing(ctx, person, "check_out").ids.length; // taken back where it was said
      if (isHandedOver) return drawKeys(this.keys, { rows: [[this.#back()]] });
      return drawKeys(this.keys, { main: undo("door.back", "check_out"), rows: [[this.#back()]] });
    }
    const isHeld = Boolean(holds(person)); // then nothing invites to let them in
    const enter = key("let-in", t(isHeld ? "door.anyway" : "person.let_in"), () => this.#letIn());
    const all = ["party", "brigade"].map((what) => this.#all(what)).filter(Boolean);
    const away = presence.away
      ? [undo("person.not_away", ...AWAY)]
      : [key("absent", t("person.absent"), () => mark(ctx, "absent", [person])),
         { key: "excused", words: t("person.excused"), run: () => this.#askWhy() }];
    const rows = [...all.map((one) => [one]), away, isHeld ? [enter, this.#back()] : [this.#back()]];
    return drawKeys(this.keys, { main: isHeld ? null : enter, rows });
  }

  // The answer of the door, with its reasons where something must be talked about first.
  #letIn() {
    if (holds(this.person)) return this.ctx.go(`door?key=${encodeURIComponent(this.person.key)}`);
    return letIn(this.ctx, [this.person]);
  }

  #all(what) {
    const { ctx, person } = this;
    const { ready } = companions(ctx, person, what);
    if (!ready.length || holds(person)) return null;
    const words = ctx.n(`person.all_${what}`, ready.length + 1);
    const run = async () => {
      this.together = await letIn(ctx, [person, ...ready]);
    };
    return { key: `all-${what}`, words, run: () => this.#act(run) };
  }

  // What was let in by one tap is taken back by one.
  #undoAll() {
    if (!this.together) return null;
    const { ids } = this.together;
    const run = async () => {
      this.together = null;
      await takeBack(this.ctx, { ids });
    };
    return { key: "undo-all", words: this.ctx.n("person.undo_all", ids.length), run: () => this.#act(run) };
  }

  #askWhy() {
    const { ctx, person } = this;
    const rows = EXCUSES.map((reason) => [
      { key: `because-${reason}`, words: ctx.t(`reason.${reason}`), run: () => this.#act(() => mark(ctx, "excused", [person], { reason })) },
    ]);
    drawKeys(this.keys, { rows: [...rows, [{ key: "stay", words: ctx.t("person.stay"), run: () => this.draw() }]] });
    this.keys.querySelector("button").focus();
  }

  async #act(run) {
    await run();
    this.draw();
    this.ctx.announce(this.state.textContent);
    if (!document.activeElement || document.activeElement === document.body) this.keys.querySelector("button")?.focus();
  }

  #back() {
    return { key: "find", icon: "search", words: this.ctx.t("door.find"), run: () => this.ctx.go("find") };
  }
}
