// Pages and cards: what of a page is seen comes first, the rest when the browser has nothing else to do.
(function () {
  "use strict";
  const NONE = () => window.dash_clientside.no_update;
  // Charts drawn between two breaths; more would make the page stutter.
  const AT_ONCE = 2;
  // How long what stands around a page waits for its charts, ms.
  const PATIENCE = 2000;
  // How long it waits for charts that are not seen yet, ms.
  const LATE = 300;
  // Counts the views shown: what was asked for an earlier one is thrown away.
  let current = 0;
  // Cards that have arrived and are not in their place yet.
  const arrived = {};
  // The controls of the filters, which come after the first charts.
  let controls = null;
  // What the browser has of what stands around pages, as the server calls it.
  let have = "";
  // What of the filters' controls is set again only when it differs: they take long.
  const SLOW = ["options", "disabled", "placeholder", "labels"];
  const given = {};
  let hasControls = false;
  // The view about which something had to be said: what stands around it leaves that alone.
  let told = 0;
  // What was asked for ahead and not taken for so long is asked for again, ms.
  const FRESH = 5000;

  const dotless = (name) => name.replace(".", "-");
  const frame = () => new Promise((done) => window.requestAnimationFrame(done));
  const idle = () =>
    new Promise((done) => (window.requestIdleCallback ? window.requestIdleCallback(done, { timeout: 500 }) : window.setTimeout(done, 30)));

  const tell = (window.gdTell = function (text) {
    told = current;
    window.gdSet("notices", {
      children: {
        namespace: "dash_html_components",
        type: "Div",
        props: { children: text, className: "alert gd-notice gd-notice-alert", role: "alert" },
      },
    });
  });

  // The lines of an answer; null when there is none, which the page then says if it is still wanted.
  async function lines(path, message, more, mine) {
    const url = window.gdAddress(path, message, more);
    const early = window.gdEarly.find((each) => each.url === url && !(performance.now() - each.at > FRESH)) || {};
    window.gdEarly = window.gdEarly.filter((each) => each.url !== url);
    const say = (text) => mine === current && tell(text);
    try {
      const answer = await (early.answer || window.fetch(url));
      if (answer.status === 401 || answer.redirected) {
        // Nobody is logged in any more.
        window.location.reload();
        return null;
      }
      const text = await (early.text || answer.text());
      if (!answer.ok) {
        say(text);
        return null;
      }
      return text.trim().split("\n").map((line) => JSON.parse(line));
    } catch (error) {
      say(document.getElementById("gd-palettes").dataset.failing);
      return null;
    }
  }

  // Every component below one, itself included.
  function* within(component) {
    if (Array.isArray(component)) {
      for (const part of component) {
        yield* within(part);
      }
    } else if (component && component.props) {
      yield component;
      yield* within(component.props.children);
      yield* within(component.props.tree);
    }
  }

  // Asks for the cards of `names`; whether they came while they are still wanted.
  async function fetched(names, mine, message) {
    const found = names.length ? await lines("/drawn/cards", message, { whole: 1, cards: names.join() }, mine) : null;
    if (!found || mine !== current) {
      return false;
    }
    for (const line of found) {
      arrived[line.card] = line.whole;
    }
    return true;
  }

  // Puts cards that have come into their places, a few at a time.
  async function place(names, mine) {
    for (let at = 0; at < names.length; at += AT_ONCE) {
      await idle();
      if (mine !== current) {
        return;
      }
      window.dash_clientside.set_props("arrived", { data: names.slice(at, at + AT_ONCE) });
    }
  }

  // After what is seen of a new page: the charts that scrolling brings next, what stands around the page, the rest.
  async function complete(page, charts, missing, mine, message) {
    const coming = fetched(missing, mine, message);
    await drawn(page, charts, mine);
    // Not for long: without them, too, one must be able to go elsewhere.
    const hasCome = await Promise.race([coming, new Promise((done) => window.setTimeout(done, LATE, false))]);
    if (hasCome && mine === current) {
      window.dash_clientside.set_props("arrived", { data: missing.slice(0, AT_ONCE) });
      await frame();
    }
    await surround(message, mine);
    if (await coming) {
      place(hasCome ? missing.slice(AT_ONCE) : missing, mine);
    }
  }

  // Until the page stands and its first charts are drawn.
  async function drawn(page, names, mine) {
    const isThere = () => {
      const stands = document.querySelector("#react-entry-point #page [data-page]");
      if (stands) {
        window.gdFirst.end();
      }
      return stands && stands.dataset.page === page && names.every((name) => document.querySelector(`[data-card="${name}"] .main-svg`));
    };
    const begun = performance.now();
    while (mine === current && !isThere() && performance.now() - begun < PATIENCE) {
      await frame();
    }
    window.gdFirst.end();
  }

  // What stands around the cards follows them: it takes the browser longer than a chart.
  async function surround(message, mine, around) {
    if (mine !== current) {
      return;
    }
    const changes = around || (await aroundOf(message, mine));
    if (mine !== current || !changes) {
      return;
    }
    if (!hasControls) {
      hasControls = true;
      window.dash_clientside.set_props("filters-row", { children: controls });
      await frame();
      if (mine !== current) {
        return;
      }
    }
    for (const [id, properties] of changes) {
      if (id === "shown") {
        have = properties.data.have;
      }
      if (id !== "notices" || told !== mine) {
        set(id, unlessGiven(id, properties));
      }
    }
  }

  async function aroundOf(message, mine) {
    const found = await lines("/drawn/cards", message, { cards: "", around: have }, mine);
    return found && found[0].around;
  }

  function unlessGiven(id, properties) {
    const before = (given[window.gdKey(id)] = given[window.gdKey(id)] || {});
    const isNew = ([name, value]) => {
      const text = SLOW.includes(name) && JSON.stringify(value);
      const isSame = text && before[name] === text;
      before[name] = text;
      return !isSame;
    };
    return Object.fromEntries(Object.entries(properties).filter(isNew));
  }

  function set(id, properties) {
    const isSet = ("tree" in properties && window.gdStill.set(id, properties.tree)) || ("figure" in properties && window.gdChart.set(id, properties.figure));
    if (!isSet) {
      window.dash_clientside.set_props(id, properties);
    }
  }

  // Ask for the cards anew and give each what has changed; what has come, or null when something else is wanted by now.
  async function change(asked, mine, message, breath) {
    const found = asked ? await lines("/drawn/cards", message, asked, mine) : [];
    for (const line of found || []) {
      await breath();
      if (mine !== current) {
        return null;
      }
      for (const [type, properties] of Object.entries(line.set || {})) {
        set({ type: type, name: dotless(line.card) }, properties);
      }
    }
    return mine === current ? found : null;
  }

  function isNear(card) {
    const box = card.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  }

  const standing = () => [...document.querySelectorAll("#page [data-card]:not([data-waits])")];

  const namesOf = (cards) => cards.map((card) => card.dataset.card).join();

  const asking = (cards) => (cards.length ? { cards: namesOf(cards) } : null);

  // What is seen is asked for in two parts, for two processes to draw: charts, and all else with what stands around.
  function parts(near) {
    const charts = near.filter((card) => card.classList.contains("gd-frame-figure"));
    const others = near.filter((card) => !charts.includes(card));
    return [asking(charts), { cards: namesOf(others), around: have }];
  }

  // The address has changed: what it will need is asked for while Dash still finds out which callbacks are to run.
  let pageOfNow = window.gdPageKey();
  let searchOfNow = window.location.search;
  function ahead() {
    const [page, search] = [window.gdPageKey(), window.location.search];
    const isSame = page === pageOfNow;
    const isNew = !isSame || search !== searchOfNow;
    [pageOfNow, searchOfNow] = [page, search];
    if (!isNew) {
      return;
    }
    const message = window.gdMessage();
    const address = (asked) => window.gdAddress("/drawn/cards", message, asked);
    const urls = isSame
      ? parts(standing().filter(isNear)).filter(Boolean).map(address)
      : [window.gdAddress("/drawn/page", message, { height: window.gdTall() }), address({ cards: "", around: have })];
    window.gdEarly = urls.map((url) => ({ url: url, at: performance.now(), answer: window.fetch(url) }));
    window.gdEarly.forEach((each) => each.answer.catch(() => undefined));
  }
  window.addEventListener("_dashprivate_pushstate", ahead);
  window.addEventListener("popstate", ahead);

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    gd_cards: {
      // An address → its page, with the cards that are seen at once.
      page: async function (message, filters) {
        controls = filters;
        if (!message) {
          return NONE();
        }
        const mine = ++current;
        const found = await lines("/drawn/page", message, { height: window.gdTall() }, mine);
        window.gdFirst.close();
        if (!found || mine !== current) {
          window.gdFirst.end();
          surround(message, mine);
          return NONE();
        }
        const [{ page }, ...cards] = found;
        const whole = Object.fromEntries(cards.map((line) => [dotless(line.card), line.whole]));
        const missing = [];
        for (const part of within(page)) {
          const id = part.props.id;
          if (id && id.type === "slot") {
            const card = whole[id.name];
            if (card) {
              part.props.children = card;
            } else {
              missing.push(id.name.replace("-", "."));
            }
          }
        }
        const charts = cards.filter((line) => [...within(line.whole)].some((part) => part.type === "Chart")).map((line) => line.card);
        complete(page.props["data-page"], charts, missing, mine, message);
        window.gdStands = window.gdPageKey(message);
        return page;
      },

      // Another view of the page that stands: what is seen changes first.
      redraw: async function (message) {
        if (!message) {
          return;
        }
        const mine = ++current;
        const missing = [...document.querySelectorAll("#page [data-waits]")].map((card) => card.dataset.card);
        const near = standing().filter(isNear);
        const far = standing().filter((card) => !near.includes(card));
        const [charts, others] = await Promise.all(parts(near).map((part) => change(part, mine, message, () => undefined)));
        await idle();
        if (mine === current) {
          // Whatever of it has come: what stands around must say where one is.
          surround(message, mine, others && others[others.length - 1].around);
          if (charts && others && (await change(asking(far), mine, message, idle)) && (await fetched(missing, mine, message))) {
            place(missing, mine);
          }
        }
      },

      // Cards that have arrived → their places.
      place: function (names) {
        const places = [window.dash_clientside.callback_context.outputs_list].flat(3);
        const cards = Object.fromEntries((names || []).map((name) => [dotless(name), name]));
        return places.map((output) => {
          const name = cards[output.id.name];
          const card = name && arrived[name];
          if (!card) {
            return NONE();
          }
          delete arrived[name];
          return card;
        });
      },
    },
  });
})();
