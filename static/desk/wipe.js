// Takes everything off the phone that could be read, and leaves what was recorded and not yet handed over: that is
// sealed for the server and can be read by nobody here. A plain script, because the worker of the site runs it too.

globalThis.torangyWipe = (eventId = null) => {
  const KEPT = ["event_id", "device_id", "install_id", "envelope_public", "drop", "expires_at", "last_exchange_at", "clock_off", "language"];
  return new Promise((resolve) => {
    const asked = indexedDB.open("torangy-desk");
    asked.onerror = () => resolve(false);
    asked.onupgradeneeded = () => asked.transaction.abort(); // there is nothing here
    asked.onsuccess = () => {
      const base = asked.result;
      const end = () => {
        base.close();
        new BroadcastChannel("torangy-desk").postMessage({ eventId, wiped: "revoked" }); // other tabs
        resolve(true);
      };
      // A row without its key opens nothing. A phone without room takes no row, but loses rows: then once more.
      shorten(base, (isShort) => empty(base, () => (isShort ? end() : shorten(base, end))));
    };
  });

  function shorten(base, then) {
    const tx = base.transaction("meta", "readwrite", { durability: "strict" });
    tx.oncomplete = () => then(true);
    tx.onabort = () => then(false);
    each(tx.objectStore("meta"), (row, cursor) => {
      if (eventId && row.event_id !== eventId) return;
      const left = Object.fromEntries(KEPT.filter((name) => name in row).map((name) => [name, row[name]]));
      cursor.update({ ...left, wiped_at: new Date().toISOString() });
    });
  }

  function empty(base, then) {
    const tx = base.transaction(["state", "feed", "mine", "ballast"], "readwrite", { durability: "strict" });
    tx.oncomplete = tx.onabort = then;
    tx.objectStore("ballast").clear();
    each(tx.objectStore("state"), (_row, cursor) => {
      if (!eventId || String(cursor.key).startsWith(`${eventId} `)) cursor.delete();
    });
    for (const name of ["feed", "mine"]) {
      each(tx.objectStore(name), (row, cursor) => (!eventId || row.event_id === eventId) && cursor.delete());
    }
  }

  function each(store, act) {
    store.openCursor().onsuccess = (event) => {
      const cursor = event.target.result;
      if (!cursor) return;
      act(cursor.value, cursor);
      cursor.continue();
    };
  }
};
