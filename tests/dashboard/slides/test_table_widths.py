"""Tables on slides: a cell is cut where its column ends, not before."""

from __future__ import annotations

from pptx import Presentation

from dashboard.slides.table import Cell, place_cells
from dashboard.slides.types import EMU_PER_PT, Box, Fonts
from dashboard.theme import Ink
from dashboard.wording import Words

LONG = "宣城市经济开发区 › 金坝街道 › 靖庙村委员会第三网格"


def written(wide_pt: float, heads: list[str], line: list[Cell]) -> list[str]:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    box = Box(0, 0, round(wide_pt * EMU_PER_PT), round(200 * EMU_PER_PT))
    place_cells(
        slide, heads, [line], box, name="表", alt="表", ink=Ink(), words=Words("zh"), fonts=Fonts("Arial", "宋体")
    )
    cells = slide.shapes[0].table.rows[1].cells
    return [cell.text_frame.text for cell in cells]


def test_a_long_text_is_whole_where_the_slide_has_room() -> None:
    assert written(600, ["小区", "所在"], [Cell("甲"), Cell(LONG)]) == ["甲", LONG]


def test_where_there_is_no_room_the_long_one_gives_way_and_the_short_one_stays() -> None:
    short, long = written(280, ["小区", "所在"], [Cell("迎霁庭·乙"), Cell(LONG * 2)])
    assert short == "迎霁庭·乙"
    assert long.endswith("…")
    assert LONG.startswith(long[:10])
