// Recording: an operation is on the disk, sealed for the server and readable for us, before anybody is answered.

import { emit } from "./bus.js";
import { askedUntil, dropBallast, isFull, keepMine, settleAsked, settleOutbox } from "./store.js";
import { seal as sealForUs } from "./vault.js";

const MOST_AFTER = 200;
const NONE_LEFT = "out-of-stock";

// {what a subject says: the key that it is about}
export function keyOfSubject(subject, id) {
  if (!subject) return `i:${id}`;
  if (subject.place_id) return `p:${subject.place_id}`;
  if (subject.walk_in_id) return `w:${subject.walk_in_id}`;
  if (subject.walk_in) return `w:${id}`;
  if ("table" in subject) return `t:${subject.table || "-"}|${subject.item_id}|${subject.size ?? ""}`;
  if ("leg" in subject) return `b:${subject.bus_id || "-"}:${subject.leg}`;
  if ("group_id" in subject) return `g:${subject.group_id || "-"}`;
  return `i:${id}`;
}

export class Log {
  // `merged` says what stands, `seal` makes the row for the server, `offset` is how far our clock is behind the server's.
  constructor({ eventId, merged, seal, offset, channel }) {
    Object.assign(this, { eventId, merged, seal, offset, channel });
  }

  // Keeps them all in one transaction, or none: then the stop screen stands, and this rejects.
  async record(wanted) {
    const said = wanted.map((one) => this.#made(one));
    await this.#write(said);
    return this.#told(said.map(({ own }) => own));
  }

  // Asks before it counts: what the server has no piece left for never was, and nobody hears of it. Where `ask` brings no
  // answer in time it stands, as if nobody had been asked. {said, refused}: operations of each.
  async offer(wanted, ask) {
    const until = askedUntil();
    const said = wanted.map((one) => this.#made(one));
    await this.#write(said, { asked_until: until });
    const answer = await ask(said.map(({ sent }) => sent)).catch(() => null);
    const gone = answer && Date.now() < until ? answer.refused.filter(({ why }) => why === NONE_LEFT) : [];
    const none = new Set(gone.map(({ id }) => id));
    const [refused, stands] = [true, false].map((is) => said.map(({ own }) => own).filter(({ id }) => none.has(id) === is));
    await settleAsked([...none], stands.map(({ id }) => id));
    if (answer) await settleOutbox([...answer.applied, ...answer.known], answer.refused.filter(({ id }) => !none.has(id)));
    return { said: this.#told(stands), refused };
  }

  // Everybody on this phone hears what counts from now on.
  #told(operations) {
    if (!operations.length) return operations;
    this.take(operations);
    this.channel.postMessage({ eventId: this.eventId, operations, mine: true });
    emit("recorded", operations);
    return operations;
  }

  // What others recorded, or another tab of ours.
  take(operations) {
    if (!operations.length) return;
    this.merged.add(operations);
    emit("operation", operations);
  }

  // Sealed for the server and readable for us; `more` is what the row of the outbox says besides.
  async #write(said, more = {}) {
    const pairs = [];
    for (const { sent, own } of said) {
      const mine = await sealForUs(`mine ${own.id}`, own);
      pairs.push([{ ...(await this.seal(sent, sent.at)), ...more }, { id: own.id, event_id: this.eventId, ...mine }]);
    }
    await this.#keep(pairs);
  }

  async #keep(pairs) {
    try {
      await keepMine(pairs);
    } catch (error) {
      if (!isFull(error)) return this.#failed(error);
      if (!(await dropBallast())) return this.#failed(error);
      emit("full", { last: false });
      try {
        await keepMine(pairs);
      } catch (again) {
        this.#failed(again);
      }
    }
  }

  #failed(error) {
    emit("full", { last: true });
    throw error;
  }

  #made({ kind, subject, names = null, after = [], secret = {}, ...body }) {
    const id = crypto.randomUUID();
    const key = this.merged.keyOf(keyOfSubject(subject, id));
    const stands = this.merged.said.get(key)?.counts.map((one) => one.id) ?? [];
    const known = [...new Set([...after, ...stands])].slice(0, MOST_AFTER);
    const now = Date.now();
    const about = { id, kind, names, after: known };
    const sent = { ...about, ...body, ...secret, at: new Date(now).toISOString() };
    if (subject) sent.subject = subject;
    const shown = subject?.walk_in ? { ...subject.walk_in, ...body } : body;
    const own = { ...about, key, body: shown, device: "", late: false, mine: true };
    return { sent, own: { ...own, at: new Date(now + this.offset()).toISOString() } };
  }
}
