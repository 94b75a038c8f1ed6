// Tickets before the camera: the browser's own reader where it has one, else the decoder in a worker. The loop waits for
// nobody: what was read is handed over, and the next picture is looked at.

const WIDTH = 640;
const HEIGHT = 480;
const HARDER_EVERY = 5; // pictures; turned and inverted codes take longer to find
const IN_VIEW = 3000; // ms; a ticket that is still held there is not read again
const PATIENCE = 2000; // ms; a decoder that doesn't answer by then has found nothing
const AGAIN = 1500; // ms before a camera that was taken away is asked for once more
const WANTED = { video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false };

// `onCode(text)` may say false: not now, tell me again. `onState` hears "on", "off", "denied", "missing" or "busy".
export class Scanner {
  #video;
  #onCode;
  #onState;
  #worker;
  #detect = null;
  #canvas = document.createElement("canvas");
  #stream = null;
  #awake = null;
  #wanted = false;
  #run = 0; // number of the loop that may go on
  #seen = { text: null, at: 0 };

  constructor(video, { onCode, onState, worker }) {
    Object.assign(video, { muted: true, playsInline: true });
    [this.#video, this.#onCode, this.#onState, this.#worker] = [video, onCode, onState, worker];
    Object.assign(this.#canvas, { width: WIDTH, height: HEIGHT });
    document.addEventListener("visibilitychange", this.#onVisible);
  }

  // Asks for the camera; says how that went by `onState`.
  async start() {
    this.#wanted = true;
    if (this.#stream) return;
    if (!navigator.mediaDevices?.getUserMedia) return this.#tell("missing");
    try {
      this.#detect ??= await reader(this.#worker);
      const stream = await navigator.mediaDevices.getUserMedia(WANTED);
      if (!this.#wanted) return stop(stream);
      this.#stream = stream;
      for (const track of stream.getTracks()) track.addEventListener("ended", this.#onEnded);
      this.#video.srcObject = stream;
      await this.#video.play();
    } catch (error) {
      this.#drop();
      return this.#tell(REASONS[error.name] ?? "off");
    }
    this.#tell("on");
    this.#stayAwake(this.#stream);
    this.#look((this.#run += 1));
  }

  // Gives the camera back.
  close() {
    this.#wanted = false;
    this.#drop();
    document.removeEventListener("visibilitychange", this.#onVisible);
  }

  #tell(state) {
    if (this.#wanted) this.#onState(state);
  }

  #drop() {
    this.#run += 1;
    if (this.#stream) stop(this.#stream);
    this.#stream = this.#video.srcObject = null;
    this.#awake?.release().catch(() => {});
    this.#awake = null;
  }

  // The screen stays lit while tickets are read; where that can't be had, it dims.
  async #stayAwake(stream) {
    const lock = await navigator.wakeLock?.request("screen").catch(() => null);
    if (stream === this.#stream) this.#awake = lock;
    else lock?.release().catch(() => {});
  }

  // Phones take the camera away from a page that nobody looks at, and give no word when it is back.
  #onVisible = () => {
    if (document.hidden) this.#drop();
    else if (this.#wanted) this.start();
  };

  #onEnded = () => {
    this.#drop();
    this.#tell("off");
    setTimeout(() => this.#wanted && !document.hidden && this.start(), AGAIN);
  };

  async #look(run) {
    for (let number = 0; run === this.#run; number += 1) {
      await nextPicture(this.#video);
      if (run !== this.#run) return;
      const text = await this.#read(number % HARDER_EVERY === HARDER_EVERY - 1);
      if (text && run === this.#run) this.#found(text);
    }
  }

  // A picture that can't be read is one without a code; the loop goes on whatever happens.
  async #read(tryHarder) {
    try {
      return await this.#detect(this.#video, this.#canvas, tryHarder);
    } catch {
      return null;
    }
  }

  #found(text) {
    const now = performance.now();
    const isStillThere = text === this.#seen.text && now - this.#seen.at < IN_VIEW;
    if (isStillThere || this.#onCode(text) !== false) this.#seen = { text, at: now };
  }
}

// Whether the camera was allowed before: then it may open by itself. Not every browser tells.
export async function wasAllowed() {
  try {
    return (await navigator.permissions.query({ name: "camera" })).state === "granted";
  } catch {
    return false;
  }
}

const REASONS = { NotAllowedError: "denied", NotFoundError: "missing", NotReadableError: "busy" };

const stop = (stream) => stream.getTracks().forEach((track) => track.stop());

// Waits for a new picture; where the browser can't tell of one, for a moment.
function nextPicture(video) {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, 250);
    const next = () => (clearTimeout(late), resolve());
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(next);
    else setTimeout(next, 60);
  });
}

async function reader(worker) {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
  return formats.includes("qr_code") ? native() : decoding(worker());
}

function native() {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

function decoding(worker) {
  const waiting = new Map();
  let last = 0;
  const answer = (id, text) => {
    waiting.get(id)?.(text);
    waiting.delete(id);
  };
  worker.addEventListener("message", ({ data }) => answer(data.id, data.text));
  return (video, canvas, tryHarder) => {
    const pixels = middle(video, canvas).data.buffer;
    return new Promise((resolve) => {
      const id = (last += 1);
      waiting.set(id, resolve);
      setTimeout(() => answer(id, null), PATIENCE);
      worker.postMessage({ id, pixels, width: WIDTH, height: HEIGHT, tryHarder }, [pixels]);
    });
  };
}

// The middle of the picture, as large as it fits.
function middle(video, canvas) {
  const scale = Math.min(video.videoWidth / WIDTH, video.videoHeight / HEIGHT) || 1;
  const [width, height] = [WIDTH * scale, HEIGHT * scale];
  const [left, top] = [(video.videoWidth - width) / 2, (video.videoHeight - height) / 2];
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  paper.drawImage(video, left, top, width, height, 0, 0, WIDTH, HEIGHT);
  return paper.getImageData(0, 0, WIDTH, HEIGHT);
}
