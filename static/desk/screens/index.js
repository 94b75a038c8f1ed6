// The screens of the desk, in the order of the menu. One line each: its word, who may (any of these powers; none means
// everybody), where its code is. `shown(ctx)` may keep it out of the menu where the event has nothing of it.

export const SCREENS = {
  door: { word: "screen.door", powers: ["mark"], load: () => import("./door.js") },
  find: { word: "screen.find", powers: [], load: () => import("./find.js") },
  walkin: { word: "screen.walkin", powers: ["mark"], load: () => import("./walkin.js") },
  person: { word: "screen.find", powers: [], load: () => import("./person.js"), shown: () => false },
  gifts: { word: "screen.gifts", powers: ["give"], load: () => import("./gifts.js"), shown: (ctx) => ctx.items.some((one) => one.kind !== "kit") },
  stock: { word: "screen.stock", powers: ["give"], load: () => import("./stock.js"), shown: (ctx) => ctx.items.length > 0 },
  briefing: { word: "screen.briefing", powers: ["mark", "lead", "manage", "safety"], load: () => import("./briefing.js") },
  kit: { word: "screen.kit", powers: ["give", "lead", "manage", "safety"], load: () => import("./kit.js"), shown: (ctx) => ctx.items.some((one) => one.kind === "kit") },
  incident: { word: "screen.incident", powers: ["mark", "lead", "manage", "safety"], load: () => import("./incident.js") },
  legs: { word: "screen.legs", powers: ["mark", "lead", "manage", "safety"], load: () => import("./legs.js"), shown: (ctx) => ctx.legs.length > 0 },
  count: { word: "screen.legs", powers: ["mark", "lead", "manage", "safety"], load: () => import("./count.js"), shown: () => false },
  handover: { word: "screen.handover", powers: ["lead", "manage", "safety"], load: () => import("./handover.js"), shown: (ctx) => ctx.snapshot.answers },
  pack: { word: "screen.pack", powers: ["lead", "manage", "safety"], load: () => import("./pack.js"), shown: (ctx) => ctx.snapshot.answers },
  settings: { word: "screen.settings", powers: [], load: () => import("./settings.js") },
};
