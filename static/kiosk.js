// The shared computer: counts down, asks for more time when somebody touches the screen, and forgets. Everything works
// without this file; the page then reloads itself into the door (meta refresh) when the server's half minute is over.

const token = document.querySelector('meta[name="csrf-token"]')?.content;
const end = document.querySelector("[data-end]");
const door = document.querySelector("[data-door]");
const ASK_AGAIN = 5000; // ms

// What an ordinary visit left in this browser before it became a kiosk.
navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((one) => one.unregister()), () => {});
globalThis.caches?.keys().then((names) => names.forEach((name) => caches.delete(name)), () => {});

// A page that the browser kept to go back to shows who was here before.
addEventListener("pageshow", (event) => event.persisted && location.reload());

if (end) {
  let until = Date.now() + Number(end.dataset.seconds) * 1000;
  let asked = Date.now();
  const left = end.querySelector("[data-left]");

  const tick = setInterval(() => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    left.textContent = Math.max(seconds, 0);
    if (seconds > 0) return;
    clearInterval(tick);
    document.body.hidden = true;
    end.submit();
  }, 250);

  const stay = async () => {
    if (Date.now() - asked < ASK_AGAIN) return;
    asked = Date.now();
    const answer = await fetch(end.dataset.presence, { method: "POST", headers: { "X-CSRFToken": token } });
    if (answer.redirected || !answer.ok) return location.replace(end.action.replace(/end$/, "").replace(/\/$/, ""));
    until = Date.now() + (await answer.json()).seconds * 1000;
  };
  for (const sign of ["pointerdown", "keydown", "scroll"]) addEventListener(sign, stay, { passive: true });
}

if (door) {
  const fields = [...door.querySelectorAll("input.form-control")];
  let field = fields.find((one) => !one.value) ?? fields[0];
  for (const one of fields) one.addEventListener("focus", () => (field = one));
  field.focus();

  const keypad = door.querySelector("[data-keypad]");
  keypad.hidden = false;
  keypad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    if (key === "next") field = fields[(fields.indexOf(field) + 1) % fields.length];
    else if (key === "back") field.value = field.value.slice(0, -1);
    else if (field.value.length < field.maxLength) field.value += key;
    field.focus();
  });

  // A number typed and left standing would greet the next one.
  let idle;
  const rest = () => {
    clearTimeout(idle);
    idle = setTimeout(() => fields.some((one) => one.value) && location.replace(location.pathname), 30_000);
  };
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, rest);
  rest();
}
