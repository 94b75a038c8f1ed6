// The emergency pack on this phone: fetched while there is signal by those who answer for people, kept sealed, opened only
// when somebody asks for it.

import { on } from "./bus.js";
import { keepPart, partOf } from "./store.js";
import { isOpen, seal, unseal } from "./vault.js";

const AGAIN = 30 * 60 * 1000; // ms; somebody may have been put on a list meanwhile

let asked = 0;
let current = null;

on("people", (ctx) => {
  current = ctx;
  fetchPack(ctx);
});
on("exchange", ({ online }) => online && current && isOpen() && fetchPack(current));
for (const name of ["locked", "wiped"]) on(name, () => ([asked, current] = [0, null]));

// The pack as it was fetched last, null where there is none: {made_at, people: [{id, name, contacts, collect, ...}]}.
export async function readPack(ctx) {
  const kept = await partOf(ctx.event.id, "pack");
  return kept ? unseal("pack", kept) : null;
}

async function fetchPack(ctx) {
  if (!ctx.snapshot.answers || Date.now() - asked < AGAIN) return;
  asked = Date.now();
  const answer = await ctx.ask("pack").catch(() => null);
  if (!answer) asked = 0;
  if (!answer?.ok || !(answer.headers.get("Content-Type") ?? "").includes("json")) return;
  const pack = await answer.json();
  if (isOpen()) await keepPart(ctx.event.id, "pack", await seal("pack", pack, { packed: true }));
}
