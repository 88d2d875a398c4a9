// The traces the dashboard draws; no WebGL, which would need eval and is not allowed by the content policy.
"use strict";

const Plotly = require("plotly.js/lib/core");

Plotly.register([require("plotly.js/lib/bar"), require("plotly.js/lib/choropleth"), require("plotly.js/lib/scattergeo")]);

module.exports = Plotly;
