// What a page does beyond HTML. Everything works without this file; it only saves a step.

const token = document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// A form that came back: the summary of what is wrong is read first.
document.querySelector(".errors")?.focus();

// <form data-auto>: a filter acts when it is changed; its button is only for those without this file.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.querySelector("[data-auto-button]")?.setAttribute("hidden", "");
  form.addEventListener("change", () => form.requestSubmit());
}

// "/" goes to the box that finds things, unless one is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector('#find, main [role="search"] input[type="search"]');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// A second click doesn't send a form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (event.submitter?.formTarget === "_blank") return; // the page stays as it is, and its other buttons are wanted
  if (form.ariaBusy === "true") event.preventDefault();
  form.ariaBusy = "true";
  setTimeout(() => (form.ariaBusy = null), 8000); // an answer that is a file leaves the page as it is
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = null;
});

// <button data-print>
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// <form data-picks>: how many rows are ticked; <input data-pick-all> ticks them all. Boxes of a table outside it name it: form="picks".
for (const form of document.querySelectorAll("form[data-picks]")) {
  const bar = form.querySelector("[data-pickbar]");
  const boxes = () => [...form.elements].filter((box) => box.type === "checkbox" && box.closest("tbody"));
  const count = () => {
    const picked = boxes().filter((box) => box.checked).length;
    bar.querySelector("[data-count]").textContent = picked;
    bar.hidden = picked === 0;
  };
  document.addEventListener("change", (event) => {
    if (event.target.form !== form) return;
    if (event.target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = event.target.checked;
    count();
  });
  count();
}

// <nav class="tabs" data-tabs>: links to ids on the page show one of them at a time.
for (const nav of document.querySelectorAll("[data-tabs]")) {
  const links = [...nav.querySelectorAll("a[href^='#']")];
  const show = (chosen) => {
    for (const link of links) {
      const isChosen = link === chosen;
      document.getElementById(link.hash.slice(1)).hidden = !isChosen;
      if (isChosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  nav.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    show(link);
  });
  show(links.find((link) => link.hash === location.hash) ?? links[0]);
}

// <meta name="offline-worker">: tickets open without a network once they were seen (sw.js). Never on a shared computer.
const worker = document.querySelector('meta[name="offline-worker"]')?.content;
if (worker && "serviceWorker" in navigator) {
  // Not whether it controls the page: it claims pages too that were on their way when it began.
  const sawThisPageCome = performance.getEntriesByType("navigation")[0]?.workerStart > 0;
  addEventListener("load", async () => {
    await navigator.serviceWorker.register(worker);
    const { active } = await navigator.serviceWorker.ready;
    if (sawThisPageCome) return;
    const parts = performance.getEntriesByType("resource").map((part) => part.name);
    active.postMessage({ keep: [location.href, ...parts] });
  });
}

// Logging out takes off this phone what the desk of an event keeps there. The worker sees to it where there is one.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/logout" || navigator.serviceWorker?.controller || !globalThis.indexedDB) return;
  event.preventDefault();
  import("./desk/wipe.js").then(() => globalThis.torangyWipe()).finally(() => form.submit());
});

// What a sheet asks: <div data-asks="person"> only of those who are ticked, <div data-if="field" data-if-answer="value"> only after that answer.
for (const form of document.querySelectorAll("form:has([data-asks], [data-if])")) {
  const asked = () => {
    for (const part of form.querySelectorAll("[data-asks]")) {
      const box = form.querySelector(`input[name="people"][value="${part.dataset.asks}"]`);
      part.hidden = box !== null && !box.checked;
    }
    // Twice: what people are asked may hang on what the party is asked below them.
    for (const part of [...form.querySelectorAll("[data-if]"), ...form.querySelectorAll("[data-if]")]) {
      const decides = form.elements[part.dataset.if];
      const isAsked = decides?.value === part.dataset.ifAnswer && decides.closest("[data-if][hidden]") === null;
      part.hidden = !isAsked && !part.classList.contains("is-wrong");
    }
  };
  for (const words of form.querySelectorAll("[data-if-words]")) words.hidden = true;
  form.addEventListener("change", asked);
  asked();
}

// <form data-kinds>: parts that belong to one kind of answer, <section data-kind="choice">.
for (const form of document.querySelectorAll("form[data-kinds]")) {
  const fit = () => {
    for (const part of form.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== form.elements.kind.value;
  };
  form.addEventListener("change", fit);
  fit();
}

// <div data-order>: up and down within its list, for those who are ticked, once "some go" is; the order on the screen is what is sent.
for (const list of document.querySelectorAll("[data-order]")) {
  const form = list.closest("form");
  const fewer = form.querySelector("[data-fewer]");
  const said = form.querySelector("[data-said]");
  const show = () => {
    for (const moves of list.querySelectorAll("[data-moves]")) {
      moves.hidden = !fewer.checked || !moves.closest("li").querySelector("input[name=people]").checked;
    }
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const row = button.closest("li");
    const up = button.dataset.move === "-1";
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (up) other.before(row);
    else other.after(row);
    button.focus();
    said.textContent = `${row.querySelector(".name").textContent}: ${[...row.parentElement.children].indexOf(row) + 1}`;
  });
  form.addEventListener("change", show);
  show();
}

// <details data-crew>: one box ticks all of the brigade who may go.
for (const crew of document.querySelectorAll("[data-crew]")) {
  const all = crew.querySelector("[data-all]");
  if (!all) continue;
  const one = all.querySelector("input");
  const boxes = () => [...crew.querySelectorAll("input[name=people]:not(:disabled)")];
  all.hidden = false;
  one.addEventListener("change", () => {
    const wanted = one.checked;
    for (const box of boxes()) if (box.checked !== wanted) box.click();
  });
  crew.addEventListener("change", () => {
    one.checked = boxes().every((box) => box.checked);
  });
}

// <table data-wall>: <li draggable data-moves="form id"> dropped on <td data-day> sends its small form with that day.
for (const wall of document.querySelectorAll("[data-wall]")) {
  let dragged = null;
  const mark = (day) => {
    for (const cell of wall.querySelectorAll("td.over")) cell.classList.remove("over");
    day?.classList.add("over");
  };
  wall.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-moves]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  wall.addEventListener("dragover", (event) => {
    const day = event.target.closest("td[data-day]");
    if (!dragged || !day) return;
    event.preventDefault();
    mark(day);
  });
  wall.addEventListener("dragend", () => mark(null));
  wall.addEventListener("drop", (event) => {
    const day = event.target.closest("td[data-day]");
    if (!dragged || !day || day === dragged.closest("td")) return;
    event.preventDefault();
    const form = document.getElementById(dragged.dataset.moves);
    form.elements.day.value = day.dataset.day;
    form.requestSubmit();
  });
}

// The current tab of an event's desk may lie beyond the edge of a phone; the page itself stays where it is.
for (const tab of document.querySelectorAll(".desk-tabs [aria-current]")) {
  tab.parentElement.scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - tab.parentElement.clientWidth / 2;
}
