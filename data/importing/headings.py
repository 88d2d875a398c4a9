"""Finding the heading row of a sheet, and the rows of data under it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from data.errors import GovernanceError
from data.importing.grid import Grid
from data.importing.problems import Findings

SEARCHED_ROWS = 12
# How the template's help row begins; the importer passes over it.
HELP_MARK = "填写说明"
_UNIT = re.compile(r"[(（][^()（）]*[)）]\s*$")
_PERSONAL = re.compile(
    r"姓名|身份证|证件号|手机|电话|联系方式|联系人|住址|家庭地址|户籍地址|门牌|房号|室号|出生|生日|民族|微信|银行卡|银行账号"
    r"|车牌|邮箱|业主名|户主|党员名|负责人$|id[ _]?card|phone|mobile|passport|e-?mail|wechat",
    re.IGNORECASE,
)


class SheetRefusedError(GovernanceError):
    """The structure of a sheet is wrong, so that none of its rows can be judged.

    Attributes:
        column, value: heading concerned and what it holds, for the problem list.
    """

    def __init__(
        self,
        what: str,
        *,
        column: str | None = None,
        value: str | None = None,
        why: str = "",
        todo: str = "",
        code: str,
    ) -> None:
        super().__init__(what, why=why, todo=todo, code=code)
        self.column, self.value = column, value


@dataclass
class Tabular:
    """A sheet with its headings known.

    Attributes:
        cells: text, one column per heading, index = row numbers as a spreadsheet shows them.
        positions: heading → column number, from 0.
    """

    name: str
    cells: pd.DataFrame
    heading_row: int
    positions: dict[str, int]


def normal(heading: str) -> str:
    """A heading without what people vary: white space, width, a trailing unit, a mark of obligation."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading)).strip("*:")
    return text.lower()


def without_unit(heading: str) -> str:
    """A normal heading without its trailing parenthesis."""
    return _UNIT.sub("", normal(heading))


def is_personal(heading: str) -> bool:
    """Whether a column of this heading would hold data about a person."""
    return bool(_PERSONAL.search(normal(heading)))


def tabular(
    grid: Grid, known: Iterable[str], findings: Findings, *, heading_row: int | None = None, are_ours: bool = False
) -> Tabular:
    """The headings and data rows of `grid`.

    Args:
        known: headings that tell the heading row from titles above it.
        heading_row: its number, if it is known.
        are_ours: `known` are headings of the template, which hold nothing personal whatever they sound like.

    Raises:
        SheetRefusedError: codes `no_heading`, `empty_heading`, `duplicate_heading`, `personal_column`.
    """
    cells = grid.cells
    words = {normal(k) for k in known}
    at = heading_row - 1 if heading_row else _find(cells, words, grid)
    if at is None or at >= len(cells):
        raise SheetRefusedError(
            "找不到表头", why="工作表是空的，或前几行没有一行像表头", todo="请保留模板的表头行", code="no_heading"
        )
    head = _filled_heads(cells.head(at + 1), grid).iloc[at]
    body = cells.iloc[at + 1 :]
    headings: dict[str, int] = {}
    for position in cells.columns:
        text = head[position]
        if pd.isna(text):
            if body[position].notna().any():
                row = int(body[position].first_valid_index()) + 1  # type: ignore[arg-type]
                raise SheetRefusedError(
                    f"第 {int(position) + 1} 列没有表头，但第 {row} 行起有内容", why="不知道这一列是什么",
                    todo="请补上表头，或删去这一列", code="empty_heading",
                )  # fmt: skip
            continue
        text = str(text).strip()
        if text in headings:
            raise SheetRefusedError(
                f"表头“{text}”出现了两次", column=text, why="不知道以哪一列为准", todo="请改名或删去其中一列",
                code="duplicate_heading",
            )  # fmt: skip
        headings[text] = int(position)
    refuse_personal(h for h in headings if not (are_ours and {normal(h), without_unit(h)} & words))
    body = body[list(headings.values())].set_axis(list(headings), axis=1)
    body = body.set_axis(pd.Index([int(i) + 1 for i in body.index], dtype="int64"))
    body = body[body.notna().any(axis=1)]
    body = _without_help(body, at + 2)
    found = Tabular(grid.name, body, at + 1, headings)
    _report_cells(grid, found, findings)
    return found


def refuse_personal(headings: Iterable[str]) -> None:
    """Raise SheetRefusedError (`personal_column`) at the first heading that looks personal."""
    for heading in headings:
        if is_personal(heading):
            raise SheetRefusedError(
                f"“{heading}”是个人信息，整张表不接收", column=heading,
                why="本系统只记岗位和数量，不保存姓名、证件、电话、住址等个人信息",
                todo="请删去这一列（不要只是隐藏）后再导入", code="personal_column",
            )  # fmt: skip


def _find(cells: pd.DataFrame, known: set[str], grid: Grid) -> int | None:
    top = _filled_heads(cells.head(SEARCHED_ROWS), grid)
    best, best_count = None, 0
    first_wide = None
    for at in range(len(top)):
        texts = [str(v) for v in top.iloc[at].dropna()]
        count = sum(normal(t) in known or without_unit(t) in known for t in texts)
        if count > best_count:
            best, best_count = at, count
        if first_wide is None and texts:
            first_wide = at
        if first_wide is not None and len(texts) > 1 and top.iloc[first_wide].notna().sum() <= 1:
            first_wide = at
    return best if best is not None else first_wide


def _filled_heads(top: pd.DataFrame, grid: Grid) -> pd.DataFrame:
    """The top rows with every cell of a merged heading showing its text."""
    filled = top.copy()
    for r1, c1, r2, c2 in grid.merged:
        if r2 < len(filled) and c2 < filled.shape[1]:
            for column in range(c1, c2 + 1):
                shown = filled.iloc[:, column].mask(filled.index.isin(range(r1, r2 + 1)), top.iat[r1, c1])
                filled.isetitem(column, shown.array)
    return filled


def _without_help(body: pd.DataFrame, row: int) -> pd.DataFrame:
    if len(body) and body.index[0] == row:
        given = body.iloc[0].dropna()
        if len(given) and str(given.iloc[0]).startswith(HELP_MARK):
            return body.iloc[1:]
    return body


def _report_cells(grid: Grid, found: Tabular, findings: Findings) -> None:
    by_position = {position: heading for heading, position in found.positions.items()}
    rows = set(found.cells.index)
    for r1, c1, r2, _ in grid.merged:
        inside = [r for r in range(r1 + 1, r2 + 2) if r in rows and r > found.heading_row]
        if inside:
            findings.add(
                inside, by_position.get(c1), [grid.cells.iat[r1, c1]] * len(inside), "merged_cells",
                f"第 {r1 + 1} 到 {r2 + 1} 行有合并单元格，只有左上角一格有内容，其余行会变成空；请取消合并并把内容填满每一行",
            )  # fmt: skip
    for row, position in grid.unset:
        if row + 1 in rows and row + 1 > found.heading_row:
            findings.add(
                [row + 1], by_position.get(position), None, "formula_without_value",
                "这一格是公式，但文件里没有保存计算结果；请用 Excel 或 WPS 打开后保存一次，或“选择性粘贴 → 数值”",
            )  # fmt: skip
        elif row + 1 > found.heading_row and position in by_position:
            findings.add(
                [row + 1], by_position[position], None, "formula_without_value",
                "这一行只有没有计算结果的公式；请用 Excel 或 WPS 打开后保存一次，或“选择性粘贴 → 数值”",
            )  # fmt: skip
