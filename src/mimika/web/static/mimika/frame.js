// The frame's two conveniences: a button for light and dark, and one beside each
// password that shows it. Without this file everything else works just the same.
"use strict";
{
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector("[data-theme-switch]");
  const isDark = () => root.dataset.bsTheme === "dark";
  const show = () => button?.setAttribute("aria-pressed", isDark());

  // A choice that is what the system wants anyway is not kept: the page follows again.
  const choose = (dark) => {
    try {
      if (dark === system.matches) localStorage.removeItem("theme");
      else localStorage.setItem("theme", dark ? "dark" : "light");
    } catch {
      // the browser keeps nothing for this site: the choice holds for this page
    }
    root.dataset.bsTheme = dark ? "dark" : "light";
    show();
  };
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => choose(!isDark()));
    document.addEventListener("themechange", show);
    show();
  }
}

for (const field of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-secondary";
  const say = () => {
    const hidden = field.type === "password";
    button.textContent = hidden ? "Show" : "Hide";
    button.setAttribute("aria-label", `${button.textContent} what is typed`);
  };
  button.addEventListener("click", () => {
    field.type = field.type === "password" ? "text" : "password";
    say();
  });
  // Sent as a password again: the browser then offers to remember it, and no other.
  field.form?.addEventListener("submit", () => {
    field.type = "password";
    say();
  });
  const group = document.createElement("div");
  group.className = "input-group";
  field.replaceWith(group);
  group.append(field, button);
  say();
}
