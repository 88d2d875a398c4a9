// The script that draws charts comes beside the others, so that Dash begins meanwhile; pages with charts wait for it.
(function () {
  "use strict";
  const isSame = (drawn, box) => Math.abs(drawn - box) < 1;

  // Dash asks every chart to fit its box right after drawing it; one that fits already is not drawn a second time.
  function drawOnce() {
    const plots = window.Plotly && window.Plotly.Plots;
    if (!plots) {
      return;
    }
    const resize = plots.resize;
    plots.resize = function (chart) {
      const drawn = chart && chart._fullLayout;
      if (drawn && isSame(drawn.width, chart.clientWidth) && isSame(drawn.height, chart.clientHeight)) {
        return Promise.resolve(chart);
      }
      return resize.apply(plots, arguments);
    };
  }

  const source = document.getElementById("gd-palettes").dataset.charts;
  // Never refused: without it Dash brings the script of its own package.
  window.gdCharts = new Promise((done) => {
    if (!source) {
      done();
      return;
    }
    const script = document.createElement("script");
    script.src = source;
    script.onload = script.onerror = () => {
      drawOnce();
      done();
    };
    document.head.appendChild(script);
  });
})();
