// Paper has the width of A4: the page is scaled onto it as it stands on screen, charts and all.
(function () {
  "use strict";
  // 297 mm less two margins of 10, at 96 px an inch.
  const PAPER = ((297 - 20) / 25.4) * 96;
  window.addEventListener("beforeprint", () => {
    const stage = document.querySelector(".gd-stage");
    if (stage) {
      const root = document.documentElement.style;
      root.setProperty("--gd-paper-from", stage.clientWidth + "px");
      root.setProperty("--gd-paper", Math.min(1, PAPER / stage.clientWidth));
    }
  });
  window.addEventListener("afterprint", () => {
    const root = document.documentElement.style;
    root.removeProperty("--gd-paper-from");
    root.removeProperty("--gd-paper");
  });
})();
