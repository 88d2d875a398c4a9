// Paper has the width of A4: the page is scaled onto it as it stands on screen, charts and all.
(function () {
  "use strict";
  // 297 mm less two margins of 10, at 96 px an inch.
  const PAPER = ((297 - 20) / 25.4) * 96;
  // Narrower pages are those of a phone: they keep their own size and order.
  const LEAST = 760;
  // Rows of a table as wide as the page; beside charts it keeps its height.
  const ROWS = 22;
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
    if (!api) {
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
    const room = Math.max(3, Math.floor(grid.clientHeight / (ROW_REM * type)) - 2);
    // Under the sliders stands a sentence above the table; a table of one row more is not cut for it.
    const sheet = grid.closest(".gd-weights-list") ? ROWS - 2 : ROWS + (api.getDisplayedRowCount() === ROWS + 1 ? 1 : 0);
    const most = isWide ? sheet : Math.min(sheet, room);
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

  // A sheet could end between a heading and its cards; within a card it never does.
  function carryHeadings(page) {
    for (const section of page.querySelectorAll(".gd-section")) {
      const row = [];
      for (let each = section.nextElementSibling; each && !each.matches(".gd-section"); each = each.nextElementSibling) {
        if (row.length && each.offsetTop !== row[0].offsetTop) {
          break;
        }
        row.push(each);
      }
      if (row.length && section.children.length === 1) {
        row.forEach((each) => each.classList.add("gd-paper-under"));
        row[0].dataset.heading = section.textContent;
        row[0].style.setProperty("--gd-paper-row", section.clientWidth + "px");
        section.classList.add("gd-section-carried");
      }
    }
  }

  function putHeadingsBack() {
    for (const each of document.querySelectorAll(".gd-paper-under")) {
      each.classList.remove("gd-paper-under");
      each.style.removeProperty("--gd-paper-row");
      delete each.dataset.heading;
    }
    document.querySelectorAll(".gd-section-carried").forEach((each) => each.classList.remove("gd-section-carried"));
  }

  function printTables(page) {
    for (const grid of page.querySelectorAll(".gd-card-body > .gd-grid, .gd-weights-list > .gd-grid")) {
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
      carryHeadings(page);
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
    putHeadingsBack();
  });
})();
