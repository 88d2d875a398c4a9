// The index with other weights, recomputed where the sliders are: the arithmetic of data/weights.py and, for ranges,
// a quick version of data/statistics/ranks.py. `window.gdRanking` is what the tests hold against both.
(function () {
  "use strict";
  const DRAWS = 200;
  const WEIGHT_NOISE = 0.25;
  const NORMALS = 4096;
  const FIELD = "-";
  const STEP = "_";
  const tables = new WeakMap();

  // -- the index ------------------------------------------------------------------------------------------------------

  // Round half to even, as the server does.
  function rounded(value, decimals) {
    const scale = Math.pow(10, decimals);
    const scaled = value * scale;
    const whole = Math.floor(scaled);
    const rest = scaled - whole;
    const up = rest > 0.5 || (rest === 0.5 && whole % 2 !== 0);
    return (up ? whole + 1 : whole) / scale;
  }

  // Typed copies of what the server sent, made once for each set of data.
  function prepared(data) {
    if (tables.has(data)) {
      return tables.get(data);
    }
    const units = data.units.length;
    const columns = data.indicators.length;
    const plain = new Float64Array(units * columns);
    const logs = new Float64Array(units * columns);
    const centres = new Float64Array(units * columns);
    const errors = new Float64Array(units * columns);
    const lift = (value, column) => {
      const scale = data.indicators[column];
      return scale.low >= data.floor ? value : data.floor + ((value - scale.low) / (scale.high - scale.low)) * (scale.high - data.floor);
    };
    for (let unit = 0; unit < units; unit += 1) {
      for (let column = 0; column < columns; column += 1) {
        const value = data.scores[unit][column];
        const at = unit * columns + column;
        plain[at] = value === null ? NaN : value;
        logs[at] = value === null ? NaN : Math.log(lift(value, column));
      }
    }
    for (const one of data.sampled) {
      for (let unit = 0; unit < units; unit += 1) {
        const at = unit * columns + one.column;
        // What nobody reported has no score, and so nothing to vary.
        const isKnown = one.error[unit] !== null && !Number.isNaN(plain[at]);
        centres[at] = isKnown ? one.centre[unit] : 0;
        errors[at] = isKnown ? one.error[unit] : 0;
      }
    }
    // Members before what they belong to; the root is the last place.
    const root = data.nodes.length;
    const depth = data.nodes.map((node) => {
      let steps = 0;
      for (let at = node.parent; at !== -1; at = data.nodes[at].parent) {
        steps += 1;
      }
      return steps;
    });
    const aggregates = new Set(data.nodes.map((node) => node.parent).filter((parent) => parent !== -1));
    const inner = [...aggregates].sort((one, other) => depth[other] - depth[one]);
    const table = {
      units, columns, plain, logs, centres, errors, root, inner, lift,
      parents: data.nodes.map((node) => (node.parent === -1 ? root : node.parent)),
      top: new Float64Array(root + 1),
      bottom: new Float64Array(root + 1),
      ranked: data.ranked.map((is, unit) => (is ? unit : -1)).filter((unit) => unit >= 0),
    };
    tables.set(data, table);
    return table;
  }

  // Weighted mean up the hierarchy of one unit's cells. In the log domain this is the log of the geometric mean.
  function folded(table, data, weights, cell) {
    const { top, bottom, parents, inner, root } = table;
    top.fill(0);
    bottom.fill(0);
    const add = (node, value) => {
      if (!Number.isNaN(value)) {
        top[parents[node]] += weights[node] * value;
        bottom[parents[node]] += weights[node];
      }
    };
    for (let column = 0; column < table.columns; column += 1) {
      add(data.indicators[column].node, cell(column));
    }
    for (const node of inner) {
      add(node, top[node] / bottom[node]);
    }
    return top[root] / bottom[root];
  }

  // Rank 1 is best, ties share the better rank; units that may not be ranked get none.
  function ranks(table, scores, decimals) {
    const sorted = Float64Array.from(table.ranked, (unit) => rounded(scores[unit], decimals)).filter((score) => !Number.isNaN(score)).sort();
    const found = new Array(table.units).fill(null);
    for (const unit of table.ranked) {
      if (!Number.isNaN(scores[unit])) {
        found[unit] = sorted.length - above(sorted, rounded(scores[unit], decimals)) + 1;
      }
    }
    return found;
  }

  // How many of the ascending values are not greater than `value`.
  function above(sorted, value) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // Scores and ranks of every unit under `weights`, one weight a node in the order of `data.nodes`.
  function compute(data, weights) {
    const table = prepared(data);
    const arithmetic = new Float64Array(table.units);
    const geometric = new Float64Array(table.units);
    for (let unit = 0; unit < table.units; unit += 1) {
      const start = unit * table.columns;
      arithmetic[unit] = folded(table, data, weights, (column) => table.plain[start + column]);
      geometric[unit] = Math.exp(folded(table, data, weights, (column) => table.logs[start + column]));
    }
    return {
      arithmetic: arithmetic,
      geometric: geometric,
      rank: ranks(table, arithmetic, data.decimals),
      geometricRank: ranks(table, geometric, data.decimals),
    };
  }

  // -- how firm the ranks are -----------------------------------------------------------------------------------------

  // A small generator with a fixed seed: the same sliders give the same ranges.
  function stream(seed) {
    let state = seed >>> 0;
    return function () {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }

  const normals = (function () {
    const next = stream(20261031);
    return Float64Array.from({ length: NORMALS }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
  })();

  function quantile(sorted, share) {
    const at = share * (sorted.length - 1);
    const below = Math.floor(at);
    return sorted[below] + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
  }

  // P(top tenth) and the 5–95 % range of the rank: sampling error, weights ±25 % and both means varied together.
  function ranges(data, weights) {
    const table = prepared(data);
    const units = table.ranked;
    const next = stream(data.seed);
    const topCount = Math.ceil(data.topShare * units.length - 1e-9);
    const drawn = new Float64Array(units.length * DRAWS);
    const scores = new Float64Array(units.length);
    const noisy = new Float64Array(weights.length);
    for (let draw = 0; draw < DRAWS; draw += 1) {
      for (let node = 0; node < weights.length; node += 1) {
        noisy[node] = weights[node] * (1 + WEIGHT_NOISE * (2 * next() - 1));
      }
      const isLog = next() < 0.5;
      for (let place = 0; place < units.length; place += 1) {
        const start = units[place] * table.columns;
        let chance = Math.floor(next() * NORMALS);
        scores[place] = folded(table, data, noisy, (column) => {
          const error = table.errors[start + column];
          if (error === 0) {
            return isLog ? table.logs[start + column] : table.plain[start + column];
          }
          const scale = data.indicators[column];
          chance = (chance + 1) & (NORMALS - 1);
          const value = Math.min(scale.high, Math.max(scale.low, table.centres[start + column] + error * normals[chance]));
          return isLog ? Math.log(table.lift(value, column)) : value;
        });
      }
      const sorted = scores.slice().sort();
      for (let place = 0; place < units.length; place += 1) {
        drawn[place * DRAWS + draw] = sorted.length - above(sorted, scores[place]) + 1;
      }
    }
    const low = new Array(table.units).fill(null);
    const high = new Array(table.units).fill(null);
    const top = new Array(table.units).fill(null);
    units.forEach((unit, place) => {
      const mine = drawn.slice(place * DRAWS, (place + 1) * DRAWS).sort();
      low[unit] = quantile(mine, 0.05);
      high[unit] = quantile(mine, 0.95);
      top[unit] = above(mine, topCount) / DRAWS;
    });
    return { low: low, high: high, top: top };
  }

  // -- words ----------------------------------------------------------------------------------------------------------

  function isOfficial(data, weights) {
    return data.nodes.every((node, place) => Math.abs(node.weight - weights[place]) < 1e-9);
  }

  // What the address holds of the weights; empty for the default scheme as it is.
  function choice(data, weights) {
    if (isOfficial(data, weights)) {
      return data.isDefault ? "" : data.scheme;
    }
    return [data.scheme, data.version, weights.map((weight) => String(Number(weight.toPrecision(6)))).join(STEP)].join(FIELD);
  }

  // Points of 100 each node counts for.
  function shares(data, weights) {
    const totals = new Array(data.nodes.length + 1).fill(0);
    const parents = prepared(data).parents;
    weights.forEach((weight, node) => (totals[parents[node]] += weight));
    const found = new Array(data.nodes.length);
    const share = (node) => {
      if (found[node] === undefined) {
        const parent = parents[node];
        const whole = parent === data.nodes.length ? 100 : share(parent);
        found[node] = totals[parent] > 0 ? (whole * weights[node]) / totals[parent] : 0;
      }
      return found[node];
    };
    data.nodes.forEach((_, node) => share(node));
    return found;
  }

  function tierOf(top, tiers) {
    return top === null ? 3 : top >= tiers[0] ? 0 : top >= tiers[1] ? 1 : 2;
  }

  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function rows(data, scores, firm) {
    const texts = data.texts;
    const found = [];
    data.units.forEach((unit, place) => {
      if (!data.ranked[place] || !data.shown[place]) {
        return;
      }
      const tier = tierOf(firm.top[place], data.tiers);
      const before = tierOf(data.official.top[place], data.tiers);
      found.push({
        unit: unit,
        label: data.labels[place],
        tier: texts.tiers[tier],
        top: firm.top[place] === null ? null : firm.top[place] * 100,
        range: filled(texts.range, { low: Math.round(firm.low[place]), high: Math.round(firm.high[place]) }),
        arithmetic: Number.isNaN(scores.arithmetic[place]) ? null : scores.arithmetic[place],
        geometric: Number.isNaN(scores.geometric[place]) ? null : scores.geometric[place],
        official: filled(texts.official, {
          tier: texts.tiers[before],
          low: Math.round(data.official.low[place]),
          high: Math.round(data.official.high[place]),
        }),
        change: tier === before ? texts.same : tier < before ? texts.up : texts.down,
        move: before - tier,
        order: scores.rank[place],
      });
    });
    // The surest first; where that does not tell two apart, the better score.
    return found.sort((one, other) => other.top - one.top || one.order - other.order);
  }

  function summary(data, list, official) {
    const texts = data.texts;
    const counts = [0, 1, 2].map((tier) => list.filter((row) => row.tier === texts.tiers[tier]).length);
    const values = {
      first: counts[0],
      second: counts[1],
      third: counts[2],
      up: list.filter((row) => row.move > 0).length,
      down: list.filter((row) => row.move < 0).length,
    };
    return filled(official ? texts.summaryOfficial : texts.summaryChanged, values);
  }

  function remember(value) {
    const params = new URLSearchParams(window.location.search);
    if ((params.get("weights") || "") === value) {
      return;
    }
    if (value) {
      params.set("weights", value);
    } else {
      params.delete("weights");
    }
    const text = params.toString();
    window.history.replaceState(window.history.state, "", window.location.pathname + (text ? "?" + text : ""));
  }

  function numbers(values) {
    return values.map((value) => Math.min(100, Math.max(0, Number(value) || 0)));
  }

  // What the sliders change: the table, the sentence above it, the mark, the points beside each slider, the address.
  function recompute(values, data) {
    const same = window.dash_clientside.no_update;
    if (!data || values.length !== data.nodes.length) {
      return [same, same, same, same, values.map(() => same)];
    }
    const started = window.performance.now();
    const weights = numbers(values);
    const official = isOfficial(data, weights);
    const scores = compute(data, weights);
    const firm = official ? data.official : ranges(data, weights);
    const list = rows(data, scores, firm);
    remember(choice(data, weights));
    const points = shares(data, weights).map((share) => filled(data.texts.points, { points: share.toFixed(1) }));
    window.gdRanking.lastMs = window.performance.now() - started;
    return [
      list,
      summary(data, list, official),
      official ? data.texts.markOfficial : data.texts.markChanged,
      official ? "gd-weights-mark" : "gd-weights-mark gd-weights-changed",
      points,
    ];
  }

  function reset(clicks, data) {
    return clicks && data ? data.nodes.map((node) => node.weight) : data.nodes.map(() => window.dash_clientside.no_update);
  }

  window.gdRanking = { compute: compute, ranges: ranges, choice: choice, shares: shares, lastMs: null };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    gdRanking: { recompute: recompute, reset: reset },
  });
})();
