"""One tile an area and month; what a tile says does not rest on its colour."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.figures.filing_heat import filing_heat
from dashboard.theme import Ink, foreign_colours

STATES = ("complete", "partial", "late", "missing")
FRAME = pd.DataFrame(
    [("B", "乙", "2026-01", 5, 5, "complete"), ("B", "乙", "2026-02", 3, 5, "partial"),
     ("A", "甲", "2026-01", 4, 4, "late"), ("A", "甲", "2026-02", 0, 4, "missing")],
    columns=["area", "label", "month", "filed", "expected", "state"],
)  # fmt: skip


def drawn(frame: pd.DataFrame = FRAME, theme: str = "light") -> dict[str, object]:
    return filing_heat(
        frame=frame, names={s: s.upper() for s in STATES}, ink=Ink(theme),  # type: ignore[arg-type]
        marks={"complete": "", "partial": "−{missing}", "late": "L", "missing": ""},
        month_names={m: f"month {m}" for m in ("2026-01", "2026-02")}, short_months={"2026-01": "1", "2026-02": "2"},
        hover="{area} {month} {state} {filed}/{expected}",
    )  # fmt: skip


def test_every_tile_is_drawn_once_in_the_trace_of_its_state() -> None:
    figure = drawn()
    tiles = {
        trace["name"]: [(x, group) for x, group in zip(trace["x"], trace["meta"]["groups"], strict=True)]
        for trace in figure["data"]  # type: ignore[attr-defined]
    }
    assert tiles == {"COMPLETE": [(0, "B")], "PARTIAL": [(1, "B")], "LATE": [(0, "A")], "MISSING": [(1, "A")]}


def test_areas_stand_from_the_top_in_the_order_given() -> None:
    axis = drawn()["layout"]["yaxis"]  # type: ignore[index]
    assert axis["ticktext"] == ["乙", "甲"]
    assert axis["range"][0] > axis["range"][1]


def test_a_state_has_a_mark_beside_its_colour() -> None:
    traces = {trace["name"]: trace for trace in drawn()["data"]}  # type: ignore[attr-defined]
    assert traces["PARTIAL"]["text"] == ["−2"]
    assert traces["LATE"]["text"] == ["L"]
    assert traces["MISSING"]["marker"]["pattern"]["shape"] == "/"
    assert traces["MISSING"]["hovertext"] == ["甲 month 2026-02 MISSING 0/4"]


@pytest.mark.parametrize("theme", ["light", "dark", "wall"])
def test_it_holds_only_colours_of_its_theme(theme: str) -> None:
    assert foreign_colours(drawn(theme=theme), theme) == set()  # type: ignore[arg-type]


def test_no_rows_draw_no_tiles() -> None:
    figure = drawn(FRAME.iloc[:0])
    assert all(trace["x"] == [] for trace in figure["data"])  # type: ignore[attr-defined]
