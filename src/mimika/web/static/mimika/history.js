// Ticks or unticks all results of the page.
"use strict";
const form = document.querySelector("form[data-chosen]");
if (form) {
  const all = form.querySelector("[data-all]");
  const boxes = form.querySelectorAll("input[name=chosen]");
  for (const part of form.querySelectorAll("[data-only-script]")) part.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  form.addEventListener("change", () => {
    all.checked = [...boxes].every((box) => box.checked);
  });
}
