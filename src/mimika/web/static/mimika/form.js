// Says that the picture is being looked at, and keeps a second click from sending it
// twice. Without this file the form works just the same.
"use strict";
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button.main");
  const text = button.textContent;
  form.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = form.dataset.busy;
  });
  // The back button may show the page as it was left.
  window.addEventListener("pageshow", () => {
    button.disabled = false;
    button.textContent = text;
  });
}
