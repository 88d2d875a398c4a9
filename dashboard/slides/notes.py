"""What stands beside the marks: annotations, lines and areas across the plot, the legend, names and lines of axes."""

from __future__ import annotations

from typing import Any

from dashboard.slides.axes import Axis
from dashboard.slides.figures import as_number
from dashboard.slides.marks import bar_look, colour_of, mark_of, stroke_of
from dashboard.slides.scene import LEADING, Panel, Scene
from dashboard.slides.shapes import NO_FILL, NO_LINE, Ids, line, shape, solid, straight, text_box
from dashboard.slides.text import Align, Anchor, plain, text_lines, text_width
from dashboard.slides.types import EMU_PER_PT, Box, Fonts

_ALIGNS: dict[str, Align] = {"left": "l", "center": "ctr", "right": "r"}
_ANCHORS: dict[str, Anchor] = {"top": "t", "middle": "ctr", "bottom": "b"}


def label(
    ids: Ids, marked: object, x: float, y: float, *, size: float, colour: str, fonts: Fonts, across: str = "center",
    up: str = "middle", fill: str = NO_FILL,
) -> str:  # fmt: skip
    """Text on one point, in EMU: `across` and `up` say which part of the text stands there."""
    said = plain(marked)
    if not said:
        return ""
    wide = round((text_width(marked, size) + 4) * EMU_PER_PT)
    tall = round(text_lines(marked) * size * LEADING * EMU_PER_PT)
    left = {"left": x, "center": x - wide / 2, "right": x - wide}[across]
    top = {"top": y, "middle": y - tall / 2, "bottom": y - tall}[up]
    box = Box(round(left), round(top), wide, tall)
    return text_box(
        ids, said, box, marked, size=size, colour=colour, fonts=fonts, align=_ALIGNS[across], anchor=_ANCHORS[up],
        wrap=False, fill=fill,
    )  # fmt: skip


def written_notes(scene: Scene, ids: Ids, fonts: Fonts) -> list[str]:
    """Every annotation of the figure."""
    return [
        written for note in scene.layout.get("annotations") or [] if (written := annotation(scene, note, ids, fonts))
    ]


def annotation(scene: Scene, note: dict[str, Any], ids: Ids, fonts: Fonts) -> str:
    """One annotation at its place, or nothing where its place does not exist."""
    if note.get("visible") is False or id(note) in scene.held_notes:
        return ""
    x, x_paper = _coordinate(scene, note, "x")
    y, y_paper = _coordinate(scene, note, "y")
    if x is None or y is None:
        return ""
    font = {**(scene.template.get("font") or {}), **(note.get("font") or {})}
    across = str(note.get("xanchor") or "auto")
    if across == "auto":
        across = _side(x_paper, ("left", "center", "right"))
    up = str(note.get("yanchor") or "auto")
    if up == "auto":
        up = _side(y_paper, ("bottom", "middle", "top"))
    size = scene.pt(float(font.get("size") or 12))
    return label(
        ids, note.get("text", ""), x + scene.emu(float(note.get("xshift") or 0)),
        y - scene.emu(float(note.get("yshift") or 0)), size=size,
        colour=colour_of(font.get("color"), scene.ink.ink).value, fonts=fonts, across=across, up=up,
    )  # fmt: skip


def _side(share: float | None, sides: tuple[str, str, str]) -> str:
    if share is None:
        return sides[1]
    return sides[0] if share < 1 / 3 else sides[2] if share > 2 / 3 else sides[1]


def _coordinate(scene: Scene, note: dict[str, Any], way: str, key: str = "") -> tuple[float | None, float | None]:
    """Where a coordinate lies in EMU, and its share of the sheet when it is given as one."""
    reference = str(note.get(f"{way}ref") or way)
    value = note.get(key or way)
    where = scene.x_at if way == "x" else scene.y_at
    if reference == "paper":
        share = as_number(value)
        return (None, None) if share is None else (where(share), share)
    axis = scene.axes.get(reference.split()[0])
    if axis is None:
        return None, None
    if reference.endswith("domain"):
        share = as_number(value)
        if share is None:
            return None, None
        start, end = axis.domain
        return where(start + share * (end - start)), None
    place = axis.place(value)
    return (None, None) if place is None else (where(axis.share(place)), None)


