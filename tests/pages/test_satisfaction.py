"""The page 满意度 and 小区档案 on a small city, on registers alone and on nothing: what their cards say and plot."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.cards import CARDS
from dashboard.cards.compound.finder import found_rows
from dashboard.cards.satisfaction.subject import chance
from dashboard.cards.types import Drawing
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.catalogue.types import Page
from data.query import Reader
from data.satisfaction import SURVEYED, change_since_last_wave, is_comparable
from layouts import compound as compound_page
from layouts import satisfaction as satisfaction_page
from tests.satisfied_city import RED, UNASKED, build_satisfied_city, counties_only
from tests.small_city import fill

INK = Ink("light")
NAMES = sorted(name for name, card in CARDS.items() if card.page in (Page.SATISFACTION, Page.COMPOUND))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    from data.store import migrate, open_store

    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('city') / 'city.db'}")
    migrate(engine)
    build_satisfied_city(engine)
    return Reader(engine)


def draw(name: str, reader: Reader, lang: str = "zh", **given: Any) -> Drawing:
    card = CARDS[name]
    if card.page is Page.COMPOUND and "finder" not in name:
        given.setdefault("compound", RED)
    return card.draw(reader, View(page=card.page.value, lang=lang, **given), INK, Words(lang))


def texts_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_of(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in texts_of(part)]
    return texts_of(vars(value)) if hasattr(value, "__dataclass_fields__") else []


def numbers_of(value: Any) -> list[float]:
    if isinstance(value, float):
        return [value]
    if isinstance(value, dict):
        return [n for part in value.values() for n in numbers_of(part)]
    if isinstance(value, list | tuple):
        return [n for part in value for n in numbers_of(part)]
    return []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_card_draws_and_shows_no_nan(name: str, lang: str, city: Reader) -> None:
    drawing = draw(name, city, lang)
    assert drawing.title
    assert not any(math.isnan(n) for n in numbers_of([drawing.figure or {}, drawing.grid.rows if drawing.grid else []]))
    assert not any(text in ("nan", "None", "NaT") or "nan%" in text for text in texts_of(drawing))


@pytest.mark.parametrize("name", NAMES)
def test_every_card_says_why_it_is_empty_in_a_store_of_counties_alone(name: str, store: Engine) -> None:
    with store.begin() as connection:
        fill(connection, counties_only())
    drawing = draw(name, Reader(store), compound=None if "finder" in name else "H0")
    assert drawing.title
    assert drawing.empty or drawing.figure or drawing.grid or drawing.facts or drawing.tiles or drawing.subtitle


@pytest.mark.parametrize("name", NAMES)
def test_every_card_draws_on_an_empty_store(name: str, store: Engine) -> None:
    drawing = draw(name, Reader(store))
    assert drawing.title
    assert drawing.empty or CARDS[name].kind == "headline"


def test_every_indicator_of_the_pages_has_a_card() -> None:
    for page in (Page.SATISFACTION, Page.COMPOUND):
        shown = {key for card in CARDS.values() if card.page is page for key in card.indicators}
        assert {key for key, one in INDICATORS.items() if one.page is page} <= shown


@pytest.mark.parametrize("name", NAMES)
def test_plotted_numbers_are_the_readers(name: str, city: Reader) -> None:
    drawing = draw(name, city)
    for trace in (drawing.figure or {}).get("data", []):
        meta = trace.get("meta") or {}
        if "indicator" not in meta:
            continue
        plotted = trace[meta["axis"]]
        assert len(plotted) == len(meta["groups"])
        queries = [query for query in drawing.queries if query.key == meta["indicator"]]
        assert queries, f"{meta['indicator']} is plotted but not among the card's queries"
        read: list[dict[str, Any]] = []
        for query in queries:
            ask = city.panel if query.is_panel else city.indicator
            frame = ask(query.key, query.selection, period=query.period, by=query.by)
            if query.is_panel:
                frame = frame.assign(group=frame["month"] + "|" + frame["group"].astype(str))
            read.append(dict(zip(frame["group"].astype(str), frame[meta["field"]], strict=True)))
        for group, value in zip(meta["groups"], plotted, strict=True):
            known = [rows[group] for rows in read if group in rows]
            if value is None:
                assert any(math.isnan(float(answer)) for answer in known)
            else:
                assert any(math.isclose(value, answer, rel_tol=1e-12) for answer in known), (group, value, known)


def test_every_place_of_the_layouts_is_a_card_and_every_card_has_a_place() -> None:
    placed = [name for page in (satisfaction_page, compound_page) for name, _ in page.PLACES]
    assert len(placed) == len(set(placed))
    assert set(placed) == set(NAMES)


def test_a_compound_that_is_red_is_told_so_with_probability_and_rule(city: Reader) -> None:
    verdict = draw("compound.verdict", city)
    assert verdict.title.startswith("是")
    assert "判红" in verdict.title
    assert "≥90%" in (verdict.note or "")


def test_a_low_raw_value_is_not_enough_to_be_red(city: Reader) -> None:
    raw, red = (int(found) for found in re.findall(r"(\d+) 个", draw("satisfaction.sure", city).title))
    assert 0 < red < raw


def test_nothing_is_claimed_of_a_compound_nobody_asked(city: Reader) -> None:
    assert draw("compound.verdict", city, compound=UNASKED).empty
    assert "没有满意度调查" in draw("compound.headline", city, compound=UNASKED).title


def test_the_list_holds_every_doubtful_compound_with_its_probability(city: Reader) -> None:
    grid = draw("satisfaction.review", city).grid
    assert grid is not None
    assert all(row["p"] >= 50 for row in grid.rows)
    assert [row["p"] for row in grid.rows] == sorted((row["p"] for row in grid.rows), reverse=True)
    assert RED in {row["id"] for row in grid.rows}


def test_objections_show_before_and_after_and_open_ones_wait(city: Reader) -> None:
    answered = draw("compound.objections", city).grid
    assert answered is not None
    assert (answered.rows[0]["before"], answered.rows[0]["after"]) == (61.0, 63.5)
    waiting = draw("compound.objections", city, compound="C010")
    assert "未答复" in waiting.title
    assert waiting.grid is not None
    assert waiting.grid.rows[0]["after"] is None


def test_an_open_incident_is_named(city: Reader) -> None:
    assert "未销号" in draw("compound.incidents", city).title


def test_an_objection_of_a_later_month_is_not_known_yet(city: Reader) -> None:
    assert draw("compound.objections", city, month="2026-06").empty


def test_sources_lead_back_to_batches(city: Reader) -> None:
    grid = draw("compound.sources", city).grid
    assert grid is not None
    assert all(row["batch"] == 1 and row["rows"] > 0 for row in grid.rows)


def test_the_finder_lists_the_selection_and_opens_files(city: Reader) -> None:
    grid = draw("compound.finder", city, area="990001001").grid
    assert grid is not None
    assert {row["id"] for row in grid.rows} == {f"C{n:03d}" for n in range(8)}
    assert grid.click == "compound"


def test_rows_are_found_by_every_word_in_any_column(city: Reader) -> None:
    view, words = View(page="compound"), Words("zh")
    every = found_rows(city, view, words, "", most=1_000)
    listed = draw("compound.finder", city).grid
    assert listed is not None
    assert every == listed.rows
    assert [row["id"] for row in found_rows(city, view, words, "c005", most=9)] == ["C005"]
    row = every[7]
    name, place = row["name"], row["street"]
    hits = [found["id"] for found in found_rows(city, view, words, f"{place}  {name}", most=1_000)]
    wanted = [each["id"] for each in every if name in each["name"] and place in each["street"]]
    assert hits == wanted != []
    assert found_rows(city, view, words, f"{name} 没有这个词", most=9) == []
    assert len(found_rows(city, view, words, place, most=1)) == 1


@pytest.mark.parametrize(
    ("path", "leads"), [("/compound/C0005", "/compound/C0"), ("/compound/试验6号小区", "/compound/C005"), ("/compound/zzzz", "")]
)  # fmt: skip
def test_a_wrong_id_gets_a_notice_with_the_nearest(path: str, leads: str, city: Reader) -> None:
    view, notices = View.parse(path, "", city)
    assert view.compound is None
    assert len(notices) == 1
    assert notices[0].href.startswith(leads) if leads else notices[0].href == ""
    assert Words("zh")(notices[0].key, **notices[0].values)


def test_the_page_of_one_compound_has_its_own_cards(city: Reader) -> None:
    one = compound_page.layout(city, View(page="compound", compound=RED), INK, Words("zh"))
    all_of_them = compound_page.layout(city, View(page="compound"), INK, Words("zh"))
    assert one.to_plotly_json()["props"]["data-page"] == "compound/one"
    assert all_of_them.to_plotly_json()["props"]["data-page"] == "compound"


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.899, "89.9%"), (0.8999, "89.9%"), (0.9, "90%"), (0.499, "49.9%"), (0.5, "50%"), (0.72, "72%"), (0.9999, ">99%"), (0.0001, "<1%")],
)  # fmt: skip
def test_a_probability_never_reads_as_another_band(probability: float, text: str) -> None:
    assert chance(probability) == text


# -- a break in the way of asking: 电话 in July, 入户 in October --------------------------------------------------------

ACROSS = ("2026-10", "2026-07")
CLAIMS = re.compile(r"上升|下降|无可辨变化|[+−]\d|±")


def changes_of(drawing: Drawing) -> list[str]:
    return [tile.change.text for tile in drawing.tiles if tile.change is not None]


@pytest.mark.parametrize("name", ["satisfaction.headline", "compound.course", "overview.headline", "overview.trend"])
def test_a_sentence_states_no_change_across_a_break_in_the_method(name: str, city: Reader) -> None:
    given = {"indicator": "satisfaction"} if name == "overview.trend" else {}
    title = draw(name, city, **given).title
    assert "不可比" in title
    assert not CLAIMS.search(title.partition("不可比")[0].rpartition("，")[2])
    assert "较上次调查+" not in title


@pytest.mark.parametrize("name", ["satisfaction.tiles", "overview.tiles"])
def test_a_tile_withholds_a_change_across_a_break_in_the_method(name: str, city: Reader) -> None:
    surveyed = [tile for tile in draw(name, city).tiles if tile.key in SURVEYED]
    assert surveyed
    for tile in surveyed:
        assert tile.change is not None
        assert tile.change.direction == "none"
        assert "不可比" in tile.change.text


def test_the_three_senses_are_not_set_beside_a_wave_asked_another_way(city: Reader) -> None:
    drawing = draw("satisfaction.senses", city)
    texts = " ".join(texts_of(drawing.figure))
    assert "不可比" in texts
    assert not CLAIMS.search(texts)
    assert "不与之相比" in (drawing.note or "")


def test_waves_asked_alike_are_compared(city: Reader) -> None:
    later, earlier = ACROSS
    assert not is_comparable(city, "satisfaction", earlier, later)
    assert not is_comparable(city, "satisfaction", later, earlier)
    assert is_comparable(city, "satisfaction", later, later)
    assert is_comparable(city, "satisfaction", "2026-05", earlier)
    assert is_comparable(city, "branch_coverage", earlier, later)
    change = change_since_last_wave(city, "2026-10")
    assert change is not None
    assert (change.before, change.value, change.crosses_method_break) == (earlier, None, True)
