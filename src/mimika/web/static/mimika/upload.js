// The form for pictures: shows what is chosen, takes dropped, pasted and photographed
// pictures, and sends by itself so that a refused form keeps the chosen files. Without
// this file the form works as forms do.
"use strict";
const form = document.querySelector("form[data-upload]");
const input = form.querySelector("input[type=file]");
const tasks = JSON.parse(document.getElementById("tasks").textContent); // by model
const SIDE = 96; // of a thumbnail

function reveal() {
  for (const part of form.querySelectorAll("[data-only-script]")) part.hidden = false;
}

// Shows only what goes with the chosen model: how to look for faces, and its classes.
function showTask() {
  const task = tasks[form.querySelector("[name=model_name]:checked")?.value];
  if (!task) return;
  form.querySelector("[data-faces]").hidden = !task.finds_faces;
  const seen = form.querySelector("[name=seen]");
  for (const option of seen.options) {
    option.hidden = option.value !== "" && !task.classes.includes(option.value);
  }
  if (seen.selectedOptions[0]?.hidden) seen.value = "";
}

function choose(files) {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
  showThumbnails();
}

function add(files) {
  const pictures = [...files].filter((file) => file.type.startsWith("image/"));
  if (pictures.length) choose([...input.files, ...pictures]);
}

async function thumbnail(file) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(SIDE / picture.width, SIDE / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    canvas
      .getContext("2d")
      .drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
    picture.close();
  } catch {
    canvas.classList.add("unreadable"); // the server says why
  }
  return canvas;
}

function item(file, place) {
  const entry = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "btn-close";
  remove.setAttribute("aria-label", `Leave out ${file.name}`);
  remove.addEventListener("click", () => {
    choose([...input.files].filter((_, other) => other !== place));
  });
  entry.append(name, remove);
  thumbnail(file).then((canvas) => entry.prepend(canvas));
  return entry;
}

function showThumbnails() {
  form.querySelector("[data-thumbs]").replaceChildren(...[...input.files].map(item));
}

function photograph() {
  const camera = document.createElement("input");
  camera.type = "file";
  camera.accept = input.accept;
  camera.capture = "environment";
  camera.addEventListener("change", () => add(camera.files));
  camera.click();
}

// The refused form as the server answers it, with the file input that was there.
function showRefused(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const refused = answer.querySelector("form[data-upload]");
  if (!refused) return false;
  const empty = refused.querySelector("input[type=file]");
  for (const name of ["class", "aria-invalid", "aria-describedby"]) {
    if (empty.hasAttribute(name)) input.setAttribute(name, empty.getAttribute(name));
    else input.removeAttribute(name);
  }
  empty.replaceWith(input);
  refused.querySelector("[data-forgets]")?.remove();
  form.replaceChildren(...refused.childNodes);
  reveal();
  showTask();
  showThumbnails();
  const wrong = form.querySelector("[aria-invalid=true], .alert");
  wrong?.scrollIntoView({ block: "center" });
  if (wrong?.matches("input, textarea, select")) wrong.focus();
  return true;
}

async function send() {
  const button = form.querySelector("button.btn-primary");
  const text = button.textContent;
  button.disabled = true;
  button.textContent = form.dataset.busy;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (answer.redirected) {
      window.location.assign(answer.url);
      return;
    }
    if (!showRefused(await answer.text())) form.submit(); // the server's own page
  } catch {
    showProblem("The pictures could not be sent; is there a connection? Try again.");
  }
  button.disabled = false;
  button.textContent = text;
}

function showProblem(text) {
  const alert = document.createElement("div");
  alert.className = "alert alert-danger";
  alert.setAttribute("role", "alert");
  alert.textContent = text;
  form.querySelector("[data-errors]").replaceChildren(alert);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
form.addEventListener("change", (event) => {
  if (event.target === input) showThumbnails();
  if (event.target.name === "model_name") showTask();
});
form.addEventListener("click", (event) => {
  if (event.target.closest("[data-camera]")) photograph();
});
form.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.querySelector("[data-drop]").classList.add("over");
});
for (const end of ["dragleave", "drop"]) {
  form.addEventListener(end, () => {
    form.querySelector("[data-drop]").classList.remove("over");
  });
}
form.addEventListener("drop", (event) => {
  event.preventDefault();
  add(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) {
    event.preventDefault();
    add(event.clipboardData.files);
  }
});
// The back button may show the page with the files and the task as they were chosen.
window.addEventListener("pageshow", () => {
  showTask();
  showThumbnails();
});
reveal();
