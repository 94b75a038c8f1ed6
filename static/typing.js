// <form data-typing>: each Enter is sent in its turn while the next number is typed; what became of it stands below.
// A line that could not be sent stays first in the queue: Enter in the empty field, or the network, sends it again.

const form = document.querySelector("form[data-typing]");
const field = form.elements.line;
const echo = document.querySelector("[data-echo]");
const typed = document.querySelector("[data-typed]");
const queue = [];
let sending = false;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  field.value = "";
  field.focus();
  if (text) queue.push({ text, at: form.elements.at.value, id: crypto.randomUUID(), row: rowOf(text) });
  void sendAll();
});

addEventListener("online", () => void sendAll());
addEventListener("beforeunload", (event) => {
  if (queue.length) event.preventDefault();
});
field.focus();

function rowOf(text) {
  const row = document.createElement("li");
  row.textContent = `${text} … ${form.dataset.waits}`;
  echo.prepend(row);
  return row;
}

async function sendAll() {
  if (sending) return;
  sending = true;
  try {
    while (queue.length && (await sent(queue[0]))) queue.shift();
  } finally {
    sending = false;
  }
}

async function sent(line) {
  const body = new FormData(form);
  body.set("line", line.text);
  body.set("at", line.at);
  body.set("line_id", line.id);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await answer.json();
    // A refusal of this line is an answer; whatever else went wrong is tried again.
    if (!answer.ok && ![409, 422].includes(answer.status)) throw new Error(String(answer.status));
    show(line.row, answer.ok ? told.tone : "stop", answer.ok ? told.text : `${line.text}: ${told.detail}`);
    if (answer.ok) typed.textContent = String(Number(typed.textContent) + 1);
    return true;
  } catch {
    show(line.row, "stop", `${line.text}: ${form.dataset.failed}`);
    return false;
  }
}

function show(row, tone, text) {
  row.textContent = text;
  row.dataset.tone = tone;
}
