// Paper has the width of A4: the page is scaled onto it as it stands on screen, charts and all.
(function () {
  "use strict";
  // 297 mm less two margins of 10, at 96 px an inch.
  const PAPER = ((297 - 20) / 25.4) * 96;
  // Narrower pages are those of a phone: they keep their own size and order.
  const LEAST = 760;
  // Rows of a table as wide as the page; beside charts it keeps its height.
  const ROWS = 24;
  // Height of a row on paper, rem.
  const ROW_REM = 1.75;

  // AG Grid holds only what is in view, and cuts what is wider: paper gets the table itself.
  function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className || "";
    return made;
  }

  function cell(api, node, column) {
    const made = element("td", api.getCellValue({ rowNode: node, colKey: column, useFormatter: true }) ?? "");
    made.className = column.getColDef().type === "rightAligned" ? "gd-right" : "";
    return made;
  }

  function tableOf(grid, page) {
    const api = window.dash_ag_grid && window.dash_ag_grid.getApi ? window.dash_ag_grid.getApi(grid.id) : null;
    const body = grid.closest(".gd-card-body");
    if (!api || !body) {
      return null;
    }
    const columns = api.getAllDisplayedColumns();
    const table = element("table", "", "gd-paper-table");
    const head = table.createTHead().insertRow();
    for (const column of columns) {
      const named = element("th", api.getDisplayNameForColumn(column, "header"));
      named.className = column.getColDef().type === "rightAligned" ? "gd-right" : "";
      head.append(named);
    }
    const isWide = grid.clientWidth > page.clientWidth * 0.8;
    const type = parseFloat(window.getComputedStyle(document.documentElement).fontSize);
    const most = isWide ? ROWS : Math.max(3, Math.floor(grid.clientHeight / (ROW_REM * type)) - 2);
    const rows = table.createTBody();
    let count = 0;
    api.forEachNodeAfterFilterAndSort((node) => {
      count += 1;
      if (count <= most) {
        rows.insertRow().append(...columns.map((column) => cell(api, node, column)));
      }
    });
    const made = element("div", "", "gd-paper-grid");
    made.append(table);
    if (count > most) {
      made.append(element("div", "1–" + most + " / " + count.toLocaleString("en-US"), "gd-paper-count"));
    }
    return count ? made : null;
  }

  function printTables(page) {
    for (const grid of page.querySelectorAll(".gd-card-body > .gd-grid")) {
      const made = tableOf(grid, page);
      if (made) {
        grid.after(made);
      }
    }
  }

  window.addEventListener("beforeprint", () => {
    const page = document.getElementById("page");
    if (page && window.innerWidth > LEAST) {
      const root = document.documentElement;
      // Rules for large screens do not hold on paper; the charts were drawn for their type.
      root.style.fontSize = window.getComputedStyle(root).fontSize;
      printTables(page);
      root.style.setProperty("--gd-paper-from", page.clientWidth + "px");
      root.style.setProperty("--gd-paper", Math.min(1, PAPER / page.clientWidth));
    }
  });
  window.addEventListener("afterprint", () => {
    for (const name of ["font-size", "--gd-paper-from", "--gd-paper"]) {
      document.documentElement.style.removeProperty(name);
    }
    document.querySelectorAll(".gd-paper-grid").forEach((made) => made.remove());
  });
})();
