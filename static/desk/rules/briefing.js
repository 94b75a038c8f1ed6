// Who signed which version of the briefing: app/desk/safety/rules.py in JavaScript.

import { canonical } from "../operation.js";

const SIGNATURE = "briefing_signature";

// {signed: the versions, by: {version: the id of the signature that stands for it}}: the smallest one, on every device.
function signedOf(said) {
  const found = new Map();
  for (const one of said.of(SIGNATURE)) {
    const version = one.body.version ?? "";
    found.set(version, [...(found.get(version) ?? []), one]);
  }
  const by = Object.fromEntries([...found].map(([version, equals]) => [version, canonical(equals).id]));
  return { signed: Object.keys(by).sort(), by };
}

export const briefing = {
  name: "briefing",
  keys: "pw",
  state: signedOf,
  conflicts: () => [],
  told: ({ signed }) => (signed.length ? { signed } : {}),
};
