"""Options of every chart in the browser, in one place."""

from __future__ import annotations

from typing import Any

LOCALES = {"zh": "zh-CN", "en": "en"}


def graph_config(lang: str, *, static: bool = False) -> dict[str, Any]:
    """Options of `Plotly.react`: no cloud button, no logo, no mode bar, in the language of the page.

    Args:
        static: no hover and no click (sparklines, the wall).
    """
    return {
        "showSendToCloud": False,
        "displaylogo": False,
        "displayModeBar": False,
        "scrollZoom": False,
        "doubleClick": False,
        "showTips": False,
        "staticPlot": static,
        "locale": LOCALES[lang],
        "plotlyServerURL": "",
    }