def layout_shapes(scene: Scene, ids: Ids, *, below: bool) -> list[str]:
    """Lines and rectangles of the layout, those under the marks or those above them."""
    out = []
    for given in scene.layout.get("shapes") or []:
        if (given.get("layer") == "below") != below or given.get("visible") is False:
            continue
        ends = [_coordinate(scene, given, way, f"{way}{end}")[0] for way in "xy" for end in "01"]
        if any(end is None for end in ends):
            continue
        x0, x1, y0, y1 = (round(end or 0) for end in ends)
        stroke = stroke_of(given, scene.point, scene.ink.edge)[0]
        name = str(given.get("name") or _name_of_line(scene, given))
        if given.get("type") == "line":
            out.append(straight(ids, name, (x0, y0), (x1, y1), stroke))
        else:
            paint = colour_of(given.get("fillcolor"), scene.ink.line)
            opacity = paint.opacity * (as_number(given.get("opacity")) or 1.0)
            fill = solid(paint.value, opacity) if given.get("fillcolor") else NO_FILL
            box = Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
            out.append(
                shape(
                    ids,
                    name,
                    box,
                    fill=fill,
                    outline=stroke,
                    preset="ellipse" if given.get("type") == "circle" else "rect",
                )
            )
    return out


def _name_of_line(scene: Scene, given: dict[str, Any]) -> str:
    """The words an annotation writes at a line, as its name."""
    for note in scene.layout.get("annotations") or []:
        if any(
            note.get(way) is not None and note.get(way) == given.get(f"{way}0") == given.get(f"{way}1") for way in "xy"
        ):
            return plain(note.get("text", ""))
    return str(given.get("type") or "line")


