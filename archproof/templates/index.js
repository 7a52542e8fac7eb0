"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const button = document.querySelector("button.theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });
  const choose = (links, parts, id) => {
    for (const part of parts) part.classList.toggle("hidden", part.id !== id);
    for (const link of links) {
      if (link.hash === "#" + id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const tabs = [...document.querySelectorAll(".tabs a")];
  const sections = [...document.querySelectorAll("main > section")];
  const views = [...document.querySelectorAll(".views a")];
  const figures = [...document.querySelectorAll("figure")];
  const show = () => {
    const id = location.hash.slice(1) || "pictures";
    const figure = figures.find((f) => f.id === id);
    const section = figure ? "pictures" : sections.some((s) => s.id === id) ? id : "pictures";
    choose(tabs, sections, section);
    if (figures.length) choose(views, figures, figure ? id : figures[0].id);
  };
  addEventListener("hashchange", show);
  show();
  scrollTo(0, 0);
  for (const canvas of document.querySelectorAll(".canvas")) {
    canvas.addEventListener("click", () => canvas.classList.toggle("zoom"));
  }
})();
