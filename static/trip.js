// The rows of a trip: the arrows move them without asking the server, and a mouse may drag them by their head.
// Without this file the arrows are buttons of the form. The order on the screen is what is sent.

for (const list of document.querySelectorAll("[data-sortable]")) {
  const said = document.querySelector("[data-said]");
  const rows = () => [...list.children];

  const number = () => {
    rows().forEach((row, index) => {
      row.querySelector("h2").textContent = list.dataset.words.replace("{n}", index + 1);
      for (const button of row.querySelectorAll("[data-step]")) {
        button.disabled = button.dataset.step === "-1" ? index === 0 : index === rows().length - 1;
      }
    });
  };

  const move = (row, before) => {
    list.insertBefore(row, before);
    number();
    said.textContent = row.querySelector("h2").textContent;
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const other = button.dataset.step === "-1" ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    move(row, button.dataset.step === "-1" ? other : other.nextElementSibling);
    (button.disabled ? row.querySelector("[data-step]:not(:disabled)") : button).focus();
    row.scrollIntoView({ block: "nearest" });
  });

  let dragged = null;
  for (const handle of list.querySelectorAll("[data-handle]")) handle.draggable = true;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("li");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const isBelow = rows().indexOf(dragged) < rows().indexOf(over);
    move(dragged, isBelow ? over.nextElementSibling : over);
  });
  list.addEventListener("dragend", () => (dragged = null));
  list.addEventListener("drop", (event) => event.preventDefault());
}
