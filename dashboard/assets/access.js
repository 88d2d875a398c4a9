// What every request of the page says of itself: whether a person is there, and the token that Dash sends along.
(function () {
  "use strict";
  // A request within this time of a touch is a person's; what pages ask by themselves later keeps no session alive.
  const PERSON_MS = 60000;
  let touched = 0;
  ["pointerdown", "keydown", "wheel", "touchstart"].forEach((name) =>
    window.addEventListener(
      name,
      (event) => {
        if (event.isTrusted) {
          touched = Date.now();
        }
      },
      { capture: true, passive: true },
    ),
  );

  function token() {
    const found = /(?:^|;\s*)_csrf_token=([^;]*)/.exec(document.cookie);
    return found ? decodeURIComponent(found[1]) : "";
  }

  function toLogin() {
    const here = window.location.pathname + window.location.search;
    window.location.assign("/login?next=" + encodeURIComponent(here));
  }

  window.gdAccess = {
    // Headers for a request the page makes itself.
    headers: function () {
      const found = { "X-CSRFToken": token() };
      if (Date.now() - touched < PERSON_MS) {
        found["X-Person"] = "1";
      }
      return found;
    },
    toLogin: toLogin,
  };

  const plain = window.fetch.bind(window);

  function send(resource, options) {
    const headers = new Headers((options && options.headers) || {});
    Object.entries(window.gdAccess.headers()).forEach(([name, value]) => headers.set(name, value));
    return plain(resource, Object.assign({}, options, { headers: headers }));
  }

  window.fetch = function (resource, options) {
    if (typeof resource !== "string" || new URL(resource, window.location.href).origin !== window.location.origin) {
      return plain(resource, options);
    }
    return send(resource, options).then((answer) => {
      if (answer.status === 401 && answer.headers.has("X-Login")) {
        toLogin();
      }
      // The server was started anew with another key: its answer brought the new token.
      return answer.status === 400 && answer.headers.has("X-Retry") ? send(resource, options) : answer;
    });
  };
})();
