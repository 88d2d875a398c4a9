// Paper has the width of A4: the page is scaled onto it as it stands on screen, charts and all.
(function () {
  "use strict";
  // 297 mm less two margins of 10, at 96 px an inch.
  const PAPER = ((297 - 20) / 25.4) * 96;
  // Narrower pages are those of a phone: they keep their own size and order.
  const LEAST = 760;
  window.addEventListener("beforeprint", () => {
    const page = document.getElementById("page");
    if (page && window.innerWidth > LEAST) {
      const root = document.documentElement;
      // Rules for large screens do not hold on paper; the charts were drawn for their type.
      root.style.fontSize = window.getComputedStyle(root).fontSize;
      root.style.setProperty("--gd-paper-from", page.clientWidth + "px");
      root.style.setProperty("--gd-paper", Math.min(1, PAPER / page.clientWidth));
    }
  });
  window.addEventListener("afterprint", () => {
    for (const name of ["font-size", "--gd-paper-from", "--gd-paper"]) {
      document.documentElement.style.removeProperty(name);
    }
  });
})();
