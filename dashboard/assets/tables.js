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
        script.onload = done;
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
  // Dash looks a component up anew whenever it draws; another one in its place would build every table again.
  let suite = { AgGrid: AgGrid };
  Object.defineProperty(window, "dash_ag_grid", {
    configurable: true,
    get: () => suite,
    set: (loaded) => {
      // What is loaded later gives back what it found here, with more in it.
      Real = loaded.AgGrid === AgGrid ? Real : loaded.AgGrid;
      suite = Object.assign({}, loaded, { AgGrid: AgGrid });
    },
  });
})();
