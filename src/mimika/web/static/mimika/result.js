// The page of a result: original or drawn, zoom, and a face and its bars that point at
// each other. The page works without it. Everything listens on the document, because
// the result may appear while it is waited for.
"use strict";
const STEP = 1.5;
const MOST = 8;

function reveal() {
  for (const part of document.querySelectorAll("[data-only-script]")) part.hidden = false;
}

function zoom(button) {
  const inner = document.querySelector("[data-inner]");
  const now = Number(inner.dataset.zoomed || 1);
  const steps = { in: now * STEP, out: now / STEP, fit: 1 };
  const next = Math.min(Math.max(steps[button.dataset.zoom], 1), MOST);
  inner.dataset.zoomed = next;
  inner.style.width = `${100 * next}%`;
  document.querySelector("[data-stage]").classList.toggle("zoomed", next > 1);
}

function mark(number) {
  for (const box of document.querySelectorAll("[data-face]")) {
    box.classList.toggle("pointed", box.dataset.face === number);
  }
  for (const card of document.querySelectorAll("[data-face-card]")) {
    card.classList.toggle("pointed", card.dataset.faceCard === number);
  }
}

function faceAt(target) {
  const part = target instanceof Element && target.closest("[data-face], [data-face-card]");
  return part ? part.dataset.face || part.dataset.faceCard : undefined;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) zoom(button);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-drawn]")) {
    const shown = event.target.checked;
    document.querySelector("[data-overlay]").classList.toggle("d-none", !shown);
  }
});
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => mark(faceAt(event.target)));
}
document.addEventListener("htmx:afterSwap", reveal);
reveal();
