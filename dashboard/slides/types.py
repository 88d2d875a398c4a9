"""What the converter is given and what it answers with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Way = Literal["chart", "map", "table", "shapes", "text", "svg", "data_table"]
# A figure, width and height in px → the same as SVG and as PNG.
Renderer = Callable[[dict[str, Any], int, int], tuple[bytes, bytes]]

EMU_PER_PT = 12700


@dataclass(frozen=True)
class Box:
    """A part of a slide, in EMU (914 400 to the inch)."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def inset(self, by: int) -> Box:
        """The box without `by` EMU on every side."""
        return Box(self.left + by, self.top + by, max(self.width - 2 * by, 0), max(self.height - 2 * by, 0))


@dataclass(frozen=True)
class Fonts:
    """Typefaces of Latin and of East Asian text; `+mn-lt` and `+mn-ea` are those of the deck's theme."""

    latin: str = "+mn-lt"
    east_asian: str = "+mn-ea"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One indicator as the second sheet of a chart's workbook explains it; every field is text."""

    key: str
    title: str
    text: str
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Where the numbers of a chart come from: the sheet beside them in its workbook.

    Attributes:
        stamp: the time written into the workbook; equal stamps give equal bytes.
    """

    title: str
    subtitle: str = ""
    n: str = ""
    as_of: str = ""
    source: str = ""
    filters: str = ""
    definitions: tuple[Definition, ...] = ()
    stamp: datetime = datetime(2000, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What a drawing became, for the manifest of a deck.

    Attributes:
        way: chart (native, with a workbook), map (named freeforms), table, shapes, text, svg (a picture, with a PNG for
            older programs) or data_table (the numbers of a figure that has no native form).
        why: the reason, when something else than the first choice was taken; empty otherwise.
        name: of the shape or group on the slide.
        detail: `charts`: one entry a chart, `{"name", "series": [{"name", "categories", "values", …meta}]}`; `areas`:
            one entry a map shape, `{"code", "name", "class", "value"}`; `rows`: `[first, last, of]` of a table.
    """

    way: Way
    name: str
    why: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
