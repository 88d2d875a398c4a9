// What needs no server: routing, filters and clicks into the address, the theme, titles.
(function () {
  "use strict";
  const NONE = () => window.dash_clientside.no_update;
  const AREAS = ["county", "street", "community"];
  // Parameters that belong to one page and are dropped on the way to another.
  const OWN = ["compound", "indicator", "trace", "sort", "weights"];
  const palettes = JSON.parse(document.getElementById("gd-palettes").textContent);
  let wanted = null;
  // What was chosen in the filters since the server last said what is.
  let chosen = {};

  function currentTheme() {
    return document.documentElement.getAttribute("data-bs-theme") || "light";
  }

  function message() {
    return window.gdMessage();
  }

  // Change the address the way dcc.Link does, so that dcc.Location hears of it.
  function go(pathname, params) {
    const text = params.toString();
    const url = pathname + (text ? "?" + text : "");
    if (url === window.location.pathname + window.location.search) {
      return;
    }
    window.history.pushState({}, "", url);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function set(params, field, value) {
    if (value === null || value === undefined || value === "") {
      params.delete(field);
    } else {
      params.set(field, value);
    }
    if (field === "area") {
      params.delete("grid");
      params.delete("compound");
    }
    return params;
  }

  // Follow a click on a mark or row: the field it sets, or the profile of a compound.
  const follow = (window.gdFollow = function (field, value) {
    const params = new URLSearchParams(window.location.search);
    if (field === "profile" || field === "compound") {
      OWN.forEach((name) => params.delete(name));
      go("/compound/" + encodeURIComponent(value), params);
      return;
    }
    // The compound whose evidence this page shows, without leaving it.
    if (field === "evidence") {
      field = "compound";
    }
    // A second click on what is selected takes the selection back.
    go(window.location.pathname, set(params, field, params.get(field) === String(value) ? null : value));
  });

  // On a phone the filters wait behind their heading.
  window.gdFold = function (within) {
    const filters = within.querySelector("#filters");
    if (filters && window.innerWidth < 760) {
      filters.removeAttribute("open");
    }
  };

  // A link of the frame, led from where one is now: `filters` to its page, or `all` of this view in its language.
  window.gdKept = function (href, keeps) {
    const link = new URL(href, window.location.origin);
    const params = set(new URLSearchParams(window.location.search), "lang", link.searchParams.get("lang"));
    if (keeps === "filters") {
      OWN.forEach((name) => params.delete(name));
    }
    const text = params.toString();
    return (keeps === "filters" ? link.pathname : window.location.pathname) + (text ? "?" + text : "");
  };

  // What a click on a row sets: the same for every row of a table, or named by the row itself.
  function fieldOf(context, row) {
    return context && row && (context.by ? row[context.by] : context.click);
  }

  function triggered() {
    return window.dash_clientside.callback_context.triggered.filter((item) => item.value !== undefined && item.value !== null);
  }

  function idOf(item) {
    return JSON.parse(item.prop_id.slice(0, item.prop_id.lastIndexOf(".")));
  }

  function recoloured(value, table) {
    if (typeof value === "string") {
      return value.replace(/#[0-9a-f]{6}\b|rgba?\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*(,\s*[\d.]+\s*)?\)/gi, (found) => {
        if (found[0] === "#") {
          return table[found.toLowerCase()] || found;
        }
        const parts = found.slice(found.indexOf("(") + 1, -1).split(",").map((part) => part.trim());
        const hex = "#" + parts.slice(0, 3).map((part) => Number(part).toString(16).padStart(2, "0")).join("");
        const target = table[hex];
        if (!target || parts[3] === "0") {
          return found;
        }
        const rgb = [1, 3, 5].map((at) => parseInt(target.slice(at, at + 2), 16));
        return parts.length === 4 ? `rgba(${rgb.join(",")},${parts[3]})` : `rgb(${rgb.join(",")})`;
      });
    }
    if (Array.isArray(value)) {
      return value.map((part) => recoloured(part, table));
    }
    if (value && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, recoloured(part, table)]));
    }
    return value;
  }

  function recolouredFigure(figure, theme) {
    const meta = figure && figure.layout && figure.layout.meta;
    if (!meta || !palettes[meta.theme] || meta.theme === theme) {
      return figure;
    }
    const table = {};
    for (const [name, colour] of Object.entries(palettes[meta.theme])) {
      table[colour] = palettes[theme][name];
    }
    const drawn = recoloured(figure, table);
    drawn.layout.meta = Object.assign({}, meta, { theme: theme });
    return drawn;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    gd: {
      // An address → a message to the callback that draws the page, or to the one that redraws its cards.
      route: function (pathname) {
        const steps = (pathname || "/").split("/");
        // The page of one thing (/compound/C0001) has other cards than the page to choose it from.
        const page = (steps[1] || "overview") + (steps[2] ? "/one" : "");
        const drawn = document.querySelector("#page [data-page]");
        const key = window.gdPageKey();
        const isDrawn = drawn && drawn.getAttribute("data-page") === page && wanted === key && window.gdStands === key;
        if (wanted === null) {
          window.gdFold(document);
        }
        wanted = key;
        if (isDrawn) {
          return [NONE(), message()];
        }
        window.scrollTo(0, 0);
        return [message(), NONE()];
      },

      // The same address once more, for when the store has changed under it.
      again: function (changed) {
        return changed ? message() : NONE();
      },

      // What is typed over a table narrows it to the rows that hold every word, in whatever column. Of a table too long to
      // be sent whole the server looks for them; MOST_ROWS of layouts/components/grid.py.
      quickFilter: function (text, options, rows, asked) {
        if (!asked && (rows || []).length < 2000) {
          return [Object.assign({}, options, { quickFilterText: text || "" }), window.dash_clientside.no_update];
        }
        const { pathname, search } = window.location;
        return [window.dash_clientside.no_update, { text: text || "", pathname: pathname, search: search }];
      },

      describe: function (shown) {
        chosen = {};
        if (shown) {
          document.title = shown.title;
          document.documentElement.lang = shown.lang === "zh" ? "zh-CN" : shown.lang;
          document.documentElement.dataset.close = shown.close;
        }
      },

      filter: function (values, shown) {
        const items = window.dash_clientside.callback_context.triggered;
        const known = Object.assign({}, shown && shown.values, chosen);
        const changed = items
          .map((item) => [idOf(item).name, item.value === undefined ? null : item.value])
          .filter(([name, value]) => (known[name] || null) !== (value || null));
        if (changed.length !== 1) {
          return;
        }
        const [name, value] = changed[0];
        chosen[name] = value;
        const params = new URLSearchParams(window.location.search);
        const depth = AREAS.indexOf(name);
        if (depth < 0) {
          go(window.location.pathname, set(params, name, value));
          return;
        }
        // Cleared: what remains is the nearest choice above it.
        const above = AREAS.slice(0, depth).map((level) => known[level]).filter(Boolean);
        go(window.location.pathname, set(params, "area", value || above[above.length - 1] || null));
      },

      theme: function () {
        const theme = currentTheme() === "dark" ? "light" : "dark";
        const root = document.documentElement;
        root.setAttribute("data-bs-theme", theme);
        root.setAttribute("data-ag-theme-mode", theme);
        try {
          window.localStorage.setItem("gd-theme", theme);
        } catch (error) {
          // Not remembered, then.
        }
        window.gdChart.recolour((figure) => recolouredFigure(figure, theme));
      },

      clickGrid: function (cells, rows, options) {
        const inputs = window.dash_clientside.callback_context.inputs_list[0];
        for (const item of triggered()) {
          const place = inputs.findIndex((input) => input.id.name === idOf(item).name);
          const context = options[place] && options[place].context;
          const row = rows[place] && context && rows[place].find((each) => String(each[context.rowId]) === item.value.rowId);
          const field = fieldOf(context, row);
          if (field && row[context.field]) {
            follow(field, row[context.field]);
          }
        }
      },

      // The order of a table goes into the address without drawing anything again.
      sortGrid: function () {
        for (const item of triggered()) {
          const name = idOf(item).name.replace("-", ".");
          const column = item.value.find((each) => each.sort);
          const params = new URLSearchParams(window.location.search);
          const mine = (params.get("sort") || "").split(":")[0] === name;
          if (!column && !mine) {
            continue;
          }
          set(params, "sort", column ? `${name}:${column.colId}:${column.sort}` : null);
          const text = params.toString();
          window.history.replaceState(window.history.state, "", window.location.pathname + (text ? "?" + text : ""));
        }
      },
    },
  });

  // Formatters and cell renderers of the tables.
  const functions = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  functions.gdNumber = function (value, decimals, missing, suffix) {
    if (value === null || value === undefined || value === "") {
      return missing;
    }
    const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return (value < 0 && /[1-9]/.test(text) ? "−" : "") + text + suffix;
  };
  const renderers = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  renderers.GdOpen = function (props) {
    const context = props.context || {};
    const target = props.data && props.data[context.field];
    const field = fieldOf(context, props.data);
    if (!field || !target) {
      return props.value;
    }
    const params = new URLSearchParams(window.location.search);
    const isProfile = field === "profile" || field === "compound";
    const path = isProfile ? "/compound/" + encodeURIComponent(target) : window.location.pathname;
    if (!isProfile) {
      set(params, field === "evidence" ? "compound" : field, target);
    }
    const text = params.toString();
    return window.React.createElement(
      "a",
      {
        href: path + (text ? "?" + text : ""),
        // The row's own click handler follows it; the address is for the keyboard, and for a new tab.
        onClick: (event) => {
          if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault();
          }
        },
        onKeyDown: (event) => {
          if (event.key === "Enter") {
            follow(field, target);
          }
        },
      },
      props.value
    );
  };
})();
