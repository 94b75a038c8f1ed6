// Handing over without a network: what is not sent yet as a file, sealed as it is, for a coordinator to read in.

import { h } from "./dom.js";
import { written } from "./envelope.js";
import { metaOf, rowsOf } from "./store.js";

export async function exportFile(eventId) {
  const [meta, rows] = await Promise.all([metaOf(eventId), rowsOf("outbox", eventId)]);
  const about = { format: "torangy-desk-1", device_id: meta?.device_id ?? "", event_id: eventId };
  const body = JSON.stringify({ ...about, envelopes: rows.map(written) });
  const address = URL.createObjectURL(new Blob([body], { type: "application/json" }));
  const link = h("a", { href: address, download: `torangy-${eventId}-${rows.length}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  return rows.length;
}
