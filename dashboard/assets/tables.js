// The script that draws tables is as large as everything else together: it is loaded with the first table.
(function () {
  "use strict";
  let loading = null;
  let Real = null;

  function load() {
    loading =
      loading ||
      new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = document.getElementById("gd-palettes").dataset.tables;
        script.onload = () => {
          Real = window.dash_ag_grid.AgGrid;
          // Dash looks a component up anew whenever it draws; another one in its place would build every table again.
          window.dash_ag_grid = Object.assign({}, window.dash_ag_grid, { AgGrid: AgGrid });
          Promise.resolve(Real._dashprivate_isLazyComponentReady && Real._dashprivate_isLazyComponentReady()).then(done);
        };
        script.onerror = failed;
        document.head.appendChild(script);
      });
    return loading;
  }

  function AgGrid(props) {
    const React = window.React;
    const [isLoaded, setLoaded] = React.useState(Boolean(Real));
    React.useEffect(() => {
      let isHere = true;
      load().then(
        () => isHere && setLoaded(true),
        () => window.gdTell(document.getElementById("gd-palettes").dataset.failing)
      );
      return () => {
        isHere = false;
      };
    }, []);
    return isLoaded ? React.createElement(Real, props) : React.createElement("div", { className: props.className });
  }
  // Callbacks that take from a table wait until it can be drawn.
  AgGrid._dashprivate_isLazyComponentReady = () => load();

  window.dash_ag_grid = { AgGrid: AgGrid };
})();
