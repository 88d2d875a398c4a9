// Charts: the script that draws them, and the component they stand in. No part of Dash, so that they can be drawn before it.
(function () {
  "use strict";
  // A box that is pulled wider is drawn anew when it has rested this long, ms.
  const REST = 60;
  // How long a chart waits for its shapes before others are drawn, ms.
  const MOMENT = 50;
  // Charts that stand, by id.
  const standing = new Map();
  // Charts put on the page and not drawn yet, in reading order.
  const waiting = [];
  // Who wants to know when all of them are.
  const quiet = [];
  let isDrawing = false;
  // Shapes asked for and not there yet, by address.
  const coming = new Map();

  const keyOf = (window.gdKey = (id) => (typeof id === "string" ? id : JSON.stringify(id, Object.keys(id).sort())));
  const isSame = (drawn, box) => Math.abs(drawn - box) < 1;

  // The script that draws comes beside the others. Never refused: a page without charts is better than none.
  window.gdCharts = new Promise((done) => {
    const script = document.getElementById("gd-charts");
    if (window.Plotly) {
      done();
    } else {
      script.addEventListener("load", done);
      script.addEventListener("error", done);
    }
  });

  // Shapes that a map needs and that are still coming. Plotly takes them from where they are put; asked for by itself, it
  // would draw the map without them first.
  function shapesOf(figure) {
    const there = window.PlotlyGeoAssets;
    const addresses = figure.data.map((trace) => trace.geojson).filter((address) => typeof address === "string" && !there[address]);
    for (const address of addresses) {
      if (!coming.has(address)) {
        const shapes = window.fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
        const put = (found) => {
          there[address] = there[address] || found;
        };
        coming.set(address, shapes.then(put, () => undefined).finally(() => coming.delete(address)));
      }
    }
    return addresses.map((address) => coming.get(address));
  }

  // One chart: its element, and what is drawn in it.
  class Plot {
    constructor(id) {
      this.id = id;
      this.element = document.createElement("div");
      this.element.className = "gd-plot";
      this.figure = null;
      this.isDrawn = false;
      this.hasMoved = false;
      this.hasWaited = false;
    }

    get place() {
      return this.element.parentElement;
    }

    // Draws the figure: at once where one stands already, in its turn where none does.
    show(figure, config) {
      if (figure === this.figure) {
        return;
      }
      const isKnown = this.hasMoved && JSON.stringify(this.figure) === JSON.stringify(figure);
      this.hasMoved = false;
      this.figure = figure;
      this.config = config || this.config;
      if (isKnown) {
        return;
      }
      const missing = shapesOf(figure);
      if (!this.isDrawn) {
        drawLater(this);
      } else if (missing.length) {
        Promise.all(missing).then(() => figure === this.figure && this.place && this.draw());
      } else {
        this.draw();
      }
    }

    draw() {
      // Plotly writes into what it is given; sizes are the box's.
      const layout = Object.assign(structuredClone(this.figure.layout), { autosize: true });
      delete layout.width;
      delete layout.height;
      const data = this.figure.data.map((trace) => Object.assign({}, trace));
      const done = window.Plotly.react(this.element, data, layout, this.config);
      if (!this.isDrawn) {
        this.isDrawn = true;
        this.element.on("plotly_click", (event) => this.follow(event));
      }
      return done;
    }

    // A click on a mark is followed where the mark says what it leads to.
    follow(event) {
      const point = event.points && event.points[0];
      const meta = point && this.figure.data[point.curveNumber].meta;
      if (meta && meta.click && meta.groups) {
        const group = meta.groups[point.pointNumber === undefined ? point.pointIndex : point.pointNumber];
        if (group !== undefined && group !== null) {
          window.gdFollow(meta.click, group);
        }
      }
    }

    fit() {
      const size = this.isDrawn && this.element._fullLayout;
      if (size && this.element.clientWidth && !(isSame(size.width, this.element.clientWidth) && isSame(size.height, this.element.clientHeight))) {
        window.Plotly.Plots.resize(this.element);
      }
    }

    leave() {
      this.element.remove();
      if (this.isDrawn) {
        window.Plotly.purge(this.element);
      }
      this.isDrawn = false;
      if (standing.get(keyOf(this.id)) === this) {
        standing.delete(keyOf(this.id));
      }
    }
  }

  // Whether they are there, or come in a moment.
  function haveCome(shapes) {
    return shapes.length === 0 || Promise.race([Promise.all(shapes).then(() => true), new Promise((done) => window.setTimeout(done, MOMENT, false))]);
  }

  function drawLater(plot) {
    if (!waiting.includes(plot)) {
      waiting.push(plot);
      drawWaiting();
    }
  }

  const isSeen = (plot) => plot.element.getBoundingClientRect().top < window.innerHeight;

  // In reading order, each that is seen painted before the next is drawn.
  async function drawWaiting() {
    if (isDrawing) {
      return;
    }
    isDrawing = true;
    await window.gdCharts;
    while (waiting.length) {
      const plot = waiting.shift();
      if (!plot.hasWaited && !(await haveCome(shapesOf(plot.figure)))) {
        // The others first. What does not come is plotly's to say.
        plot.hasWaited = true;
        Promise.all(shapesOf(plot.figure)).then(() => drawLater(plot));
      } else if (plot.place && window.Plotly) {
        try {
          plot.draw();
        } catch (error) {
          // One that cannot be drawn keeps no other from it.
          window.reportError(error);
        }
        if (isSeen(plot)) {
          await new Promise((next) => window.setTimeout(next, 0));
        }
      }
    }
    isDrawing = false;
    quiet.splice(0).forEach((tell) => tell());
  }

  const resting = new Map();
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      window.clearTimeout(resting.get(target));
      resting.set(
        target,
        window.setTimeout(() => {
          resting.delete(target);
          standing.forEach((plot) => plot.place === target && plot.fit());
        }, REST)
      );
    }
  });

  function Chart(props) {
    const React = window.React;
    const place = React.useRef(null);
    const key = keyOf(props.id);
    React.useLayoutEffect(() => {
      const early = standing.get(key);
      const plot = early && window.gdFirst.holds(early.element) ? early : new Plot(props.id);
      // Drawn before Dash was there: it moves in as it is.
      plot.hasMoved = plot === early;
      const box = place.current;
      box.appendChild(plot.element);
      standing.set(key, plot);
      sizes.observe(box);
      return () => {
        sizes.unobserve(box);
        if (plot.place === box) {
          plot.leave();
        }
      };
    }, [key]);
    React.useLayoutEffect(() => standing.get(key).show(props.figure, props.config), [key, props.figure]);
    return React.createElement("div", { id: key, className: props.className, ref: place });
  }

  window.gd_still = { Chart: Chart };
  window.gdChart = {
    // Give a chart that stands on the page another figure; false if there is none.
    set: function (id, figure) {
      const plot = standing.get(keyOf(id));
      if (plot) {
        plot.show(figure);
      }
      return Boolean(plot);
    },
    // Ask for the shapes of the charts in trees that are about to be put on the page.
    ahead: function ahead(node) {
      if (Array.isArray(node)) {
        node.forEach(ahead);
      } else if (node && node.props) {
        ahead(node.props.children);
        ahead(node.props.tree);
        if (node.props.figure) {
          shapesOf(node.props.figure);
        }
      }
    },
    // When every chart that has been put on the page is drawn.
    drawn: () => new Promise((done) => window.setTimeout(() => (isDrawing ? quiet.push(done) : done()), 0)),
    // Give every chart of a card its figure in another theme.
    recolour: function (recoloured) {
      standing.forEach((plot) => {
        if (plot.id.type === "figure") {
          plot.show(recoloured(plot.figure));
        }
      });
    },
  };
})();
