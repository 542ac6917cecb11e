"use strict";
(() => {
  const toolbar = document.getElementById("toolbar");
  const buttons = [...toolbar.querySelectorAll("[data-filter]")];
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const cards = [...document.querySelectorAll(".card")];
  const rows = [...document.querySelectorAll(".grid tbody tr")];
  const keyed = (list) => list.map((item) => [item, item.dataset.status.split(" "), item.dataset.text]);
  const parts = [keyed(cards), keyed(rows)];
  toolbar.hidden = !rows.length; // nothing to look through

  function apply() {
    const wanted = buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.filter);
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const counts = parts.map((part) => {
      let count = 0;
      for (const [item, statuses, text] of part) {
        const show = (!wanted.length || statuses.some((s) => wanted.includes(s)))
          && words.every((word) => text.includes(word));
        if (item.hidden === show) item.hidden = !show;
        count += show;
      }
      return count;
    });
    const filtered = wanted.length > 0 || words.length > 0;
    shown.textContent = filtered ? `${counts[0]} of ${cards.length} findings, ${counts[1]} of ${rows.length} clauses` : "";
    nothing.hidden = !filtered || counts[0] + counts[1] > 0;
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
  search.addEventListener("input", apply);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { search.value = ""; apply(); }
  });

  // A link to something that a filter hides, or that is folded, shows it.
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) {
      for (const button of buttons) button.setAttribute("aria-pressed", "false");
      search.value = "";
      apply();
    }
    if (target.tagName === "DETAILS") target.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) reveal();
  });
  reveal();

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = cards.filter((card) => !card.open);
    for (const card of folded) card.open = true;
  });
  addEventListener("afterprint", () => { for (const card of folded) card.open = false; });
})();
