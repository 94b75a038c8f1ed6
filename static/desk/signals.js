// A verdict by ear and by hand: one high tone, two middle ones, one low and long; short or long vibration.
// Browsers let a page sound after the first tap only, so the first tap unlocks it.

const TONES = {
  go: { pitch: 880, wave: "sine", beeps: [[0, 0.08]] },
  look: { pitch: 520, wave: "triangle", beeps: [[0, 0.1], [0.18, 0.1]] },
  stop: { pitch: 180, wave: "square", beeps: [[0, 0.4]] },
};
const BUZZES = { go: 60, look: [60, 60, 60], stop: 400 };
const LOUD = 0.4;
const SOFT_EDGE = 0.01; // s; a tone that is cut off clicks

const UNLOCKED_AFTER = 300; // ms

let audio;

// Listens for the first tap or key.
export function unlockSignals(target = document) {
  const unlock = () => {
    audio ??= "AudioContext" in globalThis ? new AudioContext() : undefined;
    audio?.resume().catch(() => {});
  };
  // Not within the tap: making it takes longer than a whole answer.
  const soon = () => audio?.state !== "running" && setTimeout(unlock, UNLOCKED_AFTER);
  for (const name of ["pointerdown", "keydown"]) target.addEventListener(name, soon, { passive: true });
}

// Both can be switched off in the settings; a phone without them stays silent.
export function signal(verdict, { sound = true, vibration = true } = {}) {
  if (sound && audio?.state === "running") play(TONES[verdict]);
  if (vibration) navigator.vibrate?.(BUZZES[verdict]);
}

function play({ pitch, wave, beeps }) {
  for (const [after, seconds] of beeps) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const from = audio.currentTime + after;
    tone.type = wave;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(LOUD, from + SOFT_EDGE);
    volume.gain.setValueAtTime(LOUD, from + seconds - SOFT_EDGE);
    volume.gain.linearRampToValueAtTime(0, from + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + seconds);
  }
}
