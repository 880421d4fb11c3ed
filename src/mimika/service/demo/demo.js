"use strict";
// One picture at a time: shown at once, sent to the service, answered with bars.

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const LARGEST = Number(document.currentScript?.dataset.most || 15e6);
let model = null;
let picture = null; // the file that is shown
let answer = null;
let turn = 0; // answers of former pictures are dropped

const TROUBLE = {
  413: "The picture is too large.",
  415: "This is no JPEG, PNG, WebP or BMP picture.",
  503: "The service is busy or starting.",
  504: "The service took too long over this picture.",
};

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function percent(share) {
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share >= 0.995 && share < 1) return "> 99 %";
  return `${Math.round(100 * share)} %`;
}

function certainty(share, classes) {
  const shown = Math.round(100 * share) / 100;
  if (shown >= 0.8) return "The model is sure.";
  const likely = Math.max(0.5, 1.5 / classes); // of two classes, one always has 50 %
  return shown >= likely ? "The model thinks this is likely." : "The model is unsure.";
}

function labelOf(key) {
  const found = model?.labels.find((label) => label.key === key);
  return found || { name: key, colour: "#7f7f7f" };
}

function say(problem) {
  $("problem").textContent = problem || "";
  $("problem").hidden = !problem;
}

async function problemOf(response) {
  let detail = "";
  try { detail = (await response.json()).detail || ""; } catch { /* no JSON */ }
  const wait = response.headers.get("Retry-After");
  const again = response.status === 503 && wait ? ` Try again in ${wait} s.` : "";
  const words = TROUBLE[response.status] || "The service could not answer.";
  return `${words}${detail ? ` (${detail})` : ""}${again}`;
}

async function ask(path, fields) {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  let response;
  try {
    response = await fetch(path, { method: "POST", body: form });
  } catch {
    throw new Error("The service does not answer. Is it still running?");
  }
  if (!response.ok) throw new Error(await problemOf(response));
  return response;
}

async function look(file) {
  const mine = ++turn;
  say("");
  picture = file;
  answer = null;
  $("result").hidden = false;
  $("tools").hidden = true;
  $("says").textContent = "";
  $("cards").replaceChildren();
  $("boxes").replaceChildren();
  URL.revokeObjectURL($("shown").src);
  $("shown").src = URL.createObjectURL(file);
  $("wait").hidden = false;
  try {
    const response = await ask("/v1/analyze", { file });
    const found = await response.json();
    if (mine === turn) show(found);
  } catch (error) {
    if (mine !== turn) return;
    $("result").hidden = true;
    say(error.message);
  } finally {
    if (mine === turn) $("wait").hidden = true;
  }
}

function show(found) {
  answer = found;
  const several = found.faces.length > 1;
  if (!found.faces.length) {
    $("says").textContent = "No face was found in this picture.";
  } else if (several) {
    $("says").textContent = `${found.faces.length} faces`;
  } else {
    const { label, probability } = found.faces[0];
    $("says").textContent = `${labelOf(label).name} ${percent(probability)}`;
  }
  $("cards").replaceChildren(...found.faces.map((face, place) => card(face, place, several)));
  if (found.faces_mode === "find") mark(found);
  $("tools").hidden = false;
}

function card(face, place, several) {
  const made = element("section", "", { class: "card" });
  if (several) {
    made.append(element("h3", `${place + 1}. ${labelOf(face.label).name} ${percent(face.probability)}`));
  }
  made.append(element("p", certainty(face.probability, Object.keys(face.probabilities).length), { class: "sure" }), bars(face));
  const button = element("button", "What mattered?", { type: "button" });
  button.addEventListener("click", () => explain(face, button));
  const under = element("p", "");
  under.append(button);
  made.append(under);
  return made;
}

