// Scanners on a cable or by radio type what they read, faster than anybody, and press Enter. Where the focus is doesn't
// matter. A single key typed by hand is a shortcut.

const FAST = 150; // ms between two keys of a scanner; by radio some are slow
const SHORTEST = 6;

// Calls onCode(text) for what a scanner typed, onShortcut(key) for a lone key outside of fields; returns the end of it.
export function listenToKeys({ onCode, onShortcut }) {
  let [typed, last, alone] = ["", 0, 0];

  const listener = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isField = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "Enter") {
      const code = event.timeStamp - last < FAST && typed.length >= SHORTEST ? typed : "";
      typed = "";
      if (!code || isField) return;
      event.preventDefault(); // or the button that has the focus would be pressed
      event.stopPropagation();
      onCode(code);
    } else if (event.key.length === 1) {
      typed = event.timeStamp - last < FAST ? typed + event.key : event.key;
      last = event.timeStamp;
      clearTimeout(alone);
      const key = event.key;
      if (!isField) alone = setTimeout(() => typed === key && onShortcut(key), FAST);
    } else if (event.key === "Escape") onShortcut("Escape");
  };
  document.addEventListener("keydown", listener, true);
  return () => {
    clearTimeout(alone);
    document.removeEventListener("keydown", listener, true);
  };
}
