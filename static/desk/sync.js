// Carrying: what is in the outbox to the server, and what others recorded from it. Nobody waits for it, and it never
// throws anything away: a row leaves the outbox when the server says that it has it, and not before.

import { emit } from "./bus.js";
import { written } from "./envelope.js";
import { allMeta, countOf, isAsked, isFull, keepNews, metaOf, noteMeta, rowsOf, settleOutbox } from "./store.js";
import { isOpen, seal } from "./vault.js";

const AT_ONCE = 200;
const MOST_BYTES = 256 * 1024;
const SOON = 300; // ms after a record
const SEEN = 4000;
const HIDDEN = 30000;
const LONGEST = 60000;
const PATIENCE = 20000;
const ASKING = 1500; // somebody stands there and waits

export class Sync {
  #timer;
  #isBusy = false;
  #isWanted = false; // somebody asked for it while we were at it
  #isStopped = false;
  #failures = 0;
  #tag = "";
  #atOnce = AT_ONCE;
  online = null; // unknown
  needsLogin = false;

  // `token()` is null while locked: then only what is sealed is handed over. `take(operations)` gets the news.
  constructor({ eventId, version, token, take, revoked, refresh }) {
    Object.assign(this, { eventId, version, token, take, revoked, refresh });
    addEventListener("online", () => this.soon());
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
  }

