"""Cards of the page `overview`."""

from __future__ import annotations

from dashboard.cards.overview import attention, headline, leading, map, results, trend
from dashboard.cards.types import Card
from data.catalogue.types import Page

PAGE = Page.OVERVIEW

CARDS: tuple[Card, ...] = (
    Card(
        name="overview.headline", page=PAGE, indicators=("compounds", "companies", "satisfaction", "fee_collection_rate"),
        draw=headline.headline, height=70, kind="headline",
    ),
    Card(
        name="overview.tiles", page=PAGE, indicators=(*headline.TILES, "branch_fallback"), draw=headline.tiles,
        height=110, kind="tiles",
    ),
    Card(name="overview.map", page=PAGE, indicators=map.KEYS, draw=map.city_map, height=430, kind="figure"),
    Card(name="overview.trend", page=PAGE, indicators=map.KEYS, draw=trend.course, height=430, kind="figure"),
    Card(
        name="overview.attention", page=PAGE, indicators=("fee_collection_rate", "satisfaction"),
        draw=attention.attention, height=430, kind="list",
    ),
    Card(name="overview.towns", page=PAGE, indicators=map.KEYS, draw=map.town_view, height=340, kind="figure"),
    Card(name="overview.leading", page=PAGE, indicators=(), draw=leading.leading, height=340, kind="figure"),
    Card(
        name="overview.published", page=PAGE,
        indicators=tuple(dict.fromkeys(name for name, _ in results.COUNTED_BY.values())),
        draw=results.published_results, height=430, kind="figure",
    ),
    Card(
        name="overview.cases", page=PAGE, indicators=("cases_opened", *results.RATES), draw=results.case_rates,
        height=190, kind="figure",
    ),
    Card(name="overview.lists", page=PAGE, indicators=results.LISTS, draw=results.lists, height=190, kind="figure"),
    Card(
        name="overview.list_rates", page=PAGE, indicators=results.LIST_RATES, draw=results.list_rates, height=190,
        kind="figure",
    ),
    Card(
        name="overview.campaigns", page=PAGE, indicators=results.CAMPAIGNS, draw=results.campaigns, height=320,
        kind="figure",
    ),
    Card(name="overview.base", page=PAGE, indicators=results.BASE, draw=results.base, height=400, kind="grid"),
)  # fmt: skip
