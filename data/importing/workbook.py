"""Reading a workbook in a process of its own: `python workbook.py FILE OUT MEMORY_BYTES CPU_SECONDS`.

It imports nothing of the project, so that it starts fast and holds nothing worth stealing. It writes JSON: per sheet
its name, its columns of cell text from row 1 on (null = empty), its merged ranges and the cells whose formula has no
stored value. Numbers come as the shortest text that reads back the same, dates as ISO text, flags as 是/否.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import python_calamine

MAX_CELLS = 40_000_000
# So many cells may be mostly empty; of more, one in so many must hold something.
FEW_CELLS, MOST_EMPTY = 1_000_000, 50
_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_FORMULA = re.compile(rb"<f[\s>/]")
_VALUE = re.compile(rb"<v>[^<]|<is>")
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def cell_text(value: Any) -> str | None:
    """A cell's value as text; None when empty."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else None


def read(path: str) -> dict[str, Any]:
    """The sheets of the workbook at `path`."""
    sheets = []
    parts = _sheet_parts(path)
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        for meta in book.sheets_metadata:
            if str(meta.typ).split(".")[-1] not in {"WorkSheet", "Worksheet"}:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.total_height * sheet.total_width > MAX_CELLS:
                return {"error": "too_many_cells", "sheet": meta.name}
            rows = sheet.to_python(skip_empty_area=False)
            columns = [[cell_text(v) for v in column] for column in zip(*rows, strict=True)]
            filled = sum(len(column) - column.count(None) for column in columns)
            if len(rows) * len(columns) > max(FEW_CELLS, MOST_EMPTY * filled):
                return {"error": "too_many_cells", "sheet": meta.name}
            sheets.append({
                "name": meta.name,
                "columns": columns,
                "merged": [[*start, *end] for start, end in sheet.merged_cell_ranges or []],
                "unset": _formulas_without_value(path, parts.get(meta.name)),
            })  # fmt: skip
    return {"sheets": sheets}


def _sheet_parts(path: str) -> dict[str, str]:
    """Sheet name → its part in the zip."""
    with zipfile.ZipFile(path) as archive:
        names = {n.lower(): n for n in archive.namelist()}
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return {}
        book = ElementTree.fromstring(archive.read(names["xl/workbook.xml"]))
        links = ElementTree.fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))
    target = {link.get("Id"): str(link.get("Target")) for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get(_RELATION) in target:
            part = target[sheet.get(_RELATION)]
            found[str(sheet.get("name"))] = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
    return found


def _formulas_without_value(path: str, part: str | None) -> list[list[int]]:
    """Row and column (from 0) of formula cells in which no program has stored the result."""
    if part is None:
        return []
    with zipfile.ZipFile(path) as archive:
        if part not in archive.namelist():
            return []
        xml = archive.read(part)
    if not _FORMULA.search(xml):
        return []
    found = []
    for match in _CELL.finditer(xml):
        attributes, body = match.group(1), match.group(2) or b""
        where = _REFERENCE.search(b" " + attributes)
        if where and _FORMULA.search(body) and not _VALUE.search(body):
            column = 0
            for letter in where.group(1):
                column = column * 26 + letter - 64
            found.append([int(where.group(2)) - 1, column - 1])
    return found


def main(path: str, out: str, memory: int, seconds: int) -> None:
    """Read `path` under limits and write JSON to `out`."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        result = read(path)
    except python_calamine.PasswordError:
        result = {"error": "encrypted"}
    except MemoryError:
        result = {"error": "memory"}
    except (python_calamine.CalamineError, zipfile.BadZipFile, ElementTree.ParseError, OSError, ValueError):
        result = {"error": "corrupt"}
    try:
        with open(out, "w", encoding="utf-8") as target:
            json.dump(result, target, ensure_ascii=False)
    except MemoryError:
        with open(out, "w", encoding="utf-8") as target:
            target.write('{"error": "memory"}')


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
