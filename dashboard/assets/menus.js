// The menus of cards: opened, walked through with the arrow keys, and what their entries do.
(function () {
  "use strict";
  let open = null;
  let asked = 0;

  function close(isBack) {
    if (!open) {
      return;
    }
    const toggle = open.querySelector(".gd-menu-toggle");
    open.classList.remove("gd-menu-open", "gd-menu-up");
    toggle.setAttribute("aria-expanded", "false");
    open = null;
    if (isBack) {
      toggle.focus();
    }
  }

  function items(menu) {
    return [...menu.querySelectorAll("[data-item]")].filter((item) => item.offsetParent);
  }

  function show(menu) {
    close(false);
    open = menu;
    menu.classList.add("gd-menu-open");
    menu.querySelector(".gd-menu-toggle").setAttribute("aria-expanded", "true");
    // No room below: above, then.
    const box = menu.querySelector(".gd-menu-list").getBoundingClientRect();
    menu.classList.toggle("gd-menu-up", box.bottom > window.innerHeight && box.top - box.height > 60);
  }

  // The first page of a visit makes room for Dash's: what was opened stays open.
  window.addEventListener("DOMContentLoaded", () =>
    window.gdFirst.over.then(() => {
      const again = open && !open.isConnected && document.querySelector(`.gd-menu[data-menu="${open.dataset.menu}"]`);
      if (again) {
        show(again);
      }
    })
  );

  function take(item) {
    const card = item.closest("[data-menu]").dataset.menu;
    const name = item.dataset.item;
    if (window.gdExport.is(name)) {
      window.gdExport.take(card, name);
    } else if (name === "briefing") {
      window.gdBasket.add(card);
    } else {
      asked += 1;
      const question = { card: card.replace(".", "-"), item: name, click: asked };
      window.gdSet("asked", { data: Object.assign(window.gdMessage(), question) });
    }
  }

  document.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target : null;
    const item = at && at.closest("[data-item]");
    const toggle = at && at.closest(".gd-menu-toggle");
    if (item) {
      close(true);
      take(item);
    } else if (toggle && toggle.parentElement !== open) {
      show(toggle.parentElement);
    } else {
      close(false);
    }
  });

  document.addEventListener("keydown", (event) => {
    const toggle = event.target instanceof Element && event.target.closest(".gd-menu-toggle");
    if (!open && toggle && event.key === "ArrowDown") {
      show(toggle.parentElement);
    }
    if (!open) {
      return;
    }
    const all = items(open);
    const at = all.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") {
      close(true);
    } else if (event.key === "Tab") {
      close(false);
    } else if (next !== undefined) {
      event.preventDefault();
      all.at(next % all.length).focus();
    }
  });
})();
