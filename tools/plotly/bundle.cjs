// The traces the dashboard draws; no WebGL, which would need eval and is not allowed by the content policy.
"use strict";

const Plotly = require("plotly.js/lib/core");

Plotly.register([
  require("plotly.js/lib/bar"),
  require("plotly.js/lib/box"),
  require("plotly.js/lib/choropleth"),
  require("plotly.js/lib/funnel"),
  require("plotly.js/lib/heatmap"),
  require("plotly.js/lib/histogram"),
  require("plotly.js/lib/indicator"),
  require("plotly.js/lib/pie"),
  require("plotly.js/lib/sankey"),
  require("plotly.js/lib/scattergeo"),
  require("plotly.js/lib/scatterpolar"),
  require("plotly.js/lib/treemap"),
  require("plotly.js/lib/violin"),
  require("plotly.js/lib/waterfall"),
]);

module.exports = Plotly;
