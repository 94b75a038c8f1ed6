// One event while it is unlocked: what was taken along, what everybody recorded, and the keys of this phone.

import { emit } from "./bus.js";
import { contextOf } from "./context.js";
import { sealer } from "./envelope.js";
import { Log } from "./log.js";
import { Merged } from "./merging.js";
import { countOf, fold, isUnsent, keepPart, metaOf, noteMeta, partOf, rowsOf } from "./store.js";
import { Sync } from "./sync.js";
import { seal, unseal } from "./vault.js";

const REFRESH = 120000; // ms between questions whether the list of people is another
const MOST_NEWS = 50;

export class Holding {
  #received = []; // what came by the feed and is in the log of this phone
  #refreshed = 0;
  #offset = 0;

  constructor(eventId, { version, channel, go, revoked, doors }) {
    Object.assign(this, { eventId, version, channel, go, revoked, doors });
  }

  // Reads all that lies here; the vault has to be open. Asks the server where there is no list of people yet.
  async open() {
    const meta = await metaOf(this.eventId);
    this.#offset = meta.clock_off ?? 0;
    const secrets = await unseal("token", await partOf(this.eventId, "token"));
    this.token = secrets.token;
    const kept = await partOf(this.eventId, "snapshot");
    this.snapshot = kept ? await unseal("snapshot", kept) : null;
    await this.#readLog();
    const { device_id: deviceId, envelope_public: envelopePublic } = meta;
    this.seal = await sealer({ eventId: this.eventId, deviceId, envelopePublic, proof: secrets.proof });
    this.sync?.stop();
    this.sync = new Sync({
      eventId: this.eventId,
      version: this.version,
      token: () => this.token,
      take: (operations) => this.#news(operations),
      revoked: this.revoked,
      refresh: () => this.#met(),
    });
    if (this.snapshot === null && !(await this.refresh())) return false;
    this.ctx = {};
    this.#build();
    return true;
  }

  // Everything that could be read is let go; what is sealed goes on being sent.
  close() {
    this.sync?.stop();
    this.token = this.snapshot = this.merged = this.log = this.ctx = null;
    this.#received = [];
  }

  // After each exchange: what it said of our clock, and whether the list of people is another.
  async #met() {
    this.#offset = (await metaOf(this.eventId))?.clock_off ?? 0;
    return this.refresh();
  }

  // Whether the list of people is here, anew if it changed.
  async refresh() {
    // A clock that was put back is no reason to ask no more.
    if (this.snapshot && Math.abs(Date.now() - this.#refreshed) < REFRESH) return true;
    const meta = await metaOf(this.eventId);
    const headers = { Authorization: `Bearer ${this.token}` };
    if (meta.etag && this.snapshot) headers["If-None-Match"] = meta.etag;
    const answer = await fetch(`/api/v1/events/${this.eventId}/desk`, { headers, credentials: "omit" }).catch(() => null);
    if (answer?.status === 304) this.#refreshed = Date.now();
    if (!answer?.ok || !(answer.headers.get("Content-Type") ?? "").includes("json")) return answer?.status === 304;
    const snapshot = await answer.json();
    if (!this.token) return false; // locked meanwhile
    this.snapshot = snapshot;
    await keepPart(this.eventId, "snapshot", await seal("snapshot", this.snapshot, { packed: true }));
    await noteMeta(this.eventId, { etag: answer.headers.get("ETag") });
    this.#refreshed = Date.now();
    if (this.ctx) this.#build();
    return true;
  }

  // What is kept apart and opened on purpose: contacts and notes of health. Null where it was not taken along.
  async pack() {
    const kept = await partOf(this.eventId, "pack");
    return kept ? unseal("pack", kept) : null;
  }

  // Asks for it, with signal; who asked is written down there. Null where there was no answer.
  async takePack() {
    const headers = { Authorization: `Bearer ${this.token}` };
    const asked = fetch(`/api/v1/events/${this.eventId}/desk/pack`, { headers, credentials: "omit" });
    const answer = await asked.catch(() => null);
    if (!answer?.ok || !(answer.headers.get("Content-Type") ?? "").includes("json")) return null;
    const pack = await answer.json();
    if (!this.token) return null;
    await keepPart(this.eventId, "pack", await seal("pack", pack, { packed: true }));
    return pack;
  }

  // What another tab of ours recorded or heard.
  heard({ operations, mine }) {
    this.log?.take(operations);
    if (mine) this.sync?.soon();
    else this.#received.push(...operations);
  }

  async #readLog() {
    const base = await partOf(this.eventId, "log");
    this.#received = base ? await unseal("log", base) : [];
    for (const row of await rowsOf("feed", this.eventId)) this.#received.push(...(await unseal("feed", row)));
    const own = await rowsOf("mine", this.eventId);
    const mine = await Promise.all(own.map((row) => unseal(`mine ${row.id}`, row)));
    // As the server has it where it has it: its key, its clock.
    this.operations = [...mine, ...this.#received];
  }

  #build() {
    const same = Object.fromEntries((this.snapshot.walk_ins ?? []).map((one) => [`w:${one.id}`, `p:${one.place_id}`]));
    const before = this.merged ? [...this.merged.said.values()].flatMap((said) => [...said.known.values()]) : [];
    this.merged = new Merged(same);
    this.merged.add(this.merged && before.length ? before : this.operations);
    this.operations = [];
    const { eventId, merged, seal: sealed, channel } = this;
    const offset = () => this.#offset;
    this.log = new Log({ eventId, merged, seal: sealed, offset, channel });
    Object.assign(this.ctx, contextOf(this.snapshot, { merged, log: this.log, offset, go: this.go, ask: (path) => this.#ask(path), offer: (several) => this.#offer(several), ...this.doors }));
    emit("people", this.ctx);
  }

  // A question of a room to its own part of the desk's JSON.
  #ask(path) {
    const headers = { Authorization: `Bearer ${this.token}` };
    return fetch(`/api/v1/events/${this.eventId}/desk/${path}`, { headers, credentials: "omit" });
  }

  // What is only going to be done, if the server lets it.
  async #offer(several) {
    const { log, sync } = this;
    const answer = await log.offer(several, async (sent) => sync?.ask(sent) ?? null);
    if (answer.refused.length) sync?.tell();
    if (this.log !== log) this.log?.take(answer.said); // a new list of people came meanwhile
    return answer;
  }

  #news(operations) {
    this.#received.push(...operations);
    this.log?.take(operations);
    this.channel.postMessage({ eventId: this.eventId, operations });
    this.#tidy().catch((error) => console.warn("fold", error));
  }

  // Fifty small answers become one; own operations that the server told us back are in it.
  async #tidy() {
    if ((await countOf("feed", this.eventId)) < MOST_NEWS) return;
    const received = this.#received;
    const sealed = await seal("log", received, { packed: true });
    const back = new Set(received.map((one) => one.id));
    const own = [];
    for (const row of await rowsOf("mine", this.eventId)) {
      if (back.has(row.id) && !(await isUnsent(row.id))) own.push(row.id);
    }
    await fold(this.eventId, sealed, own);
  }
}