function bars(face) {
  const table = element("table");
  table.append(element("caption", "", { hidden: "" }));
  const rows = Object.entries(face.probabilities);
  for (const [key, share] of rows) {
    const { name, colour } = labelOf(key);
    const row = element("tr", "", key === face.label ? { class: "first" } : {});
    const cell = element("td");
    const frame = { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" };
    const bar = shape("svg", frame);
    bar.append(shape("rect", { width: (100 * share).toFixed(2), height: 10, fill: colour }));
    cell.append(bar);
    row.append(element("th", name, { scope: "row" }), cell, element("td", percent(share)));
    table.append(row);
  }
  return table;
}

function mark(found) {
  const svg = $("boxes");
  svg.setAttribute("viewBox", `0 0 ${found.width} ${found.height}`);
  const several = found.faces.length > 1;
  const size = Math.max(found.width, found.height) / 35;
  found.faces.forEach(({ box: [x, y, w, h], label }, place) => {
    svg.append(shape("rect", { x, y, width: w, height: h, stroke: labelOf(label).colour }));
    if (!several) return;
    const above = y > size ? y - size / 4 : y + size; // inside at the upper edge
    const number = shape("text", { x, y: above, "font-size": size });
    number.textContent = place + 1; // as on its card
    svg.append(number);
  });
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function explain(face, button) {
  const mine = turn;
  button.disabled = true;
  button.textContent = "Drawing …";
  try {
    const { box, label, landmarks, tilt_degrees } = face;
    const response = await ask("/v1/explain", {
      file: picture,
      face: JSON.stringify({ box, label, landmarks, tilt_degrees }),
      side: "256",
    });
    const drawn = await response.blob();
    if (mine !== turn) return;
    const name = labelOf(label).name;
    const image = element("img", "", { class: "heat", alt: `Warm where the picture speaks for ${name}, cold where against it` });
    image.src = URL.createObjectURL(drawn);
    button.replaceWith(image, element("span", `Covering a warm place makes “${name}” less likely.`, { class: "quiet" }));
  } catch (error) {
    if (mine !== turn) return;
    button.disabled = false;
    button.textContent = "What mattered?";
    say(error.message);
  }
}

function save() {
  const link = element("a", "", { download: "answer.json" });
  link.href = URL.createObjectURL(new Blob([JSON.stringify(answer, null, 2)], { type: "application/json" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function take(files) {
  const file = files?.[0];
  if (!file) return;
  if (file.size > LARGEST) {
    $("result").hidden = true;
    say(`${TROUBLE[413]} It has ${(file.size / 1e6).toFixed(1)} MB; at most ${LARGEST / 1e6} are accepted.`);
    return;
  }
  look(file);
}

async function introduce() {
  for (;;) {
    try {
      const response = await fetch("/v1/models");
      if (response.ok) {
        const { models } = await response.json();
        model = models[0];
        break;
      }
    } catch { /* not there yet */ }
    await new Promise((done) => setTimeout(done, 500));
  }
  const names = model.labels.map((label) => label.name).join(", ");
  const word = model.task.replaceAll("_", " ");
  $("title").textContent = `Try ${model.name}`;
  document.title = `${model.name} · mimika`;
  $("about").textContent = `${word[0].toUpperCase()}${word.slice(1)}: ${names}`;
  const accuracy = model.metrics.accuracy;
  if (accuracy) {
    const [value, low, high] = [accuracy.value, accuracy.low, accuracy.high].map((x) => (100 * x).toFixed(1));
    $("figures").textContent = `Accuracy ${value} % (${low} to ${high}), ${accuracy.images} pictures, ${accuracy.split}.`;
  }
  $("limits").textContent = model.limits;
}

for (const id of ["file", "camera"]) {
  $(id).addEventListener("change", (event) => { take(event.target.files); event.target.value = ""; });
}
$("save").addEventListener("click", save);
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => { event.preventDefault(); $("drop").classList.add("over"); });
}
for (const kind of ["dragleave", "drop"]) {
  document.addEventListener(kind, () => $("drop").classList.remove("over"));
}
document.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer?.files); });
document.addEventListener("paste", (event) => take(event.clipboardData?.files));
introduce();
