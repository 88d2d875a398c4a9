"""The programme of the large screen: what its file declares, what is refused, and when data are old."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.scenes import SCENE_CARDS, SceneError, programme, read_programme, scenes_of
from dashboard.staleness import days_since_month_end, is_stale
from dashboard.wording import text_table
from data.errors import UnknownKeyError
from data.query import Reader

ONE = "rotate: 20\nscenes:\n  - name: overview\n    headline: overview.headline\n    cards:\n      overview.map: {at: [1, 1], size: [6, 6]}\n"


def test_the_file_can_be_read_and_every_scene_has_a_name_in_words() -> None:
    found = programme()
    assert [scene.name for scene in found.scenes] == ["overview", "coverage", "satisfaction", "alerts", "county"]
    assert [s.name for s in found.scenes if not s.is_each_county and f"scene.{s.name}" not in text_table()] == []


def test_every_county_with_compounds_has_its_scene(small_reader: Reader) -> None:
    assert [(scene.name, scene.area) for scene in scenes_of(small_reader)] == [
        ("overview", None), ("coverage", None), ("satisfaction", None), ("alerts", None),
        ("county-990001", "990001"), ("county-990002", "990002"),
    ]  # fmt: skip


def test_a_scene_is_read_as_it_is_written() -> None:
    found = read_programme(ONE)
    (scene,) = found.scenes
    (spot,) = scene.spots
    assert found.rotate == 20
    assert (spot.card, spot.column, spot.row, spot.columns, spot.rows) == ("overview.map", 1, 1, 6, 6)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("size: [6, 6]", "size: [13, 6]", "超出画布"),
        ("size: [6, 6]", "size: 6", "缺少位置"),
        ("at: [1, 1]", "at: [0, 1]", "缺少位置"),
        ("rotate: 20", "rotate: 0", "轮播间隔"),
        ("    cards:", "    picture: none\n    cards:", "picture"),
        ("    cards:", "    each: street\n    cards:", "each"),
        ("scenes:", "scenery:", "没有列出任何场景"),
        ("name: overview", "name: 3", "没有名称"),
        ("size: [6, 6]}", "size: [6, 6]}\n      overview.trend: {at: [6, 6], size: [2, 2]}", "重叠"),
        (ONE, "scenes: [", "YAML"),
        (ONE, ONE + ONE.split("scenes:\n")[1], "重复"),
    ],
)
def test_a_wrong_programme_is_refused_with_the_place(old: str, new: str, said: str) -> None:
    assert old in ONE
    with pytest.raises(SceneError) as refused:
        read_programme(ONE.replace(old, new))
    assert said in str(refused.value)
    assert "scenes.yaml" in str(refused.value)


def test_an_unknown_card_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownKeyError, match=r"overview\.map"):
        read_programme(ONE.replace("overview.map", "overview.maps"))


def test_a_scene_may_show_every_card_of_the_desk() -> None:
    assert {"overview.tiles", "ranking.ranges", "wall.alerts"} <= set(SCENE_CARDS)


@pytest.mark.parametrize(
    ("month", "day", "days"),
    [
        ("2026-10", date(2026, 10, 31), 0),
        ("2026-10", date(2026, 12, 15), 45),
        ("2026-12", date(2027, 1, 1), 1),
        ("2024-02", date(2024, 3, 1), 1),
        ("2026-11", date(2026, 11, 5), -25),
    ],
)
def test_age_is_counted_from_the_end_of_the_month(month: str, day: date, days: int) -> None:
    assert days_since_month_end(month, day) == days


def test_data_are_old_only_after_the_limit_and_only_where_there_are_any() -> None:
    assert not is_stale("2026-10", date(2026, 12, 15), 45)
    assert is_stale("2026-10", date(2026, 12, 16), 45)
    assert not is_stale("", date(2026, 12, 16), 45)
