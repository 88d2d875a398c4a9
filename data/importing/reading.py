"""From the bytes of a file to its sheets; workbooks are parsed in a child process under limits."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.errors import UnreadableFileError
from data.importing import workbook
from data.importing.delimited import read_delimited
from data.importing.grid import Grid
from data.importing.guards import Form, form_of


@dataclass(frozen=True)
class Limits:
    """What parsing one workbook may use."""

    memory_bytes: int = 6 * 2**30
    seconds: int = 180


DEFAULT_LIMITS = Limits()


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
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        source, out = Path(folder) / "in.xlsx", Path(folder) / "out.json"
        source.write_bytes(content)
        command = [
            sys.executable, "-I", str(Path(workbook.__file__)), str(source), str(out), str(limits.memory_bytes),
            str(limits.seconds),
        ]  # fmt: skip
        try:
            # Waits a little longer than the CPU limit, for a child that sleeps instead of working.
            subprocess.run(command, timeout=limits.seconds * 2, capture_output=True, check=False)
        except subprocess.TimeoutExpired as error:
            raise _too_much(name) from error
        if not out.exists():
            raise _too_much(name)
        result = json.loads(out.read_text(encoding="utf-8") or '{"error": "memory"}')
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


def _too_much(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        "文件太大或太复杂，读取时超出了内存或时间限制", where=name, why="为了不影响其他使用者，每个文件只分给有限的资源",
        todo="请删除多余的空行空列与格式后另存，或按月份拆成几个文件", code="too_large",
    )  # fmt: skip


def _refusal(name: str, result: dict[str, str]) -> UnreadableFileError:
    if result["error"] == "encrypted":
        return UnreadableFileError("工作簿设了密码", where=name, todo="请取消密码，另存后再上传", code="encrypted")
    if result["error"] == "corrupt":
        return UnreadableFileError(
            "文件损坏，打不开", where=name, why="工作簿内部结构不完整",
            todo="请确认能用 Excel 或 WPS 打开，另存后再上传", code="corrupt",
        )  # fmt: skip
    return _too_much(name)
