"""A saved mapping: how a foreign table becomes ours, written in YAML so that a new source needs no code.

The format is described in docs/importing.md and, line by line, in docs/mappings/listing.yaml.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from data.errors import GovernanceError, nearest
from data.importing.grid import Grid
from data.importing.headings import SheetRefusedError, normal, tabular
from data.importing.native import typed_target
from data.importing.parsers import NORMALISERS, PARSERS, Series, derived, missing_where, parsed, stable_id
from data.importing.problems import Findings
from data.importing.rows import SheetRows
from data.schema import TABLES
from data.schema.columns import own_columns

_TOP = ("version", "title", "file", "crs", "missing", "derive", "tables")
_FILE = ("encoding", "delimiter", "sheet", "heading_row", "columns")
_RULE = ("from", "rules", "otherwise")
_TABLE = ("columns", "when", "repeats")
_COLUMN = (
    "from", "parse", "unit", "range", "part", "pattern", "values", "otherwise", "constant", "id", "prefix", "normalise",
    "missing", "when",
)  # fmt: skip


class MappingError(GovernanceError):
    """A mapping file that cannot be used; the message names the place in it."""


@dataclass(frozen=True)
class TableMapping:
    """What one source row gives to one of our tables.

    Attributes:
        columns: our column → how its cell is made.
        when: source or derived column → values for which the row gives a row at all (None: whenever it is given).
        repeats: many source rows may give the same row.
    """

    columns: dict[str, dict[str, Any]]
    when: dict[str, list[str] | None] = field(default_factory=dict)
    repeats: bool = False


@dataclass(frozen=True)
class Mapping:
    """A mapping that has been checked.

    Attributes:
        identity: file name, version and fingerprint, kept with the batch.
        columns_by_position: headings of a table that has none.
    """

    identity: str
    tables: dict[str, TableMapping]
    derive: dict[str, dict[str, Any]]
    missing: tuple[str, ...]
    crs: str | None
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    heading_row: int | None
    columns_by_position: tuple[str, ...]

    @property
    def sources(self) -> list[str]:
        """The source headings the mapping reads."""
        named = [d["from"] for d in self.derive.values()]
        for table in self.tables.values():
            for spec in table.columns.values():
                named += [spec["from"]] if "from" in spec else []
                named += [*spec.get("id", []), *spec.get("when", {})]
            named += list(table.when)
        return [n for n in dict.fromkeys(named) if n not in self.derive]

    def chosen(self, grids: Sequence[Grid]) -> list[Grid]:
        """The sheets of a file the mapping is for: the one it names, else the first that is not empty."""
        if self.sheet is None:
            return [g for g in grids if g.cells.notna().any().any()][:1]
        found = [g for g in grids if g.name == self.sheet]
        if not found:
            guess = nearest(self.sheet, [g.name for g in grids], cutoff=0.3)
            raise GovernanceError(
                f"没有工作表“{self.sheet}”", why="映射文件指定了这个工作表",
                todo=f"是否为“{guess}”；请改工作表名或映射文件" if guess else "请核对文件", code="missing_sheet",
            )  # fmt: skip
        return found


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping file. Raises MappingError (codes `no_mapping`, `bad_mapping`)."""
    if not path.is_file():
        raise MappingError("找不到映射文件", where=str(path), todo="请检查路径", code="no_mapping")
    return parse_mapping(path.name, path.read_text(encoding="utf-8-sig", errors="replace"))


