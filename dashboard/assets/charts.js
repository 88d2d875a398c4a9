// Dash asks every chart to fit its box right after drawing it; one that fits already is not drawn a second time.
(function () {
  "use strict";
  const plots = window.Plotly && window.Plotly.Plots;
  if (!plots) {
    return;
  }
  const resize = plots.resize;
  const isSame = (drawn, box) => Math.abs(drawn - box) < 1;
  plots.resize = function (chart) {
    const drawn = chart && chart._fullLayout;
    if (drawn && isSame(drawn.width, chart.clientWidth) && isSame(drawn.height, chart.clientHeight)) {
      return Promise.resolve(chart);
    }
    return resize.apply(plots, arguments);
  };
})();
