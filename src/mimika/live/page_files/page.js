"use strict";
const KEYS = { q: "quit", s: "snapshot", r: "record", " ": "pause", m: "mirror" };
const PRESSED = { pause: "paused", record: "recording", mirror: "mirrored" };
const EVERY_MS = 500;
const picture = document.getElementById("picture");
const figures = document.getElementById("figures");
const people = document.getElementById("people");
const message = document.getElementById("message");
const buttons = [...document.querySelectorAll("button")];
let ended = false;

function say(text) {
  message.textContent = text;
}

function end() {
  ended = true;
  say("The program has ended.");
  buttons.forEach((button) => { button.disabled = true; });
}

async function ask(command) {
  if (ended) return;
  try {
    const answer = await fetch(`/commands/${command}`, { method: "POST" });
    if (!answer.ok) say(`${command}: ${await answer.text()}`);
    else if (command === "quit") end();
    else await look();
  } catch {
    end();
  }
}

function person(one) {
  const item = document.createElement("li");
  const share = Math.round(one.probability * 100);
  const name = one.label.replaceAll("_", " ");
  item.textContent = `#${one.identity} ${name[0].toUpperCase()}${name.slice(1)} ${share} %${one.sure ? "" : " (unsure)"}`;
  return item;
}

function show({ state, moment }) {
  buttons.forEach((button) => {
    const name = PRESSED[button.dataset.command];
    if (name) button.setAttribute("aria-pressed", String(state[name]));
  });
  say(state.said);
  if (moment === null) return;
  const rate = moment.frames_per_s;
  const size = `${moment.width} × ${moment.height}`;
  figures.textContent = rate === null ? size : `${size}, ${rate.toFixed(1)} frames/s`;
  people.replaceChildren(...moment.people.map(person));
}

async function look() {
  const answer = await fetch("/moment.json", { cache: "no-store" });
  if (!ended) show(await answer.json());
}

async function follow() {
  while (!ended) {
    try {
      await look();
    } catch {
      end();
      return;
    }
    await new Promise((resolve) => { setTimeout(resolve, EVERY_MS); });
  }
}

document.addEventListener("keydown", (event) => {
  const command = KEYS[event.key.toLowerCase()];
  const modified = event.ctrlKey || event.altKey || event.metaKey;
  if (!command || event.repeat || modified) return;
  if (event.key === " " && event.target instanceof HTMLButtonElement) return;
  event.preventDefault();
  ask(command);
});
buttons.forEach((button) => {
  button.addEventListener("click", (event) => {
    // After a click of the mouse, the space key is to pause, not to press this again.
    if (event.detail > 0) button.blur();
    ask(button.dataset.command);
  });
});
follow();
