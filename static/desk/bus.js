// Who wants to know what happens on this phone: "operation", "exchange", "locked", "wiped", "update", "settings".

const listeners = new Map();

// Calls back until the function that it returns is called.
export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(listener);
  return () => listeners.get(name).delete(listener);
}

// One listener that fails keeps no other from hearing it.
export function emit(name, detail) {
  for (const listener of [...(listeners.get(name) ?? [])]) {
    try {
      listener(detail);
    } catch (error) {
      console.error(name, error);
    }
  }
}
