// A worker that reads QR codes from pictures where the browser can't do it itself. Everything comes from our own host.

import { prepareZXingModule, readBarcodes } from "/static/vendor/zxing/reader/index.js";

const WASM = "/static/vendor/zxing/zxing_reader.wasm";
const READER = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryDownscale: false };

const ready = prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });

self.addEventListener("message", async ({ data }) => {
  const { id, pixels, width, height, tryHarder } = data;
  try {
    await ready;
    const picture = new ImageData(new Uint8ClampedArray(pixels), width, height);
    const [found] = await readBarcodes(picture, { ...READER, tryHarder, tryRotate: tryHarder, tryInvert: tryHarder });
    self.postMessage({ id, text: found?.isValid ? found.text : null });
  } catch (error) {
    self.postMessage({ id, text: null, error: String(error) });
  }
});

// The first picture takes ten times as long as the others, so it is an empty one, before the first guest.
ready.then(
  () => readBarcodes(new ImageData(64, 64), READER).then(() => self.postMessage({ ready: true })),
  (error) => self.postMessage({ ready: false, error: String(error) }),
);
