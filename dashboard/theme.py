"""From colour tokens to what draws with them: CSS variables, the plotly template, and `Ink` for figures."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from dashboard.palettes import PALETTES, Palette, ThemeName, rgb

FONT_STACK = (
    "'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', "
    "system-ui, sans-serif"
)
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|rgba?\(([^)]*)\)")
# Names plotly and CSS understand that carry no colour of their own.
CLEAR = "rgba(0,0,0,0)"

# Variables of Bootstrap and of Dash's own controls, as tokens. A pair is (token, opacity).
_BORROWED: dict[str, str | tuple[str, float]] = {
    "bs-body-bg": "ground",
    "bs-body-color": "ink",
    "bs-border-color": "line",
    "bs-secondary-color": "muted",
    "bs-tertiary-bg": "card",
    "bs-link-color": "accent",
    "bs-link-hover-color": "ink",
    "bs-emphasis-color": "ink",
    "Dash-Stroke-Strong": "edge",
    "Dash-Stroke-Weak": "line",
    "Dash-Fill-Interactive-Strong": "accent",
    "Dash-Fill-Interactive-Weak": "wash",
    "Dash-Fill-Inverse-Strong": "raised",
    "Dash-Text-Primary": "ink",
    "Dash-Text-Strong": "ink",
    "Dash-Text-Weak": "muted",
    "Dash-Text-Disabled": "muted",
    "Dash-Fill-Primary-Hover": ("ink", 0.06),
    "Dash-Fill-Primary-Active": ("ink", 0.1),
    "Dash-Fill-Disabled": ("ink", 0.06),
    "Dash-Shading-Strong": ("ink", 0.3),
    "Dash-Shading-Weak": ("ink", 0.12),
}


def fade(colour: str, opacity: float) -> str:
    """`#rrggbb` as `rgba(r,g,b,opacity)`."""
    return "rgba({},{},{},{:g})".format(*rgb(colour), opacity)


class Ink(Palette):
    """The colours and sizes a figure draws with, for one theme and one scale of type.

    Args:
        theme: which palette.
        scale: 1 for desks up to full HD, larger for 4K screens; every size passes through `px`.
    """

    theme: ThemeName
    scale: float

    def __init__(self, theme: ThemeName = "light", scale: float = 1.0) -> None:
        palette = PALETTES[theme]
        super().__init__(**{name: getattr(palette, name) for name in Palette.__dataclass_fields__})
        object.__setattr__(self, "theme", theme)
        object.__setattr__(self, "scale", scale)

    def px(self, size: float) -> float:
        """A length or type size of the 1× design, in pixels of this screen."""
        return round(size * self.scale, 2)

    @property
    def text(self) -> float:
        """Type size of axis labels, px."""
        return self.px(15 if self.theme == "wall" else 12)

    @property
    def small(self) -> float:
        """Type size of annotations, px."""
        return self.px(13 if self.theme == "wall" else 11)

    @property
    def state_colours(self) -> dict[str, str]:
        """Fills of 有, 无, 兜底; 未上报 (`unreported`) is the card under a hatch, see `hatched`."""
        return {
            "present": self.accent,
            "absent": self.absent,
            "fallback": self.fallback,
            "unreported": self.card,
        }

    def fade(self, colour: str, opacity: float) -> str:
        """A token's colour made transparent; keeps its name for recolouring, unlike a mixed colour."""
        return fade(colour, opacity)

    def hatched(self) -> dict[str, Any]:
        """`marker` of a bar that means 未上报: hatch lines on the card colour."""
        return {
            "color": self.card,
            "line": {"color": self.hatch, "width": self.px(0.5)},
            "pattern": {
                "shape": "/",
                "fgcolor": self.hatch,
                "bgcolor": self.card,
                "size": self.px(6),
                "solidity": 0.25,
            },
        }

    def scale_of(self, colours: tuple[str, ...]) -> list[list[Any]]:
        """A stepped plotly colorscale: class *i* of *n* (z = i, zmin −0.5, zmax n−0.5) gets `colours[i]`."""
        steps = len(colours)
        return [[edge / steps, colour] for i, colour in enumerate(colours) for edge in (i, i + 1)]

    def template(self) -> dict[str, Any]:
        """The part of the layout every figure shares, small enough to travel with each."""
        axis = {
            "gridcolor": self.line,
            "linecolor": self.line,
            "zerolinecolor": self.edge,
            "zerolinewidth": self.px(1),
            "tickfont": {"size": self.text, "color": self.muted},
            "title": {"font": {"size": self.text, "color": self.muted}},
            "automargin": True,
            "ticks": "",
            "ticklabelstandoff": self.px(4),
            "fixedrange": True,
        }
        return {
            "layout": {
                "font": {"family": FONT_STACK, "size": self.text, "color": self.ink},
                "paper_bgcolor": CLEAR,
                "plot_bgcolor": CLEAR,
                "colorway": list(self.series),
                "margin": {"l": self.px(8), "r": self.px(12), "t": self.px(8), "b": self.px(8)},
                "xaxis": axis | {"showgrid": False},
                "yaxis": axis,
                "separators": ".,",
                "dragmode": False,
                "hovermode": "closest",
                "hoverlabel": {
                    "bgcolor": self.raised,
                    "bordercolor": self.edge,
                    "font": {"size": self.text, "color": self.ink},
                    "align": "left",
                    "namelength": -1,
                },
                "legend": {
                    "font": {"size": self.text, "color": self.muted},
                    "orientation": "h",
                    "itemwidth": max(30, self.px(30)),
                    "x": 0,
                    "y": 1,
                    "yanchor": "bottom",
                    "bgcolor": CLEAR,
                },
                "geo": {
                    # `visible` off keeps the outline of the world, and its file, out of the map.
                    "visible": False,
                    "bgcolor": CLEAR,
                    "projection": {"type": "mercator"},
                },
                "bargap": 0.3,
            }
        }


