// The large screen: it fits a fixed canvas to whatever wall it hangs on, rotates its scenes, and asks the server every
// few seconds whether anything changed. Nothing is built while it rotates: all scenes stand, one of them is seen.
(function () {
  "use strict";
  const WIDTH = 1920;
  const HEIGHT = 1080;
  // Between two scenes side by side on a very wide wall.
  const GAP = 96;
  const MOST_SIDE_BY_SIDE = 3;
  const ASK_TIMEOUT = 8000;
  const DRAW_TIMEOUT = 180000;
  // A release is rolled out worker by worker: only a build that keeps answering is worth a reload.
  const SURE_OF_BUILD = 3;
  // Questions until scenes with a failed card are asked for again.
  const AGAIN_AFTER = 60;
  const CURSOR_REST = 4000;
  const RELOADED = "gd-wall-reloaded";
  const flags = () => new URLSearchParams(window.location.search);
  const byId = (id) => document.getElementById(id);
  const keyOf = (id) => (typeof id === "string" ? id : JSON.stringify([id.type, id.name]));
  let wall = null;

  function read(name) {
    try {
      return window.sessionStorage.getItem(name);
    } catch (error) {
      return null;
    }
  }

  function write(name, value) {
    try {
      window.sessionStorage.setItem(name, value);
    } catch (error) {
      // Storage can be switched off; a reload more, then.
    }
  }

  // Reload for `reason` unless that was the reason of the last reload.
  function reloadOnce(reason) {
    if (read(RELOADED) !== reason) {
      write(RELOADED, reason);
      window.location.reload();
    }
  }

  function say(element, text) {
    if (element && element.textContent !== text) {
      element.textContent = text;
    }
  }

  async function ask(path, timeout) {
    const stop = new AbortController();
    const timer = window.setTimeout(() => stop.abort(), timeout);
    try {
      const answer = await window.fetch(path, { signal: stop.signal, cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403 || answer.redirected) {
        // No longer logged in: the server knows where to send whoever asks for the page.
        reloadOnce("login");
      }
      if (!answer.ok || answer.redirected) {
        throw new Error(`${path} ${answer.status}`);
      }
      return await answer.json();
    } finally {
      window.clearTimeout(timer);
    }
  }

  // Every component of a tree that carries a digest, by its id.
  function digested(node, found) {
    if (Array.isArray(node)) {
      node.forEach((each) => digested(each, found));
    } else if (node && node.props) {
      if (node.props["data-digest"]) {
        found.set(keyOf(node.props.id), node);
      } else {
        digested(node.props.children, found);
      }
    }
    return found;
  }

  function chartIn(children) {
    const parts = children && children.type === "Figure" ? children.props.children : [];
    return Array.isArray(parts) ? parts.find((part) => part && part.type === "Chart") : undefined;
  }

  class Wall {
    constructor(root) {
      this.root = root;
      this.canvas = byId("screen-canvas");
      this.lang = root.dataset.lang;
      this.at = 0;
      this.turns = 0;
      this.elapsed = 0;
      this.revision = null;
      this.shown = new Map();
      this.misses = 0;
      this.strange = { build: "", times: 0 };
      this.asked = 0;
      this.failedAt = null;
      this.beat = performance.now();
      const asked = flags();
      const rotate = Number(asked.get("rotate"));
      this.period = asked.has("rotate") && Number.isFinite(rotate) && rotate >= 0 ? rotate : Number(root.dataset.rotate);
      this.isPaused = asked.get("paused") === "1";
      this.first = asked.get("scene");
      const zone = { timeZone: "Asia/Shanghai" };
      const locale = this.lang === "zh" ? "zh-CN" : "en-GB";
      this.clock = new Intl.DateTimeFormat(locale, { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      this.day = new Intl.DateTimeFormat(locale, { ...zone, month: "long", day: "numeric", weekday: "short" });
      say(byId("screen-period"), `${this.period} s`);
      this.fit();
      this.mark();
      this.tick();
      this.keepAwake();
      this.poll();
      if (this.period === 0) {
        this.race();
      }
    }

    get isAlive() {
      return this.root.isConnected;
    }

    // ---- canvas ----

    fit() {
      const width = window.innerWidth;
      const height = window.innerHeight;
      const room = Math.floor((width / height) * (HEIGHT / WIDTH) + 0.02);
      this.side = Math.max(1, Math.min(room, MOST_SIDE_BY_SIDE, this.scenes().length || 1));
      const wide = this.side * WIDTH + (this.side - 1) * GAP;
      const scale = Math.min(width / wide, height / HEIGHT);
      this.canvas.style.width = `${wide}px`;
      this.canvas.style.transform =
        `translate(${(width - wide * scale) / 2}px, ${(height - HEIGHT * scale) / 2}px) scale(${scale})`;
      this.canvas.dataset.side = this.side;
      this.place();
    }

    // ---- scenes ----

    scenes() {
      return [...document.querySelectorAll("#screen-scenes > .gd-scene")];
    }

    place() {
      const scenes = this.scenes();
      const count = scenes.length;
      scenes.forEach((scene, index) => {
        const slot = (index - this.at + count) % count;
        const isOn = slot < this.side;
        scene.toggleAttribute("data-on", isOn);
        scene.setAttribute("aria-hidden", String(!isOn));
        if (isOn) {
          scene.style.setProperty("--gd-slot", slot);
        }
      });
      document.querySelectorAll("#screen-tabs > .gd-wall-tab").forEach((tab, index) => {
        const isOn = count > 0 && (index - this.at + count) % count < this.side;
        tab.toggleAttribute("data-on", isOn);
        tab.setAttribute("aria-current", String(isOn));
        tab.style.setProperty("--gd-done", isOn ? this.done() : 0);
      });
    }

    done() {
      return this.period > 0 ? Math.min(1, this.elapsed / this.period) : 1;
    }

    go(index) {
      const count = this.scenes().length;
      if (count) {
        this.at = ((index % count) + count) % count;
        this.elapsed = 0;
        this.turns += 1;
        this.root.dataset.turns = this.turns;
        this.place();
      }
    }

    step(by) {
      this.go(this.at + by * this.side);
      this.remember();
    }

    jump(index) {
      if (index < this.scenes().length) {
        this.go(index);
        this.remember();
      }
    }

    pause() {
      this.isPaused = !this.isPaused;
      this.mark();
      this.remember();
    }

    mark() {
      this.root.toggleAttribute("data-paused", this.isPaused);
      this.root.toggleAttribute("data-fast", this.period === 0);
    }

    // A screen that stands still says so in its address: a reload finds it as it was.
    remember() {
      const asked = flags();
      const scene = this.scenes()[this.at];
      if (this.isPaused && scene) {
        asked.set("scene", scene.dataset.scene);
        asked.set("paused", "1");
      } else {
        asked.delete("scene");
        asked.delete("paused");
      }
      const text = asked.toString();
      window.history.replaceState(window.history.state, "", window.location.pathname + (text ? `?${text}` : ""));
    }

    begin() {
      const scenes = this.scenes();
      const named = scenes.findIndex((scene) => scene.dataset.scene === this.first);
      const numbered = /^\d+$/.test(this.first || "") ? Number(this.first) - 1 : -1;
      this.at = named >= 0 ? named : scenes[numbered] ? numbered : 0;
      this.fit();
    }

    // ---- time ----

    tick() {
      if (!this.isAlive) {
        return;
      }
      const now = performance.now();
      const passed = (now - this.beat) / 1000;
      this.beat = now;
      const time = new Date();
      say(byId("screen-clock"), this.clock.format(time));
      say(byId("screen-day"), this.day.format(time));
      if (!this.isPaused && this.period > 0 && this.scenes().length) {
        this.elapsed += passed;
        if (this.elapsed >= this.period) {
          this.go(this.at + this.side);
        } else {
          document.querySelectorAll("#screen-tabs > .gd-wall-tab[data-on]").forEach((tab) => {
            tab.style.setProperty("--gd-done", this.done());
          });
        }
      }
      window.setTimeout(() => this.tick(), 1000);
    }

    // `rotate=0`: as fast as the browser can draw, for endurance tests.
    race() {
      if (this.isAlive) {
        if (!this.isPaused && this.scenes().length) {
          this.go(this.at + this.side);
        }
        window.requestAnimationFrame(() => this.race());
      }
    }

    async keepAwake() {
      try {
        await navigator.wakeLock.request("screen");
      } catch (error) {
        // Only over https or on the machine itself; elsewhere the system's settings must keep the screen on.
      }
    }

    // ---- data ----

    async poll() {
      if (!this.isAlive) {
        return;
      }
      let wait = Number(this.root.dataset.poll) * 1000;
      try {
        const pulse = await ask(`/screen/pulse?lang=${this.lang}`, ASK_TIMEOUT);
        this.found();
        this.tell("screen-stale", pulse.stale);
        this.asked += 1;
        const isDue = this.failedAt !== null && this.asked - this.failedAt >= AGAIN_AFTER;
        if (pulse.revision !== this.revision || isDue) {
          this.fill(await ask(`/screen/scenes?lang=${this.lang}`, DRAW_TIMEOUT));
        }
        this.compare(pulse.build);
      } catch (error) {
        this.miss();
        wait = Math.min(wait, 3000);
      }
      window.setTimeout(() => this.poll(), wait);
    }

    miss() {
      this.misses += 1;
      if (this.misses === 2) {
        say(byId("screen-lost-since"), this.clock.format(new Date()));
        byId("screen-lost").hidden = false;
      }
    }

    found() {
      this.misses = 0;
      byId("screen-lost").hidden = true;
      write(RELOADED, read(RELOADED) === "login" ? "" : read(RELOADED) || "");
    }

    tell(id, text) {
      const element = byId(id);
      say(element, text);
      element.hidden = !text;
    }

    compare(build) {
      if (build === this.root.dataset.build) {
        this.strange.times = 0;
        return;
      }
      this.strange = { build: build, times: this.strange.build === build ? this.strange.times + 1 : 1 };
      if (this.strange.times >= SURE_OF_BUILD) {
        reloadOnce(build);
      }
    }

    fill(document_) {
      const set = window.dash_clientside.set_props;
      const found = digested(document_.scenes, new Map());
      const isSame = found.size === this.structure && [...found.keys()].every((key) => this.shown.has(key));
      document_.parts.forEach((part) => {
        if (this.shown.get(part.id) !== part.digest) {
          this.shown.set(part.id, part.digest);
          set(part.id, { children: part.children });
        }
      });
      if (isSame) {
        found.forEach((node, key) => {
          if (this.shown.get(key) !== node.props["data-digest"]) {
            this.replace(node);
          }
        });
      } else {
        set("screen-scenes", { children: document_.scenes });
      }
      this.structure = found.size;
      found.forEach((node, key) => this.shown.set(key, node.props["data-digest"]));
      this.revision = document_.revision;
      this.failedAt = document_.failed ? this.asked : null;
      this.root.dataset.revision = this.revision;
      this.root.dataset.fills = Number(this.root.dataset.fills || 0) + 1;
      // React puts the new elements in place after this.
      window.setTimeout(() => (isSame ? this.place() : this.begin()), 0);
    }

    // A chart stays and gets its new figure; anything else is small and replaced.
    replace(node) {
      const set = window.dash_clientside.set_props;
      const chart = chartIn(node.props.children);
      if (!(chart && window.gdChart.set(chart.props.id, chart.props.figure))) {
        set(node.props.id, { children: node.props.children });
      }
    }
  }

  function toggleHelp(isWanted) {
    const help = byId("screen-help");
    help.hidden = isWanted === undefined ? !help.hidden : !isWanted;
  }

  function toggleFullscreen() {
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else {
      document.documentElement.requestFullscreen().catch(() => {});
    }
  }

  function pressed(event) {
    if (!wall || !wall.isAlive || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const act = {
      " ": () => wall.pause(),
      ArrowLeft: () => wall.step(-1),
      ArrowRight: () => wall.step(1),
      PageUp: () => wall.step(-1),
      PageDown: () => wall.step(1),
      Home: () => wall.jump(0),
      f: toggleFullscreen,
      F: toggleFullscreen,
      "?": () => toggleHelp(),
      Escape: () => toggleHelp(false),
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (/^[1-9]$/.test(event.key)) {
      wall.jump(Number(event.key) - 1);
    }
  }

  function clicked(event) {
    if (!wall || !wall.isAlive) {
      return;
    }
    const tab = event.target.closest("[data-jump]");
    if (tab) {
      wall.jump(Number(tab.dataset.jump));
    } else if (event.target.closest("#screen-hint")) {
      toggleHelp();
    } else if (!event.target.closest("#screen-help")) {
      toggleHelp(false);
    }
  }

  let resting = 0;
  function moved() {
    if (wall) {
      wall.root.removeAttribute("data-resting");
      window.clearTimeout(resting);
      resting = window.setTimeout(() => wall.root.setAttribute("data-resting", ""), CURSOR_REST);
    }
  }

  // The page came without the screen (the store was out of reach, say): try again until it does.
  function watchOver() {
    if (window.location.pathname !== "/screen" || (wall && wall.isAlive)) {
      return;
    }
    window.setTimeout(async () => {
      if (!(wall && wall.isAlive) && !document.getElementById("screen")) {
        try {
          await ask("/screen/pulse", ASK_TIMEOUT);
          window.location.reload();
          return;
        } catch (error) {
          // Not yet.
        }
      }
      watchOver();
    }, 15000);
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    gd_wall: {
      start: function () {
        const root = byId("screen");
        if (root && !(wall && wall.root === root)) {
          wall = new Wall(root);
          moved();
        }
        return "1";
      },
    },
  });
  window.addEventListener("resize", () => wall && wall.isAlive && wall.fit());
  window.addEventListener("keydown", pressed);
  window.addEventListener("click", clicked);
  window.addEventListener("mousemove", moved);
  watchOver();
})();
