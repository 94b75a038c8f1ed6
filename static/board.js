// <form data-board>: people are dragged from card to card. It only ticks them, chooses where to, and presses Move.

const form = document.querySelector("form[data-board]");
const cards = [...form.querySelectorAll("[data-to]")];
const boxOf = (row) => row.querySelector("input[name=place]");
let dragged = null;

for (const row of form.querySelectorAll("tbody tr")) row.draggable = true;

form.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("tr");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.textContent.trim());
});

for (const card of cards) {
  card.addEventListener("dragover", (event) => {
    if (!dragged || card.contains(dragged)) return;
    event.preventDefault();
    card.classList.add("is-over");
  });
  card.addEventListener("dragleave", (event) => {
    if (!card.contains(event.relatedTarget)) card.classList.remove("is-over");
  });
  card.addEventListener("drop", (event) => {
    event.preventDefault();
    card.classList.remove("is-over");
    if (!dragged) return;
    // Whoever is ticked goes along, if the one that is dragged is ticked too.
    if (!boxOf(dragged).checked) for (const box of form.querySelectorAll("input[name=place]")) box.checked = false;
    boxOf(dragged).checked = true;
    form.elements.to.value = card.dataset.to;
    form.requestSubmit();
  });
}

form.addEventListener("dragend", () => {
  dragged = null;
  for (const card of cards) card.classList.remove("is-over");
});
