// What the people at the door do, each in one tap and taken back in one: operations of one or of many people.

import { subjectOf } from "./roster.js";

// {ids, people}: what was recorded, to take it back as a whole.
async function recorded(ctx, people, operations) {
  const said = await ctx.recordAll(operations);
  return { ids: said.map((one) => one.id), people };
}

// All of them are here.
export const letIn = (ctx, people, body = {}) => mark(ctx, "check_in", people, body);

// check_in, check_out, absent or excused, with a reason where there is one.
export function mark(ctx, kind, people, body = {}) {
  const gate = ctx.settings.gate ? { gate: ctx.settings.gate } : {};
  return recorded(ctx, people, people.map((one) => ({ kind, subject: subjectOf(one), ...gate, ...body })));
}

// The gifts go over this table: those of which nothing is left come back as `refused`, and were never given.
export async function give(ctx, person, gifts) {
  const table = ctx.settings.table ? { table: ctx.settings.table } : {};
  const handed = ({ item, size }) => ({ item_id: item.id, ...(size && { size }), ...table });
  const operations = gifts.map((one) => ({ kind: "hand_out", subject: subjectOf(person), ...handed(one) }));
  const { said, refused } = await ctx.offer(operations);
  const none = new Set(refused.map((one) => one.body.item_id));
  return { ids: said.map((one) => one.id), people: [person], refused: gifts.filter(({ item }) => none.has(item.id)) };
}

// Somebody without a place: {surname, given_name, personnel_number, phone, is_child}, with a reason where one is due.
export async function welcome(ctx, person, body = {}) {
  const one = await ctx.record({ kind: "walk_in", subject: { walk_in: person }, ...body });
  return { ids: [one.id], people: [], key: one.key };
}

// Ids of what counts of these kinds about somebody: one phone may have said it, or three.
export const standing = (ctx, person, ...kinds) => ({ ids: ctx.said(person.key).of(...kinds).map((one) => one.id) });

// Takes back all of it, the last first.
export async function takeBack(ctx, act, reason = "slip") {
  for (const id of [...act.ids].reverse()) await ctx.undo(id, reason);
}

// Two acts that are taken back together.
export const joined = (first, second) => ({
  ids: [...(first?.ids ?? []), ...second.ids],
  people: [...(first?.people ?? []), ...second.people],
});
