// The entrance: a ticket before the camera, typed, or from a scanner; one answer; the next ticket. The screen opens
// empty, and a row of names is never one touch away from a mark.

import { give, joined, letIn, standing, takeBack } from "../acts.js";
import { answerFor, lostAnswer, refusal, spokenName, togetherAnswer, unknownAnswer } from "../answer.js";
import { h } from "../dom.js";
import { ticketCode } from "../fold.js";
import { clearAnswer, drawAnswer, drawKeys, measureFrom } from "../result.js";
import { companions, gathered, giftsDue, personOf, spokenGifts } from "../roster.js";
import { Scanner, wasAllowed } from "../scan.js";
import { indexOf } from "../search.js";
import { unlockSignals } from "../signals.js";
import { listenToKeys } from "../typing.js";

const UNDO_FOR = 30_000; // ms; afterwards it is on the person's page
const SHOWN = { go: 700, look: 1500, stop: 1500 }; // ms before another ticket in the picture may take its place

export function show(root, ctx, params) {
  const door = new Door(root, ctx);
  if (params.get("key")) door.answerTo(personOf(ctx, params.get("key")));
  return () => door.close();
}

class Door {
  #ctx;
  #act = null; // what the last tap recorded
  #shownAt = 0;
  #verdict = null;
  #work = Promise.resolve();
  #undoEnds = 0;
  #stopKeys;

  constructor(root, ctx) {
    this.#ctx = ctx;
    this.#build(root);
    unlockSignals();
    // While the first guest is on the way: names are folded, parties gathered.
    indexOf(ctx).ready.then(() => gathered(ctx));
    this.scanner = new Scanner(this.video, {
      worker: () => new Worker(ctx.scriptUrl(`/events/${ctx.event.id}/desk/decoder.js`), { type: "module" }),
      onCode: (text) => this.#seen(text),
      onState: (state) => this.#cameraIs(state),
    });
    this.#stopKeys = listenToKeys({ onCode: (text) => this.take(text), onShortcut: (key) => this.#shortcut(key) });
    this.idle();
    wasAllowed().then((is) => is && this.scanner.start());
  }

