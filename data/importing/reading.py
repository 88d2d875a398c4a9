"""From the bytes of a file to its sheets; workbooks are parsed in a child process under limits."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import UnreadableFileError
from data.importing import workbook
from data.importing.apart import DEFAULT_LIMITS, Limits, parse_apart, too_much
from data.importing.delimited import read_delimited
from data.importing.grid import Grid
from data.importing.guards import Form, form_of


def read_grids(
    name: str,
    content: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> list[Grid]:
    """The sheets of a workbook or the one sheet of a csv file.

    Raises:
        UnreadableFileError: the file as a whole cannot be used.
    """
    if form_of(name, content) is Form.WORKBOOK:
        return read_workbook(name, content, limits)
    return [read_delimited(name, content, encoding=encoding, delimiter=delimiter)]


def read_workbook(name: str, content: bytes, limits: Limits = DEFAULT_LIMITS) -> list[Grid]:
    """The sheets of an xlsx that has passed `guards.form_of`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inflated = sum(member.file_size for member in archive.infolist())
    result = parse_apart(Path(workbook.__file__), name, content, limits.of_size(inflated))
    if "error" in result:
        raise _refusal(name, result)
    return [
        Grid(
            sheet["name"],
            pd.DataFrame({i: pd.Series(column, dtype="str") for i, column in enumerate(sheet["columns"])}),
            [tuple(m) for m in sheet["merged"]],
            [tuple(u) for u in sheet["unset"]],
        )
        for sheet in result["sheets"]
    ]


def _refusal(name: str, result: dict[str, Any]) -> UnreadableFileError:
    if result["error"] == "encrypted":
        return UnreadableFileError("工作簿设了密码", where=name, todo="请取消密码，另存后再上传", code="encrypted")
    if result["error"] == "corrupt":
        return UnreadableFileError(
            "文件损坏，打不开", where=name, why="工作簿内部结构不完整",
            todo="请确认能用 Excel 或 WPS 打开，另存后再上传", code="corrupt",
        )  # fmt: skip
    return too_much(name)


__all__ = ["DEFAULT_LIMITS", "Limits", "read_grids", "read_workbook"]
