"""Reading csv: which encoding and which delimiter, told by the content unless a mapping says so."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd

from data.errors import UnreadableFileError
from data.importing.grid import Grid

DELIMITERS = {",": "逗号", ";": "分号", "\t": "制表符", "|": "竖线"}
SNIFFED_LINES = 50
# Numbers of cells above which a csv is not read.
MAX_CELLS = 60_000_000


def read_delimited(name: str, content: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Grid:
    """The cells of a csv as text.

    Raises:
        UnreadableFileError: codes `encoding`, `binary`, `ragged`, `empty`.
    """
    text = decoded(name, content, encoding)
    if not text.strip():
        raise UnreadableFileError("文件里只有空白", where=name, todo="请重新导出后再上传", code="empty")
    mark = delimiter or sniff_delimiter(text)
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=mark, header=None, dtype=str, keep_default_na=False, na_values=[""],
            skip_blank_lines=False, quotechar='"', engine="c", low_memory=False, names=_wide_enough(text, mark),
        )  # fmt: skip
    except (pd.errors.ParserError, csv.Error) as error:
        line = re.search(r"line (\d+)", str(error))
        raise UnreadableFileError(
            f"第 {line.group(1)} 行的列数与前面不一致" if line else "各行的列数不一致", where=name,
            why=f"按{DELIMITERS.get(mark, mark)}分列；某个单元格里可能有未加引号的{DELIMITERS.get(mark, mark)}或引号",
            todo="请用 Excel 或 WPS 打开检查这一行，另存为 .xlsx 后再上传", code="ragged",
        ) from error  # fmt: skip
    if frame.size > MAX_CELLS:
        raise UnreadableFileError("单元格太多", where=name, todo="请按月份拆成几个文件", code="too_large")
    return Grid(name.rsplit("/", 1)[-1].rsplit(".", 1)[0], frame.set_axis(range(frame.shape[1]), axis=1))


def decoded(name: str, content: bytes, encoding: str | None) -> str:
    """`content` as text: the BOM's encoding, else UTF-8 if it is that, else GB18030 (which holds GBK)."""
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFileError(
            "这不是文本表格", where=name, why="内容是二进制", todo="请上传 .xlsx、.csv 或地图文件", code="binary"
        )
    candidates = [encoding] if encoding else ["utf-8-sig", "gb18030"]
    if not encoding and content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    for candidate in candidates:
        try:
            return content.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnreadableFileError(
        "文字编码认不出来", where=name, why=f"不是 {'、'.join(str(c) for c in candidates)} 编码，或文件已损坏",
        todo="请用 Excel 或 WPS 打开，另存为 .xlsx 或“CSV UTF-8”后再上传", code="encoding",
    )  # fmt: skip


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most equal number of cells; a comma when none does."""
    sample = "\n".join(text[:200_000].splitlines()[:SNIFFED_LINES])
    best, best_score = ",", 0.0
    for mark in DELIMITERS:
        rows = [r for r in csv.reader(io.StringIO(sample), delimiter=mark) if r]
        if not rows:
            continue
        widths = [len(r) for r in rows]
        common = max(set(widths), key=widths.count)
        score = 0.0 if common < 2 else widths.count(common) / len(widths) + min(common, 50) / 1000
        if score > best_score:
            best, best_score = mark, score
    return best


def _wide_enough(text: str, mark: str) -> list[int]:
    """Column names for the widest of the first rows, so that a short title line above them does not set the width."""
    sample = "\n".join(text[:200_000].splitlines()[:SNIFFED_LINES])
    return list(range(max((len(r) for r in csv.reader(io.StringIO(sample), delimiter=mark)), default=1)))
