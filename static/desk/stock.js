// What is left: at this table where it was counted, else in the city's store, by all that this phone knows. And what was
// counted at a table against what went over it.

import { EVERYWHERE, movedAt, shelfKey, shortAtTable } from "./rules/gifts.js";

// The two sizes that are words.
export const spokenSize = (ctx, size) => (["child", "adult"].includes(size) ? ctx.t(`gifts.size-${size}`) : size);

const known = new WeakMap(); // merged -> {at: how many operations, moved}

// {shelf: sum of what moved}, worked out once after each change.
function moved(ctx) {
  const { merged } = ctx;
  const before = known.get(merged);
  if (before && !before.stale) return before.moved;
  const found = movedAt([...merged.of("gifts").values()]);
  if (!before) ctx.on("operation", () => (known.get(merged).stale = true));
  known.set(merged, { moved: found, stale: false });
  return found;
}

// Pieces at the table of this phone, else in the store; null where nobody knows.
export function leftOf(ctx, item, size) {
  const here = countOf(ctx, ctx.settings.table, item, size);
  if (here.opening) return here.left;
  return item.stock ? (item.stock[size] ?? 0) + (moved(ctx).get(shelfKey(EVERYWHERE, item.id, size)) ?? 0) : null;
}

// How one item and size stands at a table: {opening, opened, closing, closed, given, left, off}.
export function countOf(ctx, table, item, size) {
  const key = shelfKey(table, item.id, size);
  const stock = ctx.stand(key).table;
  const moves = moved(ctx).get(key) ?? 0;
  return { ...stock, given: -moves, left: stock.opened + moves, off: shortAtTable(stock, moves) };
}