  close() {
    clearTimeout(this.#undoEnds);
    this.#stopKeys();
    this.scanner.close();
  }

  // One code after another, each with its answer; what goes wrong with one never keeps the next from being read.
  take(text) {
    const mark = performance.mark("desk-code").startTime;
    this.#work = this.#work.then(() => this.#answerCode(text, mark)).catch((error) => this.#lost(error));
    return this.#work;
  }

  // Somebody found by name or number.
  answerTo(person) {
    if (!person) return this.#show(unknownAnswer(this.#ctx, ""));
    this.#work = this.#work.then(() => this.#answerPerson(person)).catch((error) => this.#lost(error, person));
    return this.#work;
  }

  // Empty again, ready for the next one.
  idle(note = "") {
    clearTimeout(this.#undoEnds);
    [this.#act, this.#verdict] = [null, null];
    clearAnswer(this.result);
    this.view.classList.remove("is-small");
    this.form.hidden = false;
    this.note.textContent = note;
    const { t, can } = this.#ctx;
    drawKeys(this.keys, {
      rows: [[this.#find(), can("mark") && { key: "walkin", words: t("door.walkin"), run: () => this.#ctx.go("walkin") }]],
    });
    if (document.activeElement === document.body) this.keys.querySelector("button").focus({ preventScroll: true });
  }

  #build(root) {
    const { t } = this.#ctx;
    this.video = h("video", { class: "door-video", "aria-hidden": "true", playsinline: true, muted: true });
    this.camera = h("button", { class: "btn key-main", type: "button", "data-key": "camera", onclick: () => this.scanner.start() });
    this.hint = h("p", { class: "door-hint" });
    this.view = h("div", { class: "door-view" }, this.video, h("div", { class: "door-aim" }), this.hint, this.camera);
    this.code = h("input", { id: "code", class: "form-control", name: "code", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", enterkeyhint: "go", maxlength: 200 });
    this.form = h(
      "form",
      { class: "door-form", onsubmit: (event) => this.#typed(event) },
      h("label", { for: "code" }, t("door.code")),
      h("div", { class: "door-field" }, this.code, h("button", { class: "btn key", type: "submit" }, t("door.check"))),
    );
    this.note = h("p", { class: "door-note", role: "status" });
    this.result = h("section", { id: "result", class: "result", hidden: true, "aria-label": t("door.answer") });
    this.keys = h("section", { class: "desk-keys", "aria-label": t("door.keys") });
    this.title = h("h1", { class: "visually-hidden" }, t("screen.door"));
    root.className = "desk-main door";
    root.append(this.title, this.view, this.note, this.form, this.result, this.keys);
    this.#cameraIs("off");
  }

  #cameraIs(state) {
    const { t } = this.#ctx;
    this.view.dataset.camera = state;
    this.camera.hidden = state === "on" || state === "missing";
    this.camera.textContent = t(state === "off" ? "door.camera_on" : "door.camera_again");
    this.hint.textContent = t(`door.camera_${state === "on" ? "hint" : state}`);
  }

  // What the camera reads while an answer is still new is told again a moment later.
  #seen(text) {
    if (this.#verdict && performance.now() - this.#shownAt < SHOWN[this.#verdict]) return false;
    this.take(text);
    return true;
  }

  #typed(event) {
    event.preventDefault();
    const text = this.code.value;
    this.code.value = "";
    if (text.trim()) this.take(text);
  }

  async #answerCode(text, mark) {
    const code = ticketCode(text);
    const person = this.#ctx.byTicket.get(code) ?? indexOf(this.#ctx).byNumber(text);
    if (person) await this.#answerPerson(person);
    else this.#show(unknownAnswer(this.#ctx, code));
    measureFrom(mark);
  }

  async #answerPerson(person) {
    const why = refusal(this.#ctx, person);
    if (why) return this.#show(answerFor(this.#ctx, person, { why }), { person });
    return this.#letIn(person);
  }

  async #letIn(person, body = {}) {
    const act = await letIn(this.#ctx, [person], body);
    this.#show(answerFor(this.#ctx, person, { isIn: true }), { person, act });
  }

  // What the last answer is about stays beside it: its keys act on that person.
  #show(answer, { person, act = null } = {}) {
    clearTimeout(this.#undoEnds);
    [this.#act, this.#verdict, this.#shownAt] = [act, answer.verdict, performance.now()];
    this.view.classList.add("is-small");
    this.form.hidden = true;
    this.note.textContent = "";
    drawAnswer(this.result, this.#ctx, answer);
    this.#drawKeys(answer, person);
    if (act) this.#undoEnds = setTimeout(() => this.#forget(answer.verdict), UNDO_FOR);
    this.keys.querySelector("[data-key=next]").focus({ preventScroll: true });
  }

  // A name doesn't stay on a screen that nobody looks at; what must be looked at does, without its undo.
  #forget(verdict) {
    if (verdict === "go") this.idle();
    else this.keys.querySelector("[data-key=undo]")?.remove();
  }

  #drawKeys(answer, person) {
    const { t, n, event } = this.#ctx;
    const next = { key: "next", words: t("door.next"), run: () => this.idle() };
    const phone = answer.verdict === "stop" && event.coordinator?.phone;
    const call = phone && {
      key: "call", icon: "phone", words: t("door.call", { name: event.coordinator.name }), href: `tel:${phone}`,
    };
    const [together, what] = answer.party.length ? [answer.party, "party"] : [answer.brigade, "brigade"];
    const all = together.length && {
      key: "all", words: n(`door.all_${what}`, together.length), run: () => this.#all(person, what),
    };
    const give = answer.gifts.length && { key: "give", words: t("door.give"), run: () => this.#give(person, answer.gifts) };
    const undo = this.#act && { key: "undo", words: t("door.undo"), run: () => this.#undo(person) };
    const anyway = answer.reasons.length && {
      key: "anyway", words: t("door.anyway"), run: () => this.#ask(answer, person),
    };
    const back = answer.why === "left" && standing(this.#ctx, person, "check_out").ids.length > 0 && { key: "back", words: t("door.back"), run: () => this.#back(person) };
    const last = this.#act ? [give, undo] : [back || anyway, this.#find()];
    drawKeys(this.keys, { main: call || next, rows: call ? [[next, this.#find()], [anyway]] : [[all], last] });
  }

  #find() {
    return { key: "find", icon: "search", words: this.#ctx.t("door.find"), run: () => this.#ctx.go("find") };
  }

  // Why, in one of three words; then in.
  #ask(answer, person) {
    const { t } = this.#ctx;
    const reasons = answer.reasons.map((reason) => [
      { key: `because-${reason}`, words: t(`reason.${reason}`), run: () => this.#now(() => this.#letIn(person, { reason }), person) },
    ]);
    const stop = { key: "next", words: t("door.not_in"), run: () => this.idle() };
    drawKeys(this.keys, { rows: [...reasons, [stop]] });
    this.keys.querySelector("button").focus({ preventScroll: true });
    this.#ctx.announce(t("door.because"));
  }

  #all(person, what) {
    return this.#now(async () => {
      const { ready, kept } = companions(this.#ctx, person, what);
      const act = joined(this.#act, await letIn(this.#ctx, ready));
      this.#show(togetherAnswer(this.#ctx, act.people, kept), { person, act });
    }, person);
  }

  #give(person, gifts) {
    if (gifts.some(({ item, size }) => item.sizes?.length && !size)) return this.#ctx.go(`gifts?key=${person.key}`);
    return this.#now(async () => {
      const due = new Set(giftsDue(this.#ctx, person).map(({ item }) => item.id)); // a second tap gives nothing twice
      const wanted = gifts.filter(({ item }) => due.has(item.id));
      if (!wanted.length) return;
      this.keys.querySelector("[data-key=give]")?.replaceChildren(this.#ctx.t("gifts.asking"));
      const act = await give(this.#ctx, person, wanted);
      this.#show(this.#given(person, wanted, act.refused), { person, act: act.ids.length ? act : null });
    }, person);
  }

  // What they have now; what is not left is said in red.
  #given(person, gifts, refused) {
    const { t } = this.#ctx;
    const has = gifts.filter((one) => !refused.includes(one));
    const answer = answerFor(this.#ctx, person, { verdict: refused.length ? "stop" : "go" });
    const lines = has.length ? [{ label: t("door.given"), text: spokenGifts(this.#ctx, has) }] : [];
    if (!refused.length) return { ...answer, title: t("door.given_all"), says: [], lines };
    return { ...answer, says: [t("gifts.refused", { what: spokenGifts(this.#ctx, refused) })], lines };
  }

  #back(person) {
    return this.#now(async () => {
      await takeBack(this.#ctx, standing(this.#ctx, person, "check_out"), "back");
      this.#show(answerFor(this.#ctx, person, { isIn: false }), { person });
    }, person);
  }

  #undo(person) {
    const act = this.#act;
    if (!act) return undefined;
    return this.#now(async () => {
      await takeBack(this.#ctx, act);
      const { t, n } = this.#ctx;
      const name = act.people.length > 1 ? n("door.people", act.people.length) : spokenName(this.#ctx, person);
      this.idle(t("door.taken_back", { name }));
      this.#ctx.announce(t("door.taken_back", { name }));
    }, person);
  }

  #now(work, person) {
    this.#work = this.#work.then(work).catch((error) => this.#lost(error, person));
    return this.#work;
  }

  #lost(error, person) {
    console.error("not kept", error);
    this.#show(lostAnswer(this.#ctx, person?.name ?? ""), { person });
  }

  #shortcut(key) {
    if (key === "/" || key === ".") this.#ctx.go("find");
    else if (key === "u" || key === "г") this.keys.querySelector("[data-key=undo]")?.click();
    else if (key === "Escape") this.idle();
  }
}
