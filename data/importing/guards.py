"""What a file is, told by its first bytes, and what is refused before anything parses it."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from data.errors import UnreadableFileError

OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a workbook may inflate to, and how many times its own size; ordinary workbooks inflate 5 to 20 times.
MAX_INFLATED = 600 * 2**20
MAX_RATIO = 120
SMALL = 20 * 2**20
MAX_FILE = 200 * 2**20
_XML_PART = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ROOT = re.compile(rb"<[A-Za-z_]")
HEAD_BYTES = 65_536


class Form(StrEnum):
    """The kinds of file the importer reads."""

    WORKBOOK = "workbook"
    TEXT = "text"
    SHAPES = "shapes"


def form_of(name: str, content: bytes) -> Form:
    """What `content` is, after the checks that need no parser.

    Raises:
        UnreadableFileError: codes `empty`, `too_large`, `old_excel`, `encrypted`, `zip_bomb`, `macros`,
            `external_links`, `document_type`, `corrupt`, `unknown_format`.
    """
    if not content:
        raise UnreadableFileError(
            "文件是空的（0 字节）", where=name, why="里面没有任何内容", todo="请重新导出或保存后再上传", code="empty"
        )
    if len(content) > MAX_FILE:
        raise UnreadableFileError(
            f"文件有 {len(content) / 2**20:.0f} MB，太大", where=name, why=f"单个文件最多 {MAX_FILE // 2**20} MB",
            todo="请按月份或按表拆成几个文件", code="too_large",
        )  # fmt: skip
    if content.startswith(OLE_HEADER):
        raise _ole(name, content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_form(name, content)
    if content.startswith(b"SQLite format 3\0"):
        return Form.SHAPES
    if name.lower().endswith((".geojson", ".json", ".gpkg", ".shp", ".dbf")):
        return Form.SHAPES
    if content.startswith(b"%PDF"):
        raise UnreadableFileError(
            "这是 PDF，不是表格", where=name, todo="请上传导出 PDF 之前的 xlsx 或 csv", code="unknown_format"
        )
    if content[:200].lstrip().lower().startswith((b"<html", b"<!doctype html", b"<table", b"<?xml")):
        raise UnreadableFileError(
            "这是网页或 XML，不是表格", where=name, why="有些系统把网页改名为 .xls 导出",
            todo="请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传", code="unknown_format",
        )  # fmt: skip
    return Form.TEXT


def _ole(name: str, content: bytes) -> UnreadableFileError:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return UnreadableFileError(
            "工作簿设了打开密码", where=name, why="加密的内容读不出来",
            todo="请在 Excel 或 WPS 中取消密码，另存后再上传", code="encrypted",
        )  # fmt: skip
    return UnreadableFileError(
        "这是旧版 Excel 文件（.xls）", where=name, why="只改扩展名不会改变文件格式，旧格式不受支持",
        todo="请用 Excel 或 WPS 打开，选“另存为 → Excel 工作簿（.xlsx）”后再上传", code="old_excel",
    )  # fmt: skip


def _zip_form(name: str, content: bytes) -> Form:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise _corrupt(name) from error
    with archive:
        members = archive.infolist()
        names = {m.filename.lower().replace("\\", "/") for m in members}
        total = sum(m.file_size for m in members)
        if total > MAX_INFLATED or (total > SMALL and total > MAX_RATIO * len(content)):
            raise UnreadableFileError(
                f"文件解压后有 {total / 2**20:.0f} MB，是本身的 {total / len(content):.0f} 倍", where=name,
                why="可能是恶意构造的压缩炸弹，或格式刷到了整张表",
                todo="请删除多余的空行空列与格式后另存，或拆成几个文件", code="zip_bomb",
            )  # fmt: skip
        if "[content_types].xml" not in names:
            return Form.SHAPES
        if any(m.flag_bits & 0x1 for m in members):
            raise UnreadableFileError("工作簿设了密码", where=name, todo="请取消密码，另存后再上传", code="encrypted")
        _refuse_active_content(name, names)
        try:
            _refuse_entities(name, archive, members)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
            raise _corrupt(name) from error
    if not any(n.startswith("xl/") for n in names):
        raise UnreadableFileError(
            "这不是 Excel 工作簿", where=name, why="可能是 Word 或 PowerPoint 文件",
            todo="请上传 .xlsx、.csv 或地图文件", code="unknown_format",
        )  # fmt: skip
    return Form.WORKBOOK


def _refuse_active_content(name: str, names: set[str]) -> None:
    if any(n.endswith("vbaproject.bin") for n in names) or name.lower().endswith((".xlsm", ".xltm", ".xlsb")):
        raise UnreadableFileError(
            "工作簿含有宏", where=name, why="宏是程序，不接受带程序的文件",
            todo="请另存为不带宏的 .xlsx 后再上传", code="macros",
        )  # fmt: skip
    if any(n.startswith("xl/externallinks/") or n == "xl/connections.xml" for n in names):
        raise UnreadableFileError(
            "工作簿引用了别的文件或数据连接", where=name, why="引用的内容不在上传的文件里，读到的可能是旧值",
            todo="请在“数据 → 编辑链接”中断开链接（转为数值），删除数据连接后另存", code="external_links",
        )  # fmt: skip


def _refuse_entities(name: str, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """A workbook has no document type declaration; one is there only to make the parser fetch or inflate things."""
    for member in members:
        if not _XML_PART.search(member.filename):
            continue
        with archive.open(member) as part:
            # A declaration can only stand before the root element.
            head = part.read(HEAD_BYTES)
        narrow = head.replace(b"\0", b"")
        # Whatever stands longer than that before the root element is there to hide a declaration behind it.
        is_hidden = len(head) == HEAD_BYTES and not _ROOT.search(narrow)
        if is_hidden or _ENTITY.search(head) or _ENTITY.search(narrow):
            raise UnreadableFileError(
                "工作簿里有外部实体声明", where=name, why=f"{member.filename} 带有 DOCTYPE，可能用来读取服务器上的文件",
                todo="请用 Excel 或 WPS 重新另存为 .xlsx 后再上传", code="document_type",
            )  # fmt: skip


def _corrupt(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        "文件损坏，打不开", where=name, why="压缩结构不完整，可能没有传完",
        todo="请确认能用 Excel 或 WPS 打开，另存后再上传", code="corrupt",
    )  # fmt: skip
