"""What is refused of a presentation before anything opens it: programs, links to elsewhere, bombs."""

from __future__ import annotations

import io
import re
import zipfile

from data.errors import GovernanceError
from data.importing.guards import OLE_HEADER

MAX_FILE = 30 * 2**20
MAX_INFLATED = 300 * 2**20
MAX_PARTS = 4000
MAIN = "ppt/presentation.xml"
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_EXTERNAL = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.IGNORECASE)
# Programs and objects that run, by the folder or ending of their part.
_ACTIVE = ("vbaproject.bin", "ppt/activex/", "ppt/embeddings/oleobject")


class TemplateError(GovernanceError):
    """A template no deck can be made in; nothing was made."""


def check_template(content: bytes, name: str) -> None:
    """Refuse a file that is no presentation, or one that holds more than a look.

    Raises:
        TemplateError: codes `empty`, `too_large`, `old_format`, `not_pptx`, `zip_bomb`, `macros`, `external_links`,
            `document_type`, `corrupt`.
    """
    if not content:
        raise TemplateError("模板文件是空的", where=name, todo="请重新保存后再上传", code="empty")
    if len(content) > MAX_FILE:
        raise TemplateError(
            f"模板有 {len(content) / 2**20:.0f} MB，太大", where=name, why=f"最多 {MAX_FILE // 2**20} MB",
            todo="请压缩或删去模板里的图片、视频和示例页", code="too_large",
        )  # fmt: skip
    if content.startswith(OLE_HEADER):
        raise TemplateError(
            "这是旧版 .ppt 或加了密码的文件", where=name, why="只能读取不加密的 .pptx",
            todo="请用 PowerPoint 或 WPS 取消密码，另存为 .pptx", code="old_format",
        )  # fmt: skip
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive, name)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError, OSError) as error:
        raise TemplateError(
            "模板打不开", where=name, why="不是完整的 .pptx 文件", todo="请确认能用 PowerPoint 或 WPS 打开，另存后再上传",
            code="corrupt",
        ) from error  # fmt: skip


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if total > MAX_INFLATED or len(members) > MAX_PARTS:
        raise TemplateError(
            f"模板解压后有 {total / 2**20:.0f} MB、{len(members)} 个部件", where=name, why="可能是恶意构造的压缩炸弹",
            todo="请另存一份只含版式的模板", code="zip_bomb",
        )  # fmt: skip
    names = {member.filename.lower().replace("\\", "/") for member in members}
    if MAIN not in names:
        raise TemplateError(
            "这不是 PowerPoint 文件", where=name, todo="请上传 .pptx 模板", code="not_pptx"
        )  # fmt: skip
    active = sorted(n for n in names if any(mark in n for mark in _ACTIVE))
    if active or name.lower().endswith((".pptm", ".potm", ".ppsm")):
        raise TemplateError(
            "模板含有宏或可运行的对象", where=name, why=f"部件 {active[0]}" if active else "扩展名表示带宏",
            todo="请另存为不带宏的 .pptx", code="macros",
        )  # fmt: skip
    for member in members:
        lower = member.filename.lower()
        if not lower.endswith((".xml", ".rels")):
            continue
        with archive.open(member) as part:
            head = part.read() if lower.endswith(".rels") else part.read(65_536)
        if _DECLARATION.search(head) or _DECLARATION.search(head.replace(b"\0", b"")):
            raise TemplateError(
                "模板里有外部实体声明", where=name, why=f"{member.filename} 带有 DOCTYPE",
                todo="请用 PowerPoint 或 WPS 重新另存为 .pptx", code="document_type",
            )  # fmt: skip
        if lower.endswith(".rels") and _EXTERNAL.search(head):
            raise TemplateError(
                "模板链接到外部文件或网址", where=name, why=f"见部件 {member.filename}",
                todo="请在 PowerPoint 中“文件 → 信息 → 编辑指向文件的链接”断开链接，删去超链接后另存",
                code="external_links",
            )  # fmt: skip
