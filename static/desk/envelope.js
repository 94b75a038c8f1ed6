// What is recorded is sealed for the server before it is kept: the phone itself can't open it again, so it may stay
// through lock, log-out and wipe. ECDH on P-256 with a key of this start of the app, HKDF, AES-256-GCM.

import { random } from "./vault.js";

const subtle = globalThis.crypto?.subtle;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const bytes = (text) => new TextEncoder().encode(text);

// A sealer for one device: `seal(operation)` gives the row of the outbox.
export async function sealer({ eventId, deviceId, envelopePublic, proof }) {
  const own = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const epk = await subtle.exportKey("raw", own.publicKey);
  const theirs = await subtle.importKey("raw", fromBase64(envelopePublic), CURVE, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const base = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const spread = { name: "HKDF", hash: "SHA-256", salt: epk, info: bytes("torangy desk 1") };
  const key = await subtle.deriveKey(spread, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);

  return async function seal(operation, madeAt) {
    const iv = random(12);
    const bound = { name: "AES-GCM", iv, additionalData: bytes(`${deviceId}|${operation.id}`) };
    const data = await subtle.encrypt(bound, key, bytes(JSON.stringify({ v: 1, proof, operation })));
    const about = { id: operation.id, event_id: eventId, device_id: deviceId, made_at: madeAt, refused: null };
    return { ...about, epk, iv: iv.buffer, data };
  };
}

// A row of the outbox as it is sent and as it stands in a file.
export const written = ({ id, device_id, epk, iv, data }) => ({
  id,
  device_id,
  epk: toBase64(epk),
  iv: toBase64(iv),
  data: toBase64(data),
});

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function toBase64(buffer) {
  let text = "";
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}
