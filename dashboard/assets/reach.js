// Dash's dropdown hides an input from screen readers and leaves it in the order of the Tab key, where it says nothing.
// Its button is the control; the input only passes a click on the label on, which it does without being a stop.
(function () {
  "use strict";
  let waiting = false;

  function leaveOrder() {
    waiting = false;
    document.querySelectorAll('.dash-dropdown-focus-target[tabindex="0"]').forEach((input) => input.setAttribute("tabindex", "-1"));
  }

  new MutationObserver(() => {
    if (!waiting) {
      waiting = true;
      window.requestAnimationFrame(leaveOrder);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
