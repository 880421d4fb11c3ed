// Sets light or dark before anything is painted. The system's setting counts until the
// button in the frame (frame.js) keeps another choice.
"use strict";
{
  const system = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // the browser keeps nothing for this site
    }
  };
  const apply = () => {
    document.documentElement.dataset.bsTheme =
      kept() ?? (system.matches ? "dark" : "light");
    document.dispatchEvent(new Event("themechange"));
  };
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply); // chosen in another tab
  apply();
}