  soon(wait = SOON) {
    if (this.#isStopped) return;
    this.#isWanted = this.#isBusy;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#beat(), wait);
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #beat() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#isWanted = false;
    try {
      // One tab carries for all, or the worker: whoever found it at that asks again, however long it was without signal.
      await navigator.locks.request("torangy-desk-sync", { ifAvailable: true }, async (lock) => {
        if (lock) await this.exchange();
        else this.#isWanted = true;
      });
    } catch (error) {
      console.warn("exchange", error);
    }
    this.#isBusy = false;
    const pause = document.hidden ? HIDDEN : SEEN;
    const patience = Math.min(LONGEST, 1000 * 2 ** (this.#failures - 1)) * (0.75 + Math.random() / 2);
    this.soon(this.#isWanted ? SOON : this.#failures ? patience : pause);
  }

  // Sends and asks once; afterwards everybody knows how many are unsent and when we last met.
  async exchange() {
    let ok = true;
    for (const meta of await allMeta()) {
      const isSent = await this.#send(meta);
      if (meta.event_id === this.eventId) ok = isSent; // what other events left here goes along as well as it can
    }
    if (ok && this.token()) ok = await this.#hear();
    this.#failures = ok ? 0 : this.#failures + 1;
    await this.tell();
  }

  // Whether it may be done, before it is: the server's answer, or null where there is no signal or none came in time.
  async ask(operations) {
    if (this.online === false || this.#isStopped || !this.token()) return null;
    const [meta, unsent] = await Promise.all([metaOf(this.eventId), countOf("outbox", this.eventId)]);
    const about = { device: meta.install_id, sent_at: new Date().toISOString(), unsent, version: this.version };
    const body = { ...about, operations: operations.map((one) => ({ ...one, live: true })), envelopes: [] };
    const answer = await this.#call(meta, this.token(), "operations", body, ASKING);
    if (answer?.conflicts.length) emit("conflicts", answer.conflicts);
    return answer;
  }

  // What others recorded, and the list of people; a phone without room for that says at least what it has sent.
  async #hear() {
    try {
      if (!(await this.#ask())) return false;
      if (this.token()) await this.refresh();
      return true;
    } catch (error) {
      if (!isFull(error)) throw error;
      return false;
    }
  }

  async tell() {
    const meta = (await allMeta()).find((one) => one.event_id === this.eventId);
    const rows = await rowsOf("outbox", this.eventId);
    emit("exchange", {
      unsent: rows.length,
      refused: rows.filter((row) => row.refused).length,
      oldest: rows[0]?.made_at ?? null,
      at: meta?.last_exchange_at ?? null,
      online: this.online,
      needsLogin: this.needsLogin,
    });
  }

  async #send(meta) {
    const bearer = (meta.event_id === this.eventId && this.token()) || meta.drop;
    if (!bearer) return true;
    for (;;) {
      const rows = this.#batch(await rowsOf("outbox", meta.event_id));
      if (!rows.length) return true;
      const unsent = await countOf("outbox", meta.event_id);
      const body = { device: meta.install_id, sent_at: new Date().toISOString(), unsent, version: this.version };
      const answer = await this.#call(meta, bearer, "operations", { ...body, operations: [], envelopes: rows.map(written) });
      if (!answer) return false;
      const gone = new Set([...answer.applied, ...answer.known]);
      const refused = answer.refused.filter(({ id }) => !gone.has(id));
      await settleOutbox(gone, refused);
      if (answer.conflicts.length) emit("conflicts", answer.conflicts);
      if (!gone.size && !refused.length) return false; // an answer that says nothing of what was sent
    }
  }

  #batch(rows) {
    let room = MOST_BYTES;
    return rows.filter((row) => !row.refused && !isAsked(row)).slice(0, this.#atOnce).filter((row, index) => {
      room -= row.data.byteLength * 1.4 + 250;
      return room > 0 || index === 0;
    });
  }

  async #ask() {
    for (;;) {
      const [meta] = (await allMeta()).filter((one) => one.event_id === this.eventId);
      const found = await this.#call(meta, this.token(), `changes?since=${encodeURIComponent(meta.cursor ?? "")}`);
      if (!found) return false;
      if (found.unchanged || !isOpen()) return true;
      if (found.operations.length || found.cursor !== meta.cursor) {
        const sealed = found.operations.length ? await seal("feed", found.operations, { packed: true }) : null;
        await keepNews(this.eventId, sealed, { cursor: found.cursor });
        this.take(found.operations);
      }
      emit("day", { conflicts: found.conflicts, closedAt: found.day.closed_at });
      if (!found.more) return true;
    }
  }

  // One request; null where nothing of ours came back.
  async #call(meta, bearer, path, body, patience = PATIENCE) {
    const asked = new AbortController();
    const late = setTimeout(() => asked.abort(), patience);
    const headers = { Authorization: `Bearer ${bearer}` };
    if (body) headers["Content-Type"] = "application/json";
    else if (this.#tag) headers["If-None-Match"] = this.#tag;
    try {
      const began = Date.now();
      const url = `/api/v1/events/${meta.event_id}/desk/${path}`;
      const init = { method: body ? "POST" : "GET", headers, credentials: "omit", signal: asked.signal };
      const answer = await fetch(url, body ? { ...init, body: JSON.stringify(body) } : init);
      return await this.#read(meta, answer, began, Boolean(body));
    } catch {
      this.online = false;
      return null;
    } finally {
      clearTimeout(late);
    }
  }

  async #read(meta, answer, began, isSending) {
    const isOurs = meta.event_id === this.eventId;
    if (answer.status === 304) return this.#met(meta, { unchanged: true });
    const kind = answer.headers.get("Content-Type") ?? "";
    const said = kind.includes("json") ? await answer.json() : null;
    if (answer.ok && said?.now) {
      if (!isSending) this.#tag = answer.headers.get("ETag") ?? "";
      if (isOurs) this.needsLogin = false;
      return this.#met(meta, said, Date.parse(said.now) - (began + Date.now()) / 2);
    }
    this.online = Boolean(said); // a hotel's log-in page answers too, and is no answer of ours
    if (answer.status === 401 && isOurs) await this.#refused(said);
    if (answer.status === 413) this.#atOnce = Math.max(1, Math.floor(this.#atOnce / 2));
    return null;
  }

  async #met(meta, said, offset) {
    this.online = true;
    const changes = { last_exchange_at: new Date(Date.now() + (offset ?? meta.clock_off ?? 0)).toISOString() };
    if (offset !== undefined && Number.isFinite(offset)) changes.clock_off = Math.round(offset);
    // A full phone hands over all the same: that makes room.
    await noteMeta(meta.event_id, changes).catch((error) => {
      if (!isFull(error)) throw error;
    });
    return said;
  }

  async #refused(said) {
    if (said?.type === "desk-revoked" && this.token()) await this.revoked();
    else this.needsLogin = true;
  }
}