def parse_mapping(name: str, text: str) -> Mapping:
    """Check the text of a mapping file. Raises MappingError (code `bad_mapping`)."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行" if mark else ""
        raise MappingError(
            "映射文件不是合法的 YAML", where=f"{name} {place}".strip(), why="缩进、冒号或引号有误",
            todo="请对照 docs/mappings/listing.yaml 改正", code="bad_mapping",
        ) from error  # fmt: skip
    check = _Checker(name)
    top = check.block(document, _TOP, "")
    file = check.block(top.get("file") or {}, _FILE, "file")
    derive = {
        str(k): check.rule(v, f"derive.{k}") for k, v in check.block(top.get("derive") or {}, None, "derive").items()
    }
    tables = {
        str(k): check.table(str(k), v) for k, v in check.block(top.get("tables"), tuple(TABLES), "tables").items()
    }
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Mapping(
        identity=f"{name[:80]} v{top.get('version', 1)} {digest}", tables=tables, derive=derive,
        missing=tuple(str(m) for m in check.items(top.get("missing", []), "missing")), crs=top.get("crs"),
        encoding=file.get("encoding"), delimiter=file.get("delimiter"), sheet=file.get("sheet"),
        heading_row=file.get("heading_row"),
        columns_by_position=tuple(str(c) for c in check.items(file.get("columns") or [], "file.columns")),
    )  # fmt: skip


class _Checker:
    """Says where in a mapping file something is wrong."""

    def __init__(self, name: str) -> None:
        self.name = name

    def fail(self, place: str, what: str, todo: str = "请对照 docs/mappings/listing.yaml 改正") -> MappingError:
        return MappingError(what, where=f"{self.name} {place}".strip(), todo=todo, code="bad_mapping")

    def block(self, value: Any, allowed: Sequence[str] | None, place: str) -> dict[str, Any]:
        if not isinstance(value, dict) or (not value and place in {"", "tables"}):
            raise self.fail(place, "这里应有“键: 值”")
        for key in value:
            if allowed is not None and key not in allowed:
                guess = nearest(str(key), allowed)
                raise self.fail(
                    place, f"没有“{key}”这一项",
                    f"是否想写“{guess}”" if guess else f"可用的有 {'、'.join(allowed)}",
                )  # fmt: skip
        return dict(value)

    def items(self, value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.fail(place, "这里应是一个列表")
        return value

    def rule(self, value: Any, place: str) -> dict[str, Any]:
        rule = self.block(value, _RULE, place)
        if "from" not in rule or not isinstance(rule.get("rules"), list):
            raise self.fail(place, "要有 from（来源列）和 rules（规则列表）")
        for number, item in enumerate(rule["rules"], 1):
            entry = self.block(item, ("match", "value"), f"{place}.rules[{number}]")
            if set(entry) != {"match", "value"}:
                raise self.fail(f"{place}.rules[{number}]", "每条规则要有 match 和 value")
            self.regex(str(entry["match"]), f"{place}.rules[{number}]")
        return rule

    def regex(self, pattern: str, place: str) -> None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise self.fail(place, f"正则表达式“{pattern}”写错了：{error}") from error

    def table(self, name: str, value: Any) -> TableMapping:
        place = f"tables.{name}"
        block = self.block(value, _TABLE, place)
        own = {c.name: c for c in own_columns(TABLES[name])}
        columns = {
            str(k): self.column(v, f"{place}.{k}")
            for k, v in self.block(block.get("columns"), tuple(own), f"{place}.columns").items()
        }
        lacking = [n for n, c in own.items() if c.info["required"] and not c.info["derived"] and n not in columns]
        if lacking:
            raise self.fail(place, f"必填的列没有来源：{'、'.join(lacking)}")
        return TableMapping(columns, self.when(block.get("when"), place), bool(block.get("repeats", False)))

    def when(self, value: Any, place: str) -> dict[str, list[str] | None]:
        conditions: dict[str, list[str] | None] = {}
        for source, wanted in self.block(value or {}, None, f"{place}.when").items():
            if wanted != "given" and not isinstance(wanted, list):
                raise self.fail(f"{place}.when.{source}", "写 given（有值就算）或一个取值列表")
            conditions[str(source)] = None if wanted == "given" else [str(w) for w in wanted]
        return conditions

    def column(self, value: Any, place: str) -> dict[str, Any]:
        if isinstance(value, str):
            return {"from": value}
        spec = self.block(value, _COLUMN, place)
        if sum(k in spec for k in ("from", "constant", "id")) != 1:
            raise self.fail(place, "from（来源列）、constant（常数）、id（由哪些列生成编号）三者要有且只有一个")
        for key, known in (("parse", PARSERS), ("normalise", NORMALISERS), ("range", ("middle", "low", "high"))):
            if key in spec and spec[key] not in known:
                raise self.fail(place, f"{key} 不能是“{spec[key]}”", f"可用的有 {'、'.join(known)}")
        if "pattern" in spec:
            self.regex(str(spec["pattern"]), place)
        if "id" in spec:
            self.items(spec["id"], f"{place}.id")
        if "values" in spec:
            self.block(spec["values"], None, f"{place}.values")
        spec["when"] = self.when(spec.get("when"), place)
        return spec


def read_mapped(file: int, grid: Grid, mapping: Mapping) -> SheetRows:
    """A foreign sheet as rows of our tables.

    Raises:
        SheetRefusedError: codes of `headings`, `missing_column`.
    """
    findings = Findings(grid.name)
    if mapping.columns_by_position:
        grid = _with_headings(grid, mapping.columns_by_position)
    found = tabular(
        grid, mapping.sources, findings, heading_row=1 if mapping.columns_by_position else mapping.heading_row
    )
    if mapping.columns_by_position:
        found.cells.index = found.cells.index - 1
        found.heading_row = 0
    by_normal = {normal(h): h for h in found.cells.columns}
    for source in mapping.sources:
        if normal(source) not in by_normal:
            guess = nearest(source, list(found.cells.columns), cutoff=0.4)
            raise SheetRefusedError(
                f"没有“{source}”这一列", column=source, why="映射文件要用到它",
                todo=f"是否为“{guess}”；请改列名或映射文件" if guess else "请核对文件与映射是否配套",
                code="missing_column",
            )  # fmt: skip
    text = pd.DataFrame(
        {s: missing_where(found.cells[by_normal[normal(s)]], mapping.missing) for s in mapping.sources},
        index=found.cells.index,
    )
    for name, rule in mapping.derive.items():
        text[name] = derived(text[rule["from"]], rule)
    sheet = SheetRows(file, grid.name, found.cells, findings, heading_row=found.heading_row, positions=found.positions)
    used = {normal(s) for s in mapping.sources}
    sheet.ignored = [h for h in found.cells.columns if normal(h) not in used]
    for name, table in mapping.tables.items():
        rows = text[_holds(text, table.when)]
        cells = pd.DataFrame({c: _cells(rows, spec) for c, spec in table.columns.items()}, index=rows.index)
        target = typed_target(
            TABLES[name], cells, {c: c for c in cells.columns}, _renamed(findings, table.columns), repeats=table.repeats
        )
        target.headings = {c: _source(spec) or c for c, spec in table.columns.items()}
        sheet.targets.append(target)
    return sheet


class _Renamed(Findings):
    """Findings that name the source heading instead of our column."""

    def __init__(self, inner: Findings, headings: Dict[str, str]) -> None:
        super().__init__(inner.sheet, inner.problems, inner.refused)
        self._headings = headings

    def add(self, rows: Any, column: Any, values: Any, code: Any, message: Any) -> None:
        super().add(rows, self._headings.get(column, column), values, code, message)


def _renamed(findings: Findings, columns: Dict[str, dict[str, Any]]) -> Findings:
    return _Renamed(findings, {c: _source(spec) or c for c, spec in columns.items()})


def _source(spec: Dict[str, Any]) -> str:
    return str(spec["from"]) if "from" in spec else "、".join(spec.get("id", []))


def _with_headings(grid: Grid, columns: Sequence[str]) -> Grid:
    if grid.cells.shape[1] < len(columns):
        raise SheetRefusedError(
            f"只有 {grid.cells.shape[1]} 列，映射按位置需要 {len(columns)} 列", todo="请核对文件与映射是否配套",
            code="missing_column",
        )  # fmt: skip
    cells = grid.cells[list(grid.cells.columns[: len(columns)])]
    head = pd.DataFrame([list(columns)], columns=cells.columns)
    merged = [(a + 1, b, c + 1, d) for a, b, c, d in grid.merged]
    return Grid(grid.name, pd.concat([head, cells], ignore_index=True), merged, [(r + 1, c) for r, c in grid.unset])


def _holds(text: pd.DataFrame, when: Dict[str, list[str] | None]) -> Series:
    holds = pd.Series(True, index=text.index)
    for source, wanted in when.items():
        holds &= text[source].notna() if wanted is None else text[source].isin(wanted)
    return holds


def _cells(rows: pd.DataFrame, spec: Dict[str, Any]) -> Series:
    """The text of one of our columns for every row; missing where the column's own condition does not hold."""
    made = _made(rows, spec)
    return made.where(_holds(rows, spec["when"]), np.nan) if spec.get("when") else made


def _made(rows: pd.DataFrame, spec: Dict[str, Any]) -> Series:
    if "constant" in spec:
        value = spec["constant"]
        return pd.Series(
            "是" if value is True else "否" if value is False else str(value), index=rows.index, dtype="str"
        )
    if "id" in spec:
        return stable_id(rows[list(spec["id"])], prefix=str(spec.get("prefix", "")), normalise=spec.get("normalise"))
    return parsed(missing_where(rows[spec["from"]], spec.get("missing", ())), spec)
