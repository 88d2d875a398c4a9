"""Loading pages in Chromium with a cold cache: bytes over the wire and the moment the last chart is painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

# The last time any chart was drawn, on the page's own clock, once no chart has been drawn for half a second.
SETTLED = """() => {
  const now = performance.now();
  const charts = document.querySelectorAll('.js-plotly-plot');
  const drawn = [...charts].filter(c => c.querySelector('.main-svg')).length;
  const key = charts.length + ':' + drawn + ':' + document.querySelectorAll('.js-plotly-plot path').length;
  const seen = window.__bench || (window.__bench = {key: '', at: now});
  if (seen.key !== key) { seen.key = key; seen.at = now; }
  return charts.length >= 3 && drawn === charts.length && now - seen.at > 800 ? seen.at : false;
}"""


@dataclass(frozen=True)
class Load:
    """One cold load."""

    kilobytes: float
    seconds: float
    charts: int


def cold_load(browser: Browser, address: str) -> Load:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(address)
    at = page.wait_for_function(SETTLED, polling=50, timeout=120_000).json_value()
    charts = page.locator(".js-plotly-plot").count()
    context.close()
    return Load(sum(received) / 1024, float(at) / 1000, charts)


def requests_of_a_filter_change(browser: Browser, address: str, county: str) -> list[dict[str, Any]]:
    """Bodies the page sends to the server when a county is chosen."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(SETTLED, polling=50, timeout=120_000)
    bodies: list[dict[str, Any]] = []
    page.on(
        "request",
        lambda r: bodies.append(r.post_data_json) if "/_dash-update-component" in r.url else None,
    )
    with page.expect_response(lambda r: "/_dash-update-component" in r.url):
        page.evaluate(
            """search => { history.pushState({}, '', search);
                           window.dispatchEvent(new PopStateEvent('popstate', {state: {}})); }""",
            f"?area={county}",
        )
    page.wait_for_function("() => !document.querySelector('._dash-loading-callback')", timeout=60_000)
    context.close()
    return bodies
