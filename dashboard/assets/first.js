// The first page of a visit is drawn before Dash begins: Dash takes as long to begin as three charts do to be drawn. What
// stands here looks like the page that Dash will put in its place, and its charts move over there as they are.
(function () {
  "use strict";
  // What Dash's own scripts wait for at most, ms.
  const PATIENCE = 1500;
  // How long a page may take without outlines of it being drawn first, ms.
  const SOON = 120;
  const SCRIPTS = 'script[type="application/x-later"]';
  const LINKS = 'link[rel="x-later"]';
  const entry = document.getElementById("react-entry-point");
  const stage = document.getElementById("gd-first");
  // The large screen shows nothing before it has everything.
  const isPage = !/^\/screen\/?$/.test(window.location.pathname);
  const root = isPage ? window.ReactDOM.createRoot(stage) : null;
  let isOver = !isPage;
  let isClosed = !isPage;
  let tellOver = null;
  const over = isPage ? new Promise((done) => (tellOver = done)) : Promise.resolve();

  // What of a tree can be drawn without Dash: elements and what stands for itself.
  function plain(node) {
    if (Array.isArray(node)) {
      return node.map(plain);
    }
    if (!node || !node.props) {
      return node;
    }
    if (node.namespace === "gd_still" || node.type === "Link") {
      return node;
    }
    if (node.namespace !== "dash_html_components") {
      return null;
    }
    return Object.assign({}, node, { props: Object.assign({}, node.props, { children: plain(node.props.children) }) });
  }

  // The frame with the page in it, its cards in their places.
  function withPage(frame, lines) {
    const whole = Object.fromEntries(lines.slice(1).map((line) => [line.card.replace(".", "-"), line.whole]));
    const put = (node) => {
      if (Array.isArray(node)) {
        return node.map(put);
      }
      if (!node || !node.props || node.namespace === "gd_still") {
        return node;
      }
      const id = node.props.id;
      const children = id === "page" ? put(lines[0].page) : (id && id.type === "slot" && whole[id.name]) || put(node.props.children);
      return Object.assign({}, node, { props: Object.assign({}, node.props, { children: children }) });
    };
    return put(frame);
  }

  function show(tree) {
    if (!isClosed) {
      const page = window.React.createElement(window.gd_still.Still, { tree: plain(tree) });
      // At once: what is drawn later than Dash's page would stand in its way.
      window.ReactDOM.flushSync(() => root.render(page));
      window.gdFold(stage);
    }
  }

  async function draw() {
    const early = window.gdEarly[0];
    // Read once, for this page and for Dash's.
    early.text = early.answer.then((answer) => answer.text());
    const frame = await (await window.fetch("/_dash-layout")).json();
    const hasCome = await Promise.race([early.text.then(() => true), new Promise((done) => window.setTimeout(done, SOON))]);
    if (!hasCome) {
      show(frame);
    }
    const answer = await early.answer;
    if (answer.ok && !answer.redirected) {
      const lines = (await early.text).trim().split("\n").map((line) => JSON.parse(line));
      window.gdChart.ahead(lines.map((line) => line.whole));
      show(withPage(frame, lines));
      await window.gdChart.drawn();
      // Seen before Dash takes the time to begin.
      await new Promise((painted) => window.requestAnimationFrame(() => window.setTimeout(painted, 0)));
    }
  }

  // One of Dash's scripts, once it has run.
  function revived(held) {
    return new Promise((done) => {
      const script = document.createElement("script");
      script.id = held.id;
      if (held.src) {
        script.src = held.src;
        script.onload = script.onerror = done;
      } else {
        script.text = held.text;
        done();
      }
      held.replaceWith(script);
    });
  }

  // What Dash will need comes while charts are drawn. Not as scripts: reading those would take the charts' time.
  function fetchAhead() {
    document.querySelectorAll(LINKS).forEach((link) => window.fetch(link.href, { priority: "low" }).catch(() => undefined));
  }

  async function begin() {
    for (const held of document.querySelectorAll(SCRIPTS)) {
      await revived(held);
    }
  }

  // The element of Dash's page that stands for one of the first page.
  function twin(element) {
    const href = element.getAttribute("href");
    return element.id ? document.getElementById(element.id) : href && entry.querySelector(`a[href="${window.CSS.escape(href)}"]`);
  }

  // A click on the frame that Dash would have heard of reaches it later; what a page asks for, its fields must be there for.
  stage.addEventListener("click", (event) => {
    const control = event.target.closest("button[id], summary[id]");
    if (control && !control.closest("#page")) {
      over.then(() => twin(control) && twin(control).click());
    }
  });

  // Properties of a component of Dash, set as soon as there is one.
  window.gdSet = (id, properties) => over.then(() => window.dash_clientside.set_props(id, properties));

  window.gdFirst = {
    over: over,
    // Whether an element stands in the first page; then that page is over.
    holds: function (element) {
      const isHere = stage.contains(element);
      if (isHere) {
        window.gdFirst.end();
      }
      return isHere;
    },
    // Dash is about to draw its page: nothing more is drawn here.
    close: function () {
      isClosed = true;
    },
    // Dash's page is there.
    end: function () {
      if (!isOver) {
        isOver = isClosed = true;
        const focused = stage.contains(document.activeElement) && document.activeElement;
        entry.hidden = false;
        stage.remove();
        const again = focused && twin(focused);
        if (again) {
          again.focus({ preventScroll: true });
        }
        // Not while another page is being put in place.
        window.setTimeout(() => {
          root.unmount();
          tellOver();
        }, 0);
      }
    },
  };

  entry.hidden = isPage;
  if (isPage) {
    window.gdCharts.then(fetchAhead);
    Promise.race([draw().catch(() => undefined), new Promise((late) => window.setTimeout(late, PATIENCE))]).then(begin);
  } else {
    begin();
  }
})();
