"use strict";
(() => {
  const root = document.documentElement;
  const button = document.querySelector("button.theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });
  const counters = [...document.querySelectorAll(".counters button")];
  const show = (tier) => {
    for (const row of document.querySelectorAll(".row")) {
      row.classList.toggle("hidden", Boolean(tier) && row.dataset.tier !== tier);
    }
    for (const card of document.querySelectorAll(".card")) {
      card.classList.toggle("hidden", Boolean(tier) && !card.dataset.tiers.split(" ").includes(tier));
    }
    for (const section of document.querySelectorAll("main > section")) {
      const kind = section.dataset.kind;
      const cards = kind === "cards" && section.querySelector(".card:not(.hidden)");
      section.classList.toggle("hidden", Boolean(tier) && kind !== tier && !cards);
    }
  };
  for (const counter of counters) {
    counter.addEventListener("click", () => {
      const on = counter.getAttribute("aria-pressed") !== "true";
      for (const other of counters) other.setAttribute("aria-pressed", "false");
      counter.setAttribute("aria-pressed", String(on));
      show(on ? counter.dataset.tier : "");
    });
  }
})();
