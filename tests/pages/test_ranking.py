"""The page of the ranking: gates, ranges and evidence in every store, and a browser that weighs as the server does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from dashboard import weighing
from dashboard.cards import CARDS
from dashboard.cards.ranking.subject import Subject, node_title
from dashboard.cards.reading import Reading
from dashboard.cards.types import Card, Drawing
from dashboard.serving import ASSETS
from dashboard.theme import Ink, foreign_colours
from dashboard.view import View
from dashboard.weighing import weighing_data
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.catalogue.types import Page
from data.query import Reader
from data.quick_ranks import quick_firmness
from data.ranking import load_scheme, rank_compounds, scheme_names
from data.statistics.bands import Tier
from data.store import migrate, open_store
from data.weights import official_weights, reweighted, write_choice
from layouts.components.weights import laboratory_children
from layouts.ranking import PLACES
from tests.pages.browsing import Watched, serve
from tests.pages.test_companies import assert_plots_what_was_read
from tests.ranked_city import build_ranked_city
from tests.small_city import CITY, COUNTIES, fill

VIEW = View(page=Page.RANKING.value)
NAMES = [name for name, _ in PLACES]
CHANGES: list[dict[str, float]] = [
    {},
    {"residents_view": 40.0, "party_leadership": 5.0},
    {"service_fees": 0.0, "fee_collection_rate": 0.5},
    {
        "branch_coverage": 0.0,
        "prereview_rate": 0.0,
        "absorption_rate": 0.0,
        "post_claim_rate": 0.0,
        "six_have_rate": 0.0,
    },
]


@pytest.fixture(scope="module")
def ranked_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('ranking') / 'store.db'}"
    engine = open_store(url)
    migrate(engine)
    build_ranked_city(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def reader(ranked_url: str) -> Iterator[Reader]:
    engine = open_store(ranked_url)
    yield Reader(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def ranked_server(ranked_url: str) -> Iterator[str]:
    yield from serve(ranked_url)


def drawn(card: Card, reader: Reader, view: View = VIEW, lang: str = "zh") -> Drawing:
    return card.draw(reader, replace(view, lang=lang), Ink(), Words(lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_card_draws_with_a_finding_as_its_title(reader: Reader, name: str, lang: str) -> None:
    found = drawn(CARDS[name], reader, lang=lang)
    assert found.empty is None
    assert not re.search(r"\bnan\b", f"{found.title} {found.subtitle}", re.IGNORECASE)
    assert foreign_colours(found.figure, "light") == set()


@pytest.mark.parametrize("view", [VIEW, replace(VIEW, area="990001"), replace(VIEW, weights="four_homes")])
def test_plotted_indicators_are_those_of_the_reader(reader: Reader, view: View) -> None:
    for name in NAMES:
        assert_plots_what_was_read(drawn(CARDS[name], reader, view), reader)


def test_no_card_prints_a_bare_rank(reader: Reader) -> None:
    for name in ("ranking.tiers", "ranking.ranges"):
        found = drawn(CARDS[name], reader)
        fields = {column["field"] for column in found.grid.columns} if found.grid else set()
        assert "rank" not in fields
    tiers = drawn(CARDS["ranking.tiers"], reader).grid
    assert tiers is not None
    assert all(re.fullmatch(r"第\d+–\d+位", row["range"]) for row in tiers.rows)


def test_who_is_held_back_is_listed_with_every_reason(reader: Reader) -> None:
    grid = drawn(CARDS["ranking.gated"], reader).grid
    assert grid is not None
    rows = {row["id"]: row["reasons"] for row in grid.rows}
    assert "有未答复的申诉" in rows["C009"]
    assert "有未结的严重事件" in rows["C012"]
    ranked = rank_compounds(reader).firmness.table.query("tier != '不参评'").index
    assert set(rows) == set(rank_compounds(reader).result.score.index) - set(ranked)


def test_evidence_is_of_the_chosen_compound_else_of_the_surest(reader: Reader) -> None:
    chosen = drawn(CARDS["ranking.why"], reader, replace(VIEW, compound="C009"))
    assert reader.label("C009") in chosen.title
    best = rank_compounds(reader).firmness.table["probability_top"].idxmax()
    assert reader.label(str(best)) in drawn(CARDS["ranking.why"], reader).title


def test_the_chosen_compound_does_not_narrow_the_other_cards(reader: Reader) -> None:
    with_one = drawn(CARDS["ranking.tiles"], reader, replace(VIEW, compound="C009"))
    assert with_one.tiles == drawn(CARDS["ranking.tiles"], reader).tiles


def test_points_of_the_evidence_add_up_to_the_score(reader: Reader) -> None:
    grid = drawn(CARDS["ranking.evidence"], reader).grid
    assert grid is not None
    best = rank_compounds(reader).firmness.table["probability_top"].idxmax()
    total = sum(row["points"] for row in grid.rows if row["points"] is not None)
    assert total == pytest.approx(rank_compounds(reader).result.score[str(best)])


@pytest.mark.parametrize("name", scheme_names())
def test_every_node_of_a_built_in_scheme_has_a_name_in_english(name: str) -> None:
    scheme = load_scheme(name)
    for node in scheme.nodes:
        if node.parent is not None:
            assert re.search("[a-z]", node_title(scheme, node.key, Words("en"))), node.key


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_store_gets_a_card_that_says_what_to_do(store: Engine, name: str) -> None:
    assert drawn(CARDS[name], Reader(store)).empty


@pytest.mark.parametrize("name", NAMES)
def test_a_store_of_counties_alone_says_why_nothing_is_ranked(store: Engine, name: str) -> None:
    areas = [{"code": CITY, "name": "清江市", "level": "city", "parent_code": None}]
    areas += [{"code": code, "name": label, "level": "county", "parent_code": CITY} for code, label in COUNTIES.items()]
    compounds = [
        {"compound_id": f"C{n}", "name": f"小区{n}", "area_code": "990001", "is_managed": True} for n in range(3)
    ]
    with store.begin() as connection:
        fill(connection, {"area": areas, "compound": compounds})
    from dashboard.cards.drawing import draw

    found = draw(CARDS[name], Reader(store), VIEW, Ink(), Words("zh"))
    assert isinstance(found, Drawing)
    assert found.empty or found.title


def test_a_laboratory_without_data_says_why(store: Engine) -> None:
    assert "先在" in str(laboratory_children(Reader(store), VIEW, Words("zh")))


def test_weights_of_an_address_that_cannot_be_read_are_refused_in_words(reader: Reader) -> None:
    made = str(laboratory_children(reader, replace(VIEW, weights="wanmei-0.1-1_2"), Words("zh")))
    assert "权重不属于当前方案" in made


def test_every_indicator_of_the_page_has_a_card() -> None:
    mine = {key for key, indicator in INDICATORS.items() if indicator.page == Page.RANKING}
    assert mine <= {key for name in NAMES for key in CARDS[name].indicators}


# -- the browser ------------------------------------------------------------------------------------------------------


def load_script(watched: Watched) -> None:
    """The script alone: its arithmetic needs no page."""
    watched.page.goto("about:blank")
    watched.page.add_script_tag(path=ASSETS / "ranking.js")


def in_browser(watched: Watched, expression: str, data: dict[str, Any], weights: dict[str, float]) -> Any:
    return watched.page.evaluate(
        f"([data, weights]) => {{ const found = {expression}; return found instanceof Object && found.arithmetic ? "
        "{arithmetic: [...found.arithmetic], geometric: [...found.geometric], rank: found.rank, "
        "geometricRank: found.geometricRank} : found; }",
        [data, list(weights.values())],
    )


def close(got: list[float | None], wanted: pd.Series[float]) -> None:
    numbers = np.array([np.nan if value is None else value for value in got], dtype=float)
    np.testing.assert_allclose(numbers, wanted.to_numpy(dtype=float), rtol=0, atol=1e-9)


def test_with_too_many_compounds_the_browser_weighs_nothing_and_says_why(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "MOST_COMPOUNDS", 3)
    text = str(laboratory_children(reader, VIEW, Words("zh")))
    assert "超过浏览器内试算权重的上限 3" in text
    assert "data rank --scheme" in text


@pytest.mark.browser
@pytest.mark.parametrize("scheme", scheme_names())
@pytest.mark.parametrize("changes", CHANGES, ids=lambda change: ",".join(change) or "official")
def test_the_browser_weighs_the_demo_as_the_server_does(
    demo_url: str, watched: Watched, scheme: str, changes: dict[str, float]
) -> None:
    reader = Reader(open_store(demo_url))
    subject = Subject(Reading(reader, replace(VIEW, weights=scheme), Words("zh")))
    data = weighing_data(subject)
    weights = official_weights(subject.scheme)
    weights |= {key: weight for key, weight in changes.items() if key in weights}
    load_script(watched)
    got = in_browser(watched, "window.gdRanking.compute(data, weights)", data, weights)
    wanted = reweighted(subject.ranking, weights)
    close(got["arithmetic"], wanted["arithmetic"])
    close(got["geometric"], wanted["geometric"])
    close(got["rank"], wanted["rank"])
    close(got["geometricRank"], wanted["geometric_rank"])
    assert in_browser(watched, "window.gdRanking.choice(data, weights)", data, weights) == write_choice(
        subject.scheme, weights
    )


@pytest.mark.browser
def test_quick_ranges_of_the_browser_are_near_those_of_the_server(demo_url: str, watched: Watched) -> None:
    subject = Subject(Reading(Reader(open_store(demo_url)), VIEW, Words("zh")))
    data = weighing_data(subject)
    load_script(watched)
    got = in_browser(watched, "window.gdRanking.ranges(data, weights)", data, official_weights(subject.scheme))
    table = subject.ranking.firmness.table
    ranked = (table["tier"] != Tier.UNRANKED).to_numpy()
    top = np.array([np.nan if value is None else value for value in got["top"]])[ranked]
    # 200 draws have a standard error of at most 3.5 points; sampling is normal here and Beta there.
    assert np.abs(top - table["probability_top"].to_numpy()[ranked]).max() < 0.15
    for ours, theirs in (("low", "rank_low"), ("high", "rank_high")):
        found = np.array([np.nan if value is None else value for value in got[ours]])[ranked]
        assert np.median(np.abs(found - table[theirs].to_numpy()[ranked])) <= 2


@pytest.mark.browser
def test_a_moved_slider_reorders_the_list_marks_it_and_writes_the_address(ranked_server: str, watched: Watched) -> None:
    watched.open(f"{ranked_server}/ranking")
    page = watched.page
    page.wait_for_selector("#weights-summary:has-text('官方权重')")
    slider = page.locator(".gd-weights-row-head input[type=range]").first
    slider.focus()
    slider.press("End")
    page.wait_for_selector(".gd-weights-changed")
    assert "weights=wanmei-1.0-40_" in page.url
    assert "非官方" in page.locator("#weights-mark").inner_text()
    shared = page.url
    watched.open(shared)
    page.wait_for_selector(".gd-weights-changed")
    assert page.locator(".gd-weights-row-head input[type=range]").first.input_value() == "40"
    page.click("#weights-reset")
    page.wait_for_selector("#weights-mark:not(.gd-weights-changed)")
    assert "weights=" not in page.url
    assert (watched.errors, watched.outside) == ([], [])


@pytest.mark.browser
def test_a_click_on_a_name_shows_its_evidence_and_another_scheme_redraws_the_page(
    ranked_server: str, watched: Watched
) -> None:
    watched.open(f"{ranked_server}/ranking")
    page = watched.page
    row = page.locator("[data-card='ranking.gated'] .ag-pinned-left-cols-container .ag-row a").first
    name = row.inner_text()
    row.click()
    page.wait_for_selector(f"[data-card='ranking.why'] .gd-title:has-text('{name}')")
    assert "compound=" in page.url
    page.click(".gd-choice:has-text('四类家园')")
    page.wait_for_selector("[data-card='ranking.scheme'] .gd-subtitle:has-text('四类家园')")
    page.wait_for_selector(".gd-weights-row-head:has-text('洁净家园')")
    assert watched.errors == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", scheme_names())
@pytest.mark.parametrize("changes", CHANGES[1:], ids=lambda change: ",".join(change))
def test_ranges_under_chosen_weights_are_those_the_browser_showed(
    demo_url: str, watched: Watched, scheme: str, changes: dict[str, float]
) -> None:
    subject = Subject(Reading(Reader(open_store(demo_url)), replace(VIEW, weights=scheme), Words("zh")))
    data = weighing_data(subject)
    weights = official_weights(subject.scheme)
    weights |= {key: weight for key, weight in changes.items() if key in weights}
    load_script(watched)
    got = in_browser(watched, "window.gdRanking.ranges(data, weights)", data, weights)
    wanted = quick_firmness(subject.ranking, weights)
    close(got["top"], wanted["probability_top"])
    close(got["low"], wanted["rank_low"])
    close(got["high"], wanted["rank_high"])


def test_the_list_under_the_sliders_is_a_table_on_paper(ranked_server: str, watched: Watched) -> None:
    page = watched.page
    watched.open(f"{ranked_server}/ranking")
    page.locator(".gd-weights-list .ag-row").first.wait_for()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".gd-weights-list .gd-grid").is_hidden()
    rows = page.locator(".gd-weights-list .gd-paper-table tbody tr")
    assert 2 < rows.count() <= 20
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
