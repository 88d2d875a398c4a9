"""Templates: which layout takes what, found by the names of its shapes.

A template says where things go by naming shapes of its layouts (in PowerPoint: 视图 → 幻灯片母版, then 选择窗格):

- cover: `gd:cover`, and where wanted `gd:cover_subtitle`, `gd:cover_note`;
- one chart: `gd:title`, `gd:chart`, `gd:foot`;
- where wanted, layouts for two charts (`gd:chart` and `gd:chart2`, with `gd:caption`, `gd:caption2`), for a map beside a
  list (`gd:map`, `gd:side`, `gd:side_caption`), for tables (`gd:table`) and for text (`gd:text`);
- anywhere: `gd:subtitle`, `gd:mark`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pptx import Presentation
from pptx.exc import PackageNotFoundError

from dashboard.briefing.template_checks import TemplateError, check_template
from dashboard.slides import Box

PREFIX = "gd:"
# Kind of slide → the names a layout needs to be of that kind, those of more than one chart first.
KINDS: dict[str, tuple[str, ...]] = {
    "cover": ("gd:cover",),
    "pair": ("gd:title", "gd:chart", "gd:chart2", "gd:foot"),
    "map": ("gd:title", "gd:map", "gd:side", "gd:foot"),
    "table": ("gd:title", "gd:table", "gd:foot"),
    "text": ("gd:title", "gd:text", "gd:foot"),
    "chart": ("gd:title", "gd:chart", "gd:foot"),
}
REQUIRED = ("cover", "chart")
# The place of the body on each kind of slide.
BODY = {"chart": "gd:chart", "table": "gd:table", "text": "gd:text", "pair": "gd:chart", "map": "gd:map"}
# Smaller than this, in EMU, nothing can be drawn: 2.5 cm.
SMALLEST = 900_000


@dataclass(frozen=True)
class Face:
    """A layout that takes one kind of slide: its place among the layouts, and the box of every named shape."""

    layout: int
    name: str
    boxes: dict[str, Box]


@dataclass(frozen=True)
class Template:
    """A checked template.

    Attributes:
        name: of the file. content: the file. faces: kind of slide → layout; a kind the template has no layout for is
            absent, but for `cover` and `chart`.
        width, height: of its slides, EMU.
    """

    name: str
    content: bytes
    faces: dict[str, Face]
    width: int
    height: int

    def face(self, kind: str) -> Face:
        """The layout for a kind of slide; that of one chart where there is none of its own."""
        return self.faces.get(kind, self.faces["chart"])

    def body(self, kind: str) -> Box:
        """Where the body of such a slide stands."""
        face = self.face(kind)
        return face.boxes.get(BODY[kind], face.boxes.get("gd:chart", Box(0, 0, self.width, self.height)))

    def open(self) -> Any:
        """A presentation of python-pptx without slides, in this template."""
        deck = Presentation(io.BytesIO(self.content))
        listed = deck.slides._sldIdLst
        for identifier in list(listed):
            deck.part.drop_rel(identifier.rId)
            listed.remove(identifier)
        return deck


@lru_cache(maxsize=8)
def read_template(content: bytes, name: str) -> Template:
    """The template in a .pptx file. Raises `TemplateError` naming what it lacks and what it has."""
    check_template(content, name)
    try:
        deck = Presentation(io.BytesIO(content))
        layouts = [
            (str(layout.name), {str(s.name): s for s in layout.shapes}) for layout in deck.slide_layouts
        ]  # fmt: skip
        on_slides = sorted(
            {str(s.name) for slide in deck.slides for s in slide.shapes if str(s.name).startswith(PREFIX)}
        )
        width, height = int(deck.slide_width or 0), int(deck.slide_height or 0)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, TypeError, IndexError, SyntaxError) as error:
        raise TemplateError(
            "模板的结构读不出来", where=name, why=type(error).__name__,
            todo="请用 PowerPoint 或 WPS 打开，另存为 .pptx 后再试", code="corrupt",
        ) from error  # fmt: skip
    if not layouts:
        raise TemplateError(
            "模板没有任何版式", where=name, why="图表按版式里形状的名称放置",
            todo="请在“视图 → 幻灯片母版”中添加版式，或从简报页下载默认模板改起", code="no_layouts",
        )  # fmt: skip
    faces: dict[str, Face] = {}
    for place, (title, shapes) in enumerate(layouts):
        kind = next((kind for kind, needed in KINDS.items() if all(n in shapes for n in needed)), None)
        if kind is not None and kind not in faces:
            boxes = {n: Box(int(s.left or 0), int(s.top or 0), int(s.width or 0), int(s.height or 0))
                     for n, s in shapes.items() if n.startswith(PREFIX)}  # fmt: skip
            faces[kind] = Face(place, title, boxes)
    _require(name, faces, layouts, on_slides)
    return Template(name, content, faces, width, height)


def _require(
    name: str, faces: dict[str, Face], layouts: list[tuple[str, dict[str, Any]]], on_slides: list[str]
) -> None:
    missing = [kind for kind in REQUIRED if kind not in faces]
    if missing:
        named = [(title, sorted(n for n in shapes if n.startswith(PREFIX))) for title, shapes in layouts[:12]]
        raise TemplateError(
            "模板缺少" + "；".join(f"同时含 {'、'.join(KINDS[kind])} 的版式" for kind in missing), where=name,
            why=f"现有 {len(layouts)} 个版式："
            + "；".join(f"“{title}”有 {'、'.join(found) or '（没有 gd: 开头的名称）'}" for title, found in named)
            + (f"。示例页上的 {'、'.join(on_slides)} 不算，要放在版式里" if on_slides else ""),
            todo="请在“视图 → 幻灯片母版”里用选择窗格给形状改名，名称见 docs/templates.md", code="template_lacks",
        )  # fmt: skip
    for kind, face in faces.items():
        body = BODY.get(kind)
        box = face.boxes.get(body) if body else None
        if box is not None and (box.width < SMALLEST or box.height < SMALLEST):
            raise TemplateError(
                f"版式“{face.name}”里的 {body} 太小", where=name, why="宽和高都要 2.5 厘米以上，否则画不下图表",
                todo="请把该形状拉大", code="template_small",
            )  # fmt: skip
