"""Loading and changing the first page in Chromium."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.lines import Line, p95
from tests.bench.served import EMPTY
from tests.bench.servers import Server, plain, product
from tests.pages.browsing import CHROMIUM, FLAGS

LOADS, CLICKS = 5, 30
# Between two clicks somebody looks at what the first has brought, ms.
LOOKS = 1000
SAME_CHARTS = tuple(f"#card-overview-{name} .js-plotly-plot" for name in ("map", "trend", "leading"))
PLAIN_CHARTS = tuple(f"#chart-{i} .js-plotly-plot" for i in range(3))

# The last time any of these charts was drawn, on the page's own clock, once none has been for most of a second.
SETTLED = """charts => {
  const now = performance.now();
  const found = charts.map(chart => document.querySelector(chart));
  const drawn = found.filter(chart => chart && chart.querySelector('.main-svg'));
  const key = drawn.map(chart => chart.querySelectorAll('path').length).join();
  const seen = window.__bench || (window.__bench = {key: '', at: now});
  if (seen.key !== key) { seen.key = key; seen.at = now; }
  return drawn.length === charts.length && now - seen.at > 800 ? seen.at : false;
}"""

# Milliseconds from a change of the address to the frame in which the charts in the window have been drawn anew.
PAINTED = """search => new Promise(done => {
  const near = [...document.querySelectorAll('#page [data-card] .js-plotly-plot')].filter(chart => {
    const box = chart.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  });
  const begun = performance.now();
  let left = near.length;
  near.forEach(chart => chart.once('plotly_afterplot', () => {
    left -= 1;
    if (!left) requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  }));
  history.pushState({}, '', location.pathname + search);
  window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
})"""

# Milliseconds of an empty callback, from the same page.
ASKED = """async body => {
  const token = /(?:^|;\\s*)_csrf_token=([^;]*)/.exec(document.cookie);
  const begun = performance.now();
  const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token ? decodeURIComponent(token[1]) : ''};
  const answer = await fetch('/_dash-update-component', {method: 'POST', headers, body: JSON.stringify(body)});
  await answer.text();
  if (!answer.ok) throw new Error(answer.status);
  return performance.now() - begun;
}"""


@dataclass(frozen=True)
class Load:
    """One cold load."""

    kilobytes: float
    seconds: float


def cold_load(browser: Browser, server: Server, charts: Sequence[str]) -> Load:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(server.address)
    at = page.wait_for_function(SETTLED, arg=list(charts), polling=50, timeout=180_000).json_value()
    context.close()
    return Load(sum(received) / 1024, float(at) / 1000)


def first_load(url: str) -> list[Line]:
    """Bytes, and time to the last of the same three charts, with an empty browser cache."""
    with sync_playwright() as playwright, plain(url) as theirs, product(url) as ours:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        both = (theirs, PLAIN_CHARTS), (ours, SAME_CHARTS)
        for server, charts in both:
            cold_load(browser, server, charts)
        loads: list[list[Load]] = [[], []]
        # By turns: what else the machine does meets both.
        for _ in range(LOADS):
            for place, (server, charts) in enumerate(both):
                loads[place].append(cold_load(browser, server, charts))
        browser.close()
    (plain_kb, our_kb), (plain_s, our_s) = (
        [statistics.median(getattr(load, name) for load in many) for many in loads] for name in ("kilobytes", "seconds")
    )
    return [
        Line("first load of 总览, bytes", f"{our_kb:.0f} KB", f"{plain_kb:.0f} KB, plain Dash", our_kb / plain_kb, 1 / 3),
        Line(
            "first load of 总览, last of three charts", f"{our_s:.2f} s", f"{plain_s:.2f} s, plain Dash", our_s / plain_s,
            0.6,
        ),
    ]  # fmt: skip


def _opened(browser: Browser, server: Server) -> Page:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(server.address)
    page.wait_for_function(SETTLED, arg=list(SAME_CHARTS), polling=50, timeout=180_000)
    page.wait_for_function("() => !document.querySelector('[data-waits]')", timeout=180_000)
    return page


def click_to_painted(url: str) -> list[Line]:
    """Choosing one area after another, each for the first time and then again."""
    areas = ["341802", "341821", "341823", "341824", "341825", "341881", "341882", "341871"]
    with sync_playwright() as playwright, product(url) as ours:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = _opened(browser, ours)
        taken = []
        for i in range(CLICKS):
            taken.append(float(page.evaluate(PAINTED, f"?area={areas[i % len(areas)]}")))
            page.wait_for_timeout(LOOKS)
        idle = [float(page.evaluate(ASKED, EMPTY)) for _ in range(CLICKS)]
        browser.close()
    slow, empty = p95(taken[len(areas) :]), p95(idle)
    return [
        Line("click to painted, p95", f"{slow:.0f} ms", "200 ms", slow / 200, 1.0),
        Line("an empty callback from the same page, p95", f"{empty:.0f} ms", "", slow / empty),
    ]


def ranking_in_browser(url: str) -> list[Line]:
    """The index of all compounds computed again when a weight is moved."""
    with sync_playwright() as playwright, product(url) as ours:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{ours.address}/ranking")
        page.wait_for_function("() => window.gdRanking && window.gdRanking.lastMs > 0", timeout=180_000)
        taken = float(page.evaluate("() => window.gdRanking.lastMs"))
        browser.close()
    return [Line("index of all compounds in the browser", f"{taken:.0f} ms", "100 ms", taken / 100, 1.0)]
