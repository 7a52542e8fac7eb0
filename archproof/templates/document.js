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
  const links = new Map();
  for (const link of document.querySelectorAll(".contents a")) links.set(link.hash.slice(1), link);
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      const link = links.get(entry.target.parentElement.id);
      link?.setAttribute("aria-current", "true");
      link?.scrollIntoView({ block: "nearest", behavior: "instant" });
    }
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const heading of document.querySelectorAll("main h2, main h3")) seen.observe(heading);
  for (const figure of document.querySelectorAll("figure")) {
    const turn = () => figure.classList.toggle("zoom");
    figure.addEventListener("click", turn);
    figure.addEventListener("keydown", (event) => {
      if (event.key === "Enter") turn();
      if (event.key === "Escape") figure.classList.remove("zoom");
    });
  }
})();
