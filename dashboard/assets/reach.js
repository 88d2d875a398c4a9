// What the keyboard reaches, and where it is afterwards.
(function () {
  "use strict";
  let waiting = false;
  // The button of the menu that opened the panel, and whether the panel is there.
  let opener = null;
  let isOpen = false;

  // Dash's dropdown hides an input from screen readers and leaves it in the order of the Tab key, where it says nothing.
  // Its button is the control; the input only passes a click on the label on, which it does without being a stop.
  function leaveOrder() {
    document.querySelectorAll('.dash-dropdown-focus-target[tabindex="0"]').forEach((input) => input.setAttribute("tabindex", "-1"));
  }

  // Bootstrap names its crosses in English, whatever the page is written in.
  function nameCrosses() {
    const said = document.documentElement.dataset.close;
    document.querySelectorAll(".btn-close").forEach((cross) => {
      if (said && cross.getAttribute("aria-label") !== said) {
        cross.setAttribute("aria-label", said);
      }
    });
  }

  // The panel gives the focus back to the entry that opened it, which is hidden by then: its menu takes it.
  function comeBack() {
    const was = isOpen;
    isOpen = Boolean(document.querySelector(".gd-panel"));
    if (was && !isOpen && opener && opener.isConnected) {
      opener.focus();
    }
  }

  new MutationObserver(() => {
    if (!waiting) {
      waiting = true;
      window.requestAnimationFrame(() => {
        waiting = false;
        leaveOrder();
        nameCrosses();
        comeBack();
      });
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("click", (event) => {
    const menu = event.target instanceof Element && event.target.closest(".gd-menu");
    if (menu && event.target.closest(".gd-menu-item")) {
      opener = menu.querySelector(".gd-menu-toggle");
    }
  });

  // A table moves by cells, and its links are no stops of their own: Enter on a cell is a click on it.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof Element && event.target.matches(".gd-grid .ag-cell")) {
      event.target.click();
    }
  });
})();