def legend(scene: Scene, ids: Ids, fonts: Fonts) -> list[str]:
    """Keys and their names, in rows above or below the plot."""
    size = scene.pt(12 * scene.ink.scale)
    tall = round(size * 1.5 * EMU_PER_PT)
    rows = scene.legend_rows
    if not rows:
        return []
    top = scene.box.bottom - tall * len(rows) if scene.legend_below else scene.box.top
    out = []
    for row in rows:
        left = float(
            scene.box.left if scene.legend_below else min(scene.plot.left, scene.box.left + scene.box.width // 3)
        )
        wide = sum(takes for _, takes in row) * EMU_PER_PT
        left = float(scene.box.left) if left + wide > scene.box.right else left
        middle = top + tall / 2
        for key, takes in row:
            out += key_of(scene, ids, key.trace, key.text, left, middle)
            out.append(
                label(
                    ids,
                    key.text,
                    left + scene.emu(20),
                    middle,
                    size=size,
                    colour=scene.ink.muted,
                    fonts=fonts,
                    across="left",
                )
            )
            left += takes * EMU_PER_PT
        top += tall
    return [each for each in out if each]


def key_of(scene: Scene, ids: Ids, trace: dict[str, Any], name: str, left: float, middle: float) -> list[str]:
    """The sign of a trace as it stands in a legend."""
    point, fallback = scene.point, scene.ink.series[0]
    across, half = scene.emu(15), scene.emu(5)
    if trace.get("type") == "bar":
        look = bar_look(trace, 0, 1, point, fallback)
        outline = look.outline if look.outline != NO_LINE else line(scene.ink.edge, 0.25)
        box = Box(round(left + scene.emu(3)), round(middle - half), 2 * half, 2 * half)
        return [shape(ids, name, box, fill=look.fill, outline=outline)]
    if str(trace.get("name") or "") in scene.hollow:
        edge = line(colour_of((trace.get("marker") or {}).get("color"), scene.ink.ink).value, 1.25)
        return [shape(ids, name, Box(round(left), round(middle - half), across, 2 * half), outline=edge)]
    out = []
    mode = str(trace.get("mode") or "lines")
    if trace.get("fill") in ("toself", "tozeroy", "tonexty"):
        paint = colour_of(trace.get("fillcolor"), fallback)
        box = Box(round(left), round(middle - half), across, 2 * half)
        out.append(shape(ids, name, box, fill=solid(paint.value, paint.opacity)))
    if "lines" in mode:
        stroke = stroke_of(trace, point, fallback)[0]
        if stroke != NO_LINE:
            out.append(straight(ids, name, (round(left), round(middle)), (round(left) + across, round(middle)), stroke))
    if "markers" in mode:
        mark = mark_of(trace, 0, 1, point, fallback)
        size = min(max(mark.size, 2.0), 11.0)
        if mark.size > 1:
            out.append(mark_shape(ids, name, left + across / 2, middle, mark, size))
    return out


def mark_shape(ids: Ids, name: str, x: float, y: float, mark: Any, size: float, alt: str = "") -> str:
    """A point mark as an autoshape, its middle at (x, y)."""
    wide = tall = size * EMU_PER_PT
    fill, outline = mark.fill, mark.outline
    if mark.sign.startswith("line-ns"):
        wide, fill, outline = 1.8 * EMU_PER_PT, solid(mark.colour), NO_LINE
    elif mark.sign.startswith("line-ew"):
        tall, fill, outline = 1.8 * EMU_PER_PT, solid(mark.colour), NO_LINE
    elif mark.sign.startswith(("x", "cross")):
        fill, outline = solid(mark.colour), NO_LINE
    box = Box(round(x - wide / 2), round(y - tall / 2), round(wide), round(tall))
    return shape(ids, name, box, fill=fill, outline=outline, preset=mark.preset, alt=alt)


def axis_lines(scene: Scene, panel: Panel, ids: Ids) -> list[str]:
    """Grid lines of a panel drawn as shapes."""
    box = scene.area(panel)
    stroke = line(scene.ink.line, 0.5)
    out = []
    for axis in (panel.x, panel.y):
        if not axis.has_grid:
            continue
        for place, text in axis.ticks:
            if axis is panel.x:
                x = round(scene.x_at(axis.share(place)))
                out.append(straight(ids, plain(text), (x, box.top), (x, box.bottom), stroke))
            else:
                y = round(scene.y_at(axis.share(place)))
                out.append(straight(ids, plain(text), (box.left, y), (box.right, y), stroke))
    return out


def tick_names(scene: Scene, axis: Axis, panel: Panel, ids: Ids, fonts: Fonts) -> list[str]:
    """Names at the ticks of an axis, written as text; overlapping ones of an upright axis are left out."""
    if not axis.has_labels:
        return []
    size = scene.pt(axis.size)
    colour = colour_of(axis.colour, scene.ink.muted).value
    box = scene.area(panel)
    gap = scene.emu(5)
    out = []
    x: float
    y: float
    for place, text in axis.ticks:
        if axis.name[0] == "y":
            x = box.right + gap if axis.at_top else box.left - gap
            y = scene.y_at(axis.share(place))
            out.append(
                label(ids, text, x, y, size=size, colour=colour, fonts=fonts, across="left" if axis.at_top else "right")
            )
        else:
            x = scene.x_at(axis.share(place))
            y = box.top - gap if axis.at_top else box.bottom + gap
            out.append(
                label(ids, text, x, y, size=size, colour=colour, fonts=fonts, up="bottom" if axis.at_top else "top")
            )
    return [each for each in out if each]


def axis_title(scene: Scene, axis: Axis, panel: Panel, ids: Ids, fonts: Fonts) -> list[str]:
    """The title of an axis: under a level one, above an upright one."""
    if not axis.title or not axis.is_visible:
        return []
    size, box = scene.pt(axis.size), scene.area(panel)
    if axis.name[0] == "x":
        lines = max((text_lines(text) for _, text in axis.ticks), default=0) * axis.has_labels
        x, y, across, up = (
            (box.left + box.right) / 2,
            box.bottom + scene.emu(7) + lines * size * LEADING * EMU_PER_PT,
            "center",
            "top",
        )
    else:
        x, y, across, up = float(box.left), box.top - scene.emu(2), "left", "bottom"
    return [label(ids, axis.title, x, y, size=size, colour=scene.ink.muted, fonts=fonts, across=across, up=up)]
