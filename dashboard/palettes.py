"""Colour tokens of the three themes: desk light, desk dark, wall.

Within a theme no two tokens share a colour, so that a figure drawn in one theme can be recoloured into another by
substitution alone, without asking the server. Ratios of contrast and distances under colour blindness are tested.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

ThemeName = Literal["light", "dark", "wall"]


@dataclass(frozen=True)
class Palette:
    """Colours as `#rrggbb`.

    Attributes:
        ground: page behind the cards; card: behind the chart; raised: menus and hover labels.
        line: hairlines and grids; edge: outlines of areas and inactive controls.
        ink: text and main marks; muted: secondary text; faint: marks that only give context.
        accent: the one emphasis; wash: its tint behind text.
        good, warn, alert: status, never without a word or shape beside them; *_ink: text in that status.
        absent: fill of 无; hatch: lines of 未上报 on the card colour; fallback: fill of 兜底.
        focus: keyboard focus ring.
        sequential: few → many, six steps. diverging: worst → best around a target, six steps.
        series: categories, in the order to use them.
    """

    ground: str
    card: str
    raised: str
    line: str
    edge: str
    ink: str
    muted: str
    faint: str
    accent: str
    wash: str
    good: str
    warn: str
    warn_ink: str
    alert: str
    absent: str
    hatch: str
    fallback: str
    focus: str
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    series: tuple[str, ...]

    def tokens(self) -> dict[str, str]:
        """Every colour under one flat name (`sequential-0` …)."""
        flat: dict[str, str] = {}
        for name, value in asdict(self).items():
            if isinstance(value, str):
                flat[name.replace("_", "-")] = value
            else:
                flat.update({f"{name}-{step}": colour for step, colour in enumerate(value)})
        return flat


LIGHT = Palette(
    ground="#f6f4f0", card="#ffffff", raised="#fffefc", line="#e4dfd7", edge="#8a8378", ink="#1d2329", muted="#665f56",
    faint="#b9b1a5", accent="#a8322a", wash="#fbefed", good="#2a7560", warn="#f2b632", warn_ink="#7a5200",
    alert="#b3271e", absent="#e2dcd2", hatch="#aaa194", fallback="#c9a98f", focus="#1f5fae",
    sequential=("#eef0ea", "#d0dfd6", "#a6c8b9", "#76ab98", "#40816d", "#1f6653"),
    diverging=("#8c2d19", "#d9776c", "#f1c9b8", "#dfe6dc", "#9fc3b2", "#4f9480"),
    series=("#35618f", "#c07f1e", "#3d9179", "#7d4cc0", "#23285f", "#a39ad6"),
)  # fmt: skip

DARK = Palette(
    ground="#0c131a", card="#141e28", raised="#1b2733", line="#24323f", edge="#71869a", ink="#dfe7ee", muted="#9db0c0",
    faint="#4d6072", accent="#6fd0b4", wash="#17302e", good="#74d3a8", warn="#f3b83a", warn_ink="#f6c65c",
    alert="#ff8573", absent="#33424f", hatch="#667a8c", fallback="#8f7a66", focus="#8ab8ff",
    sequential=("#22313a", "#28474c", "#2f6462", "#469383", "#54a892", "#7fd4ba"),
    diverging=("#e0604e", "#c98273", "#8e6f68", "#55706a", "#4f9a86", "#6fd0b5"),
    series=("#7fb2e6", "#e0a84c", "#5cc0a0", "#7e63c8", "#b85a78", "#dfe6a6"),
)  # fmt: skip

WALL = Palette(
    **{**{name: getattr(DARK, name) for name in Palette.__dataclass_fields__},
       "card": "#0c131b", "line": "#1f2c38", "muted": "#8fa3b4", "raised": "#18222d"},
)  # fmt: skip

PALETTES: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK, "wall": WALL}


def rgb(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as three integers 0–255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance 0–1 (WCAG 2.2)."""
    channels = [c / 255 for c in rgb(colour)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1–21 of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