def colours_in(value: Any) -> Iterator[str]:
    """Every colour written in a figure, as `#rrggbb` in lower case; fully transparent ones are left out."""
    if isinstance(value, str):
        for found in COLOUR.finditer(value):
            if found.group(1) is None:
                yield found.group().lower()
                continue
            parts = [part.strip() for part in found.group(1).split(",")]
            if len(parts) == 4 and float(parts[3]) == 0:
                continue
            yield "#{:02x}{:02x}{:02x}".format(*(int(float(part)) for part in parts[:3]))
    elif isinstance(value, dict):
        for part in value.values():
            yield from colours_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from colours_in(part)


def foreign_colours(figure: Any, theme: ThemeName) -> set[str]:
    """Colours of a figure that are no token of `theme`: they would survive a change of theme unrecoloured."""
    return set(colours_in(figure)) - set(PALETTES[theme].tokens().values())


def palette_block(selector: str, palette: Palette) -> str:
    tokens = palette.tokens()
    lines = [f"--gd-{name}: {colour};" for name, colour in tokens.items()]
    lines += [f"--gd-{name}-rgb: {', '.join(map(str, rgb(tokens[name])))};" for name in ("ink", "accent", "ground")]
    for name, source in _BORROWED.items():
        value = tokens[source] if isinstance(source, str) else fade(tokens[source[0]], source[1])
        lines.append(f"--{name}: {value};")
    lines += [f"--bs-{name}-rgb: {', '.join(map(str, rgb(tokens[token])))};" for name, token in
              (("body-bg", "ground"), ("body-color", "ink"), ("link-color", "accent"), ("link-hover-color", "ink"),
               ("secondary-color", "muted"), ("emphasis-color", "ink"))]  # fmt: skip
    return f"{selector} {{\n  " + "\n  ".join(lines) + "\n}\n"


@cache
def stylesheet() -> str:
    """CSS variables `--gd-*` of every theme, and those of Bootstrap and Dash set from them."""
    return (
        f":root {{ --gd-font: {FONT_STACK}; --bs-body-font-family: var(--gd-font); }}\n"
        + palette_block(":root, [data-bs-theme='light']", PALETTES["light"])
        + palette_block("[data-bs-theme='dark']", PALETTES["dark"])
        + palette_block("[data-palette='wall']", PALETTES["wall"])
    )


@cache
def palettes_json() -> str:
    """Tokens of every theme for the browser, which recolours figures with them."""
    return json.dumps({name: palette.tokens() for name, palette in PALETTES.items()}, separators=(",", ":"))


@cache
def fingerprint() -> str:
    """Changes with the stylesheet, so that it can be cached for a year."""
    return hashlib.sha256(stylesheet().encode()).hexdigest()[:12]
