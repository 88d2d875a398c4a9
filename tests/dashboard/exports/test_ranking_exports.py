"""The ranking taken out: tiers, ranges and gates; under chosen weights recomputed, beside the official result, marked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from dashboard.exports.files import to_workbook
from dashboard.exports.framing import framed
from dashboard.exports.taking import Taken, take
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.errors import UsageError
from data.query import Reader
from data.quick_ranks import quick_firmness, uniforms
from data.ranking import load_scheme, rank_compounds
from data.statistics.bands import Tier
from data.store import migrate, open_store
from data.weights import official_weights, reweighted, write_choice
from tests.ranked_city import build_ranked_city

STAMP = datetime(2026, 11, 5, 14, 30)
OFFICIAL = View(page="ranking")
CHANGED = official_weights(load_scheme()) | {"residents_view": 40.0, "party_leadership": 5.0}
CHOSEN = replace(OFFICIAL, weights=write_choice(load_scheme(), CHANGED))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('ranking') / 'store.db'}")
    migrate(engine)
    build_ranked_city(engine)
    yield Reader(engine)
    engine.dispose()


def taken(reader: Reader, name: str, view: View) -> Taken:
    return take(name, reader, view, Ink(), Words(), stamp=STAMP)


def sheets(content: bytes) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        rows = [*sheet.iter_rows(values_only=True)]
        found[sheet.title] = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
    return found


@pytest.mark.parametrize("name", ["ranking.tiers", "ranking.ranges", "ranking.lab"])
def test_every_compound_goes_out_with_tier_range_and_gates_never_a_bare_rank(reader: Reader, name: str) -> None:
    found = taken(reader, name, OFFICIAL)
    rows = sheets(to_workbook(found))["数据"]
    table = rank_compounds(reader).firmness.table
    assert {row["代码"] for row in rows} == set(table.index)
    assert not {"名次", "排名", "Rank"} & set(rows[0])
    for row in rows:
        firm = table.loc[row["代码"]]
        if firm["tier"] == Tier.UNRANKED:
            assert row["理由"]
            assert not row["名次区间"]
        else:
            assert re.fullmatch(r"第\d+–\d+位", row["名次区间"])
            assert row["前10%概率"] == pytest.approx(firm["probability_top"] * 100)
    assert not any("官方" in mark for mark in found.meaning.marks)
    assert "非官方" not in found.stem


@pytest.mark.parametrize("name", ["ranking.tiers", "ranking.ranges", "ranking.lab"])
def test_chosen_weights_recompute_the_workbook_and_mark_it(reader: Reader, name: str) -> None:
    found = taken(reader, name, CHOSEN)
    book = sheets(to_workbook(found))
    ranking = rank_compounds(reader)
    firm, scores = quick_firmness(ranking, CHANGED), reweighted(ranking, CHANGED)
    for row in book["数据"]:
        unit = row["代码"]
        for heading, column in (("算术得分", "arithmetic"), ("几何得分", "geometric")):
            score = float("nan") if row[heading] is None else row[heading]
            assert score == pytest.approx(scores.loc[unit, column], nan_ok=True)
        if firm.loc[unit, "tier"] != Tier.UNRANKED:
            assert row["前10%概率"] == pytest.approx(firm.loc[unit, "probability_top"] * 100)
            assert re.fullmatch(r".+ 第\d+–\d+位", row["官方"])
    weights = {row["指标代码"]: (row["官方权重"], row["本表所用权重"]) for row in book["权重"]}
    assert weights["residents_view"] == (official_weights(load_scheme())["residents_view"], 40.0)
    assert {key: chosen for key, (_, chosen) in weights.items()} == pytest.approx(CHANGED)
    assert any("非官方权重" in str(value) for row in book["口径说明"] for value in row.values())
    assert "非官方权重" in found.stem


def test_the_picture_under_chosen_weights_says_so_and_shows_them(reader: Reader) -> None:
    official, chosen = (framed(taken(reader, "ranking.ranges", view)) for view in (OFFICIAL, CHOSEN))
    assert "非官方权重" in chosen.before
    assert "非官方权重" in chosen.stem
    assert "非官方" not in official.before
    firm = quick_firmness(rank_compounds(reader), CHANGED)
    dots = next(trace for trace in chosen.figure["data"] if trace.get("mode") == "markers")
    bars = chosen.figure["data"][0]
    assert dots["x"] == [firm.loc[unit, "median_rank"] for unit in bars["meta"]["groups"]]


def test_another_card_of_the_page_says_that_it_keeps_the_official_weights(reader: Reader) -> None:
    found = taken(reader, "ranking.gates", CHOSEN)
    assert any("官方权重计算" in mark for mark in found.meaning.marks)
    assert "非官方" not in found.stem


@pytest.mark.parametrize("weights", ["wanmei-0.1-1_2", "nobody-1-2_3", "wanmei-1.0-x"])
def test_weights_that_cannot_be_read_are_refused(reader: Reader, weights: str) -> None:
    with pytest.raises(UsageError):
        taken(reader, "ranking.tiers", replace(OFFICIAL, weights=weights))


def test_the_generator_gives_what_it_gives_in_a_browser() -> None:
    # mulberry32 with seed 1, as published by its author.
    assert uniforms(1, 3).tolist() == pytest.approx([0.6270739405881613, 0.002735721180215478, 0.5274470399599522])
