// Runs in the head, before anything is painted or fetched: the theme chosen last time, and no world map.
(function () {
  "use strict";
  var stored = null;
  try {
    stored = window.localStorage.getItem("gd-theme");
  } catch (error) {
    // Storage can be switched off; the system's preference then decides.
  }
  var prefersDark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  var theme = stored === "dark" || stored === "light" ? stored : prefersDark ? "dark" : "light";
  var root = document.documentElement;
  // The large screen has its own colours, whatever the desk's are.
  if (/^\/screen\/?$/.test(window.location.pathname)) {
    theme = "dark";
    root.setAttribute("data-palette", "wall");
  }
  root.setAttribute("data-bs-theme", theme);
  root.setAttribute("data-ag-theme-mode", theme);
  // Without this stub a map asks a public server for the outline of the world, and stays blank when it fails.
  window.PlotlyGeoAssets = { topojson: { world_110m: { type: "Topology", arcs: [], objects: {} } } };
})();
