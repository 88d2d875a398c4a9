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
  // What is looked at, and how: with every question to the server.
  window.gdMessage = function () {
    return {
      pathname: window.location.pathname,
      search: window.location.search,
      theme: root.getAttribute("data-bs-theme") || "light",
      // The same steps as the media queries of app.css.
      scale: window.innerWidth >= 3200 ? 2 : window.innerWidth >= 2400 ? 1.4 : 1,
    };
  };
  // What of an address makes another page of it: its path and its language.
  window.gdPageKey = function (where) {
    var here = where || window.location;
    return here.pathname + "|" + (new URLSearchParams(here.search).get("lang") || "");
  };
  window.gdAddress = function (path, message, more) {
    return path + "?" + new URLSearchParams(Object.assign({}, message, more));
  };
  // How much of a page is asked for with it, px: what is seen, and what scrolling brings next.
  window.gdTall = function () {
    return Math.round(1.6 * window.innerHeight);
  };
  // The first page is asked for now; it comes while the scripts that show it are still loading.
  var url = window.gdAddress("/drawn/page", window.gdMessage(), { height: window.gdTall() });
  window.gdEarly = [{ url: url, answer: window.fetch(url) }];
  // Whoever takes it says what went wrong.
  window.gdEarly[0].answer.catch(function () {});
})();
