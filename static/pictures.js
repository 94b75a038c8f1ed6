// <form data-pictures>: each picture goes by itself, made small on the phone where that can be done, with its progress; the
// next begins when the one before is there. Without this file the form sends them all at once.

const SIDE = 2560; // more than is kept: the server draws it anew
const QUALITY = 0.9;

const form = document.querySelector("form[data-pictures]");
const box = form?.querySelector("[data-progress]");
let leaving = false;

form?.addEventListener("submit", async (event) => {
  const files = [...form.elements.pictures.files];
  if (!files.length) return; // the server says what is missing
  event.preventDefault();
  event.stopPropagation();
  form.ariaBusy = "true";
  leaving = true;
  const lines = files.map(newLine);
  box.hidden = false;
  const all = box.querySelector("[data-all]");
  all.max = lines.length;
  for (const line of lines) {
    await send(line);
    all.value += 1;
    say(lines);
  }
  form.elements.pictures.value = "";
  form.ariaBusy = null;
  leaving = false;
});

window.addEventListener("beforeunload", (event) => {
  if (leaving) event.preventDefault();
});

function newLine(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  const why = document.createElement("span");
  name.textContent = `${file.name} `;
  bar.setAttribute("aria-label", file.name);
  [bar.max, bar.value] = [1, 0];
  why.className = "why";
  item.append(name, why, bar);
  box.querySelector("[data-list]").append(item);
  return { file, item, bar, why, kept: false };
}

async function send(line) {
  const { file } = line;
  if (file.size > Number(form.dataset.most)) return refuse(line, form.dataset.tooLarge);
  line.why.textContent = form.dataset.sending;
  const body = new FormData();
  body.append("pictures", await smaller(file), file.name);
  const answer = await posted(body, (part) => (line.bar.value = part));
  if (answer.status === 201) {
    line.kept = true;
    line.item.dataset.tone = "ok";
    line.bar.value = 1;
    line.why.textContent = form.dataset.kept;
    return undefined;
  }
  if (answer.status) return refuse(line, answer.text);
  refuse(line, form.dataset.noLine);
  const again = document.createElement("button");
  [again.type, again.className, again.textContent] = ["button", "btn btn-quiet", form.dataset.again];
  again.addEventListener("click", () => {
    again.remove();
    delete line.item.dataset.tone;
    send(line).then(() => say([...lines.values()]));
  });
  line.item.append(again);
  return undefined;
}

function refuse(line, text) {
  line.item.dataset.tone = "stop";
  line.why.textContent = text;
  line.bar.hidden = true;
}

const lines = new Set();

function say(sent) {
  for (const line of sent) lines.add(line);
  const kept = [...lines].filter((line) => line.kept).length;
  const text = form.dataset.done.replace("{kept}", kept).replace("{all}", lines.size);
  box.querySelector("[data-total]").textContent = text;
  box.querySelector("[data-next]").hidden = kept === 0;
}

// What the camera wrote beside the picture never leaves the phone, and a slow line carries a tenth. A file that the browser
// can't read goes as it is: the server says what it thinks of it.
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
    const paper = canvas.getContext("2d");
    paper.fillStyle = "white";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file;
  }
}

// {status, text}; status 0 where nothing came back.
function posted(body, onPart) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onPart(event.loaded / event.total));
    request.addEventListener("load", () => resolve({ status: request.status, text: sentence(request.responseText) }));
    for (const name of ["error", "timeout", "abort"]) request.addEventListener(name, () => resolve({ status: 0, text: "" }));
    request.timeout = 300_000;
    request.send(body);
  });
}

function sentence(text) {
  try {
    const { detail } = JSON.parse(text);
    return detail;
  } catch {
    return form.dataset.noLine;
  }
}
