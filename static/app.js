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

// A second click doesn't send a form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
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

// <form data-picks>: how many rows are ticked; <input data-pick-all> ticks them all.
for (const form of document.querySelectorAll("form[data-picks]")) {
  const bar = form.querySelector("[data-pickbar]");
  const boxes = () => [...form.querySelectorAll("tbody input[type=checkbox]")];
  const count = () => {
    const picked = boxes().filter((box) => box.checked).length;
    bar.querySelector("[data-count]").textContent = picked;
    bar.hidden = picked === 0;
  };
  form.addEventListener("change", (event) => {
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
