"""A page with one card of every kind, so that the frame is tested apart from the pages that use it.

It is also the shortest complete example of how a card is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from dash.development.base_component import Component

import layouts.pages
from dashboard.cards import CARDS
from dashboard.cards.types import Card, Change, Drawing, Entry, GridSpec, Query, Tile
from dashboard.figures.canvas import canvas
from dashboard.numbers import is_missing, number
from dashboard.places import places_of
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.query import Period, Reader
from layouts.components.page import Place, page_of_cards

KEY = "satisfaction"


def plain(value: Any) -> float | None:
    return None if is_missing(value) else float(value)


def headline(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    return Drawing(title="满意率 68.2%，较上月无可辨变化；5 个小区进入红档，收缴率升 1.8 个百分点")


def tiles(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    period = Period.of(view.month_of(reader))
    row = reader.indicator(KEY, view.selection, period=period).iloc[0]
    course = reader.panel(KEY, view.selection)
    value = plain(row["value"])
    tile = Tile(
        key=KEY, label="群众满意率", raw=value, value="未上报" if value is None else number(value, 1),
        unit="" if value is None else "%", change=Change(direction="same", text="无可辨变化"),
        n=f"±2.1 · 有效问卷 {number(row['denominator'])}", spark=tuple(plain(v) for v in course["value"]),
    )  # fmt: skip
    up = replace(tile, label="小区党支部覆盖", value="88", unit="", total="/513", raw=88.0,
                 change=Change(direction="up", text="+3 个", tone="good"))  # fmt: skip
    down = replace(
        tile, label="诉求按期办结", value="92.6", change=Change(direction="down", text="−0.9 个百分点", tone="bad")
    )
    gone = replace(
        tile,
        label="物业费收缴率",
        raw=None,
        value="未上报",
        unit="",
        change=None,
        spark=(None, 80.0, None, 81.5, 82.0, None),
    )
    return Drawing(title="本月要点", tiles=(up, tile, gone, down, replace(up, label="业委会(物管会)组建")))


def areas(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    period = Period.of(view.month_of(reader))
    frame = reader.indicator(KEY, view.selection, period=period, by="street")
    known, silent = frame[frame["value"].notna()], frame[frame["value"].isna()]
    places = places_of(reader)
    url = places.url("street")
    meta = {"indicator": KEY, "field": "value", "axis": "z", "by": "street", "click": "area"}
    outline = {"line": {"color": ink.card, "width": ink.px(1)}}
    groups, missing = known["group"].tolist(), silent["group"].tolist()
    lon, lat = places.hatch("street", missing)
    traces: list[dict[str, Any]] = [
        {"type": "choropleth", "geojson": url, "locations": groups, "z": known["value"].tolist(), "zmin": 55, "zmax": 85,
         "colorscale": ink.scale_of(ink.diverging), "showscale": False, "marker": outline,
         "text": known["label"].tolist(), "hovertemplate": "%{text} %{z:.1f}%<extra></extra>",
         "meta": {**meta, "groups": groups}},
        {"type": "choropleth", "geojson": url, "locations": missing, "z": [0] * len(missing), "showscale": False,
         "colorscale": [[0, ink.card], [1, ink.card]], "marker": {"line": {"color": ink.hatch, "width": ink.px(1)}},
         "text": silent["label"].tolist(), "hovertemplate": "%{text} 未上报<extra></extra>",
         "meta": {"groups": missing, "by": "street", "click": "area"}},
        {"type": "scattergeo", "mode": "lines", "lon": lon, "lat": lat, "hoverinfo": "skip", "showlegend": False,
         "line": {"color": ink.hatch, "width": ink.px(1)}},
    ]  # fmt: skip
    figure = canvas(traces, ink, geo={"fitbounds": "geojson"})
    return Drawing(
        title="梅溪街道最高；1 个乡镇未上报", subtitle="群众满意率 · 街道 · 2026年10月", figure=figure, n="1,024",
        as_of="2026-10-31", source="市住建局月度调查", note="示意分区，非行政区划界线", alt="各街道满意率地图",
        queries=(Query(key=KEY, selection=view.selection, period=period, by="street"),),
    )  # fmt: skip


def trend(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    frame = reader.panel(KEY, view.selection)
    if frame["value"].isna().all():
        return Drawing(title="没有调查数据", subtitle="群众满意率", empty="所选范围没有满意度调查", alt="没有数据")
    months, low, high = frame["month"].tolist(), frame["low"].map(plain).tolist(), frame["high"].map(plain).tolist()
    meta = {"indicator": KEY, "field": "value", "axis": "y", "by": "month", "groups": months, "click": "month"}
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "x": months, "y": high, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False},
        {"type": "scatter", "x": months, "y": low, "mode": "lines", "line": {"width": 0}, "fill": "tonexty",
         "fillcolor": ink.fade(ink.accent, 0.15), "hoverinfo": "skip", "showlegend": False},
        {"type": "scatter", "x": months, "y": frame["value"].map(plain).tolist(), "mode": "lines+markers",
         "line": {"color": ink.accent, "width": ink.px(2)}, "marker": {"size": ink.px(7)}, "connectgaps": False,
         "hovertemplate": "%{x} %{y:.1f}%<extra></extra>", "showlegend": False, "meta": meta},
    ]  # fmt: skip
    figure = canvas(
        traces, ink, yaxis={"ticksuffix": "%"}, xaxis={"type": "date", "tickformat": "%Y年%-m月", "nticks": 4}
    )
    return Drawing(
        title="半年升 5.1 个百分点，近三月无可辨变化", subtitle="全市满意率及95%区间 · 2026年5月–10月", figure=figure,
        n="每波约 1,400", as_of="2026-10-31", alt="满意率趋势",
        queries=(Query(key=KEY, selection=view.selection, is_panel=True),),
    )  # fmt: skip


def attention(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    return Drawing(
        title="5 处需要有人去", subtitle="本月越线、逾期与缺报", source="按概率与逾期天数排序",
        entries=(
            Entry(tone="alert", tag="红", title="试验3小区 · 云岭街道", detail="满意率低于60%的概率 96%，n=64", view={"profile": "C002"}),
            Entry(tone="review", tag="复核", title="试验9小区 · 石桥镇", detail="低于60%的概率 71%，样本 n=22", view={"profile": "C008"}),
            Entry(tone="overdue", tag="逾期", title="试验12小区 · 石桥镇", detail="约谈整改逾期 9 天", view={"profile": "C011"}),
            Entry(tone="missing", tag="缺报", title="白塔乡", detail="10月工作簿未上报", view={"area": "990002003"}),
        ),
    )  # fmt: skip


def states(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    streets = ["云岭街道", "石桥镇", "梅溪街道", "白塔乡"]
    hatched = ink.hatched()
    traces: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "name": "有", "y": streets, "x": [5, 3, 4, 0], "marker": {"color": ink.state_colours["present"]}},
        {"type": "bar", "orientation": "h", "name": "无", "y": streets, "x": [2, 4, 3, 0], "marker": {"color": ink.state_colours["absent"]}},
        {"type": "bar", "orientation": "h", "name": "未上报", "y": streets, "x": [1, 1, 1, 8], "marker": hatched},
    ]  # fmt: skip
    figure = canvas(traces, ink, barmode="stack", yaxis={"autorange": "reversed", "showgrid": False})
    return Drawing(title="三种状态：有、无、未上报", subtitle="党支部 · 街道", figure=figure, n="40", alt="三态条形图")


def table(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    frame = reader.indicator(KEY, view.selection, period=Period.of(view.month_of(reader)), by="compound")
    rows = [
        {
            "id": str(r["group"]),
            "name": str(r["label"]),
            "satisfaction": plain(r["value"]),
            "valid": plain(r["denominator"]),
        }
        for r in frame.to_dict("records")
    ]
    columns = [
        {"field": "name", "headerName": "小区"},
        {"field": "satisfaction", "headerName": "满意率", "number": True, "decimals": 1, "suffix": "%"},
        {"field": "valid", "headerName": "有效问卷", "number": True},
    ]
    spec = GridSpec(columns=columns, rows=rows, row_id="id", meta={"satisfaction": KEY}, click="profile")
    return Drawing(title="40 个小区的满意率", subtitle="2026年10月", grid=spec, n="40", alt="小区满意率表")


def broken(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    raise RuntimeError("this card always fails")


SAMPLES: tuple[tuple[Card, int], ...] = tuple(
    (Card(name=f"sample.{name}", page=Page.OVERVIEW, indicators=indicators, draw=draw, height=height, kind=kind), span)  # type: ignore[arg-type]
    for name, draw, kind, height, span, indicators in (
        ("headline", headline, "headline", 0, 12, ()),
        ("tiles", tiles, "tiles", 0, 12, (KEY,)),
        ("areas", areas, "figure", 380, 5, (KEY,)),
        ("trend", trend, "figure", 380, 4, (KEY,)),
        ("attention", attention, "list", 380, 3, ()),
        ("states", states, "figure", 240, 4, ("branch_coverage",)),
        ("table", table, "grid", 240, 5, (KEY,)),
        ("broken", broken, "figure", 240, 3, ()),
    )
)
PLACES: tuple[Place, ...] = tuple((card.name, span) for card, span in SAMPLES)


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    return page_of_cards(Page.OVERVIEW, PLACES, words)


@contextmanager
def installed() -> Iterator[None]:
    """The overview shows the sample cards while this is open."""
    entry = layouts.pages.PAGES[Page.OVERVIEW]
    CARDS.update({card.name: card for card, _ in SAMPLES})
    layouts.pages.PAGES[Page.OVERVIEW] = replace(entry, layout=layout, places=PLACES)
    try:
        yield
    finally:
        layouts.pages.PAGES[Page.OVERVIEW] = entry
        for card, _ in SAMPLES:
            CARDS.pop(card.name, None)
