"""A panel drawn as named shapes: for what no native chart can show, such as one tile a compound or a matrix of colours."""

from __future__ import annotations

from typing import Any

from dashboard.palettes import contrast
from dashboard.slides.figures import as_number, decoded, listed, numbers_of
from dashboard.slides.marks import bar_look, colour_of, mark_of, stroke_of
from dashboard.slides.notes import axis_lines, axis_title, label, mark_shape, tick_names
from dashboard.slides.scene import Panel, Scene
from dashboard.slides.shapes import NO_FILL, NO_LINE, Ids, freeform, line, shape, solid, straight
from dashboard.slides.text import body, plain, text_width
from dashboard.slides.types import EMU_PER_PT, Box, Fonts

# More shapes than these make a program slow and help nobody.
MOST = 4000


def drawn_panel(scene: Scene, panel: Panel, ids: Ids, fonts: Fonts) -> list[str]:
    """Grid, marks and names of a panel, from the bottom up."""
    out = axis_lines(scene, panel, ids)
    stacks: dict[Any, float] = {}
    for trace in panel.traces:
        if trace.get("type") == "bar":
            out += drawn_bars(scene, panel, trace, ids, fonts, stacks)
    for trace in panel.traces:
        if trace.get("type", "scatter") != "bar":
            out += drawn_points(scene, panel, trace, ids, fonts)
    out += tick_names(scene, panel.x, panel, ids, fonts) + axis_title(scene, panel.x, panel, ids, fonts)
    if (scene._starts_left(panel.y) and panel.x.domain[0] < 0.02) or not panel.y.has_text:
        out += tick_names(scene, panel.y, panel, ids, fonts)
    return [each for each in out if each]


def marks_of(scene: Scene) -> int:
    """How many shapes the marks would take."""
    return sum(max(len(decoded(trace.get("x"))), len(decoded(trace.get("y")))) for trace in scene.traces)


def _names(trace: dict[str, Any], count: int) -> list[tuple[str, str]]:
    """Name and alternative text of each mark: the first line of its hover text, and all of it."""
    texts = listed(trace.get("hovertext"), count)
    name = plain(trace.get("name") or "")
    out = []
    for text in texts:
        told = str(text or "")
        head = plain(told.split("<br>")[0]) if told else name
        out.append(
            (
                " · ".join(dict.fromkeys(each for each in (head, name) if each)) or "mark",
                plain(told.replace("<br>", " · ")),
            )
        )
    return out


def drawn_bars(
    scene: Scene,
    panel: Panel,
    trace: dict[str, Any],
    ids: Ids,
    fonts: Fonts,
    stacks: dict[Any, float],
    *,
    only_texts: bool = False,
) -> list[str]:
    is_level = trace.get("orientation") == "h"
    along, across = ("x", "y") if is_level else ("y", "x")
    lengths, places = numbers_of(trace.get(along)), decoded(trace.get(across))
    count = len(lengths)
    bases = listed(trace.get("base"), count)
    widths = listed(trace.get("width"), count)
    texts = listed(trace.get("text"), count)
    axis = panel.y if is_level else panel.x
    usual = 1 - float(scene.layout.get("bargap", scene.template.get("bargap", 0.2)))
    is_stacked = scene.layout.get("barmode") in ("stack", "relative")
    offsets = listed(trace.get("offset"), count)
    named = _names(trace, count)
    out = []
    for i, (length, at) in enumerate(zip(lengths, places, strict=False)):
        middle = axis.place(at)
        if length is None or middle is None:
            continue
        base = as_number(bases[i]) or 0.0
        if is_stacked and trace.get("base") is None:
            base = stacks.get(at, 0.0)
            stacks[at] = base + length
        wide = as_number(widths[i]) or usual
        offset = as_number(offsets[i])
        start = middle + (-wide / 2 if offset is None else offset)
        corners = (
            ((base, start), (base + length, start + wide))
            if is_level
            else ((start, base), (start + wide, base + length))
        )
        one, other = (scene.at(panel, *corner) for corner in corners)
        if one is None or other is None:
            continue
        box = Box(
            round(min(one[0], other[0])),
            round(min(one[1], other[1])),
            round(abs(one[0] - other[0])),
            round(abs(one[1] - other[1])),
        )
        look = bar_look(trace, i, count, scene.point, scene.ink.series[0])
        name, alt = named[i]
        text = plain(texts[i] or "")
        inside = trace.get("textposition", "auto") in ("inside", "auto") and text
        if not only_texts:
            out.append(
            shape(
                ids, name, box, fill=look.fill, outline=look.outline, alt=alt,
                text=_inside(scene, trace, i, count, text, look.colour, box, fonts) if inside else "",
            )
        )  # fmt: skip
        if text and not inside:
            font = {**(scene.template.get("font") or {}), **(trace.get("textfont") or {})}
            size = scene.pt(float(font.get("size") or 12))
            colour = colour_of(listed(font.get("color"), count)[i], scene.ink.ink).value
            gap = scene.emu(4)
            if is_level:
                out.append(
                    label(
                        ids,
                        text,
                        box.right + gap,
                        (box.top + box.bottom) / 2,
                        size=size,
                        colour=colour,
                        fonts=fonts,
                        across="left",
                    )
                )
            else:
                out.append(
                    label(
                        ids,
                        text,
                        (box.left + box.right) / 2,
                        box.top - gap / 2,
                        size=size,
                        colour=colour,
                        fonts=fonts,
                        up="bottom",
                    )
                )
        if not only_texts:
            out += _error(scene, panel, trace, i, is_level, base + length, at, ids, name)
    return out


def _inside(
    scene: Scene, trace: dict[str, Any], place: int, count: int, text: str, ground: str, box: Box, fonts: Fonts
) -> str:
    font = {**(scene.template.get("font") or {}), **(trace.get("textfont") or {})}
    size = scene.pt(float(font.get("size") or 12))
    given = listed(font.get("color"), count)[place]
    colour = (
        colour_of(given).value if given else max((scene.ink.ink, scene.ink.card), key=lambda c: contrast(c, ground))
    )
    room = box.width / EMU_PER_PT
    needed = text_width(text, size)
    if needed > room > 0:
        size = max(size * room / needed, 5.0)
    return body("p:txBody", text, size=size, colour=colour, fonts=fonts, align="ctr", anchor="ctr", wrap=False)


def _error(
    scene: Scene,
    panel: Panel,
    trace: dict[str, Any],
    place: int,
    is_level: bool,
    end: float,
    at: Any,
    ids: Ids,
    name: str,
) -> list[str]:
    error = trace.get("error_x" if is_level else "error_y") or {}
    plus = numbers_of(error.get("array"))
    minus = numbers_of(error.get("arrayminus")) or plus
    if place >= len(plus) or plus[place] is None or place >= len(minus) or minus[place] is None:
        return []
    low, high = end - (minus[place] or 0), end + (plus[place] or 0)
    ends = [scene.at(panel, *((edge, at) if is_level else (at, edge))) for edge in (low, high)]
    if ends[0] is None or ends[1] is None:
        return []
    stroke = line(
        colour_of(error.get("color"), scene.ink.ink).value, max(scene.pt(float(error.get("thickness") or 1)), 0.5)
    )
    (x0, y0), (x1, y1) = ends[0], ends[1]
    return [straight(ids, name, (round(x0), round(y0)), (round(x1), round(y1)), stroke)]


def drawn_points(scene: Scene, panel: Panel, trace: dict[str, Any], ids: Ids, fonts: Fonts) -> list[str]:
    x, y = decoded(trace.get("x")), decoded(trace.get("y"))
    count = min(len(x), len(y))
    mode = str(trace.get("mode") or ("lines" if count > 20 else "lines+markers"))
    spots = [scene.at(panel, x[i], y[i]) for i in range(count)]
    named = _names(trace, count)
    title = plain(trace.get("name") or "") or "line"
    fallback = scene.ink.series[0]
    out = []
    runs: list[list[tuple[float, float]]] = [[]]
    for spot in spots:
        if spot is None:
            if not trace.get("connectgaps"):
                runs.append([])
            continue
        runs[-1].append(spot)
    if trace.get("fill") == "toself":
        paint = colour_of(trace.get("fillcolor"), fallback)
        out.append(freeform(ids, title, runs, fill=solid(paint.value, paint.opacity), outline=NO_LINE))
    if "lines" in mode:
        stroke = stroke_of(trace, scene.point, fallback)[0]
        if stroke != NO_LINE:
            out.append(freeform(ids, title, runs, fill=NO_FILL, outline=stroke, is_closed=False))
    if "markers" in mode:
        for i, spot in enumerate(spots):
            mark = mark_of(trace, i, count, scene.point, fallback)
            if spot is not None and mark.size > 0.5:
                out.append(mark_shape(ids, named[i][0], *spot, mark, mark.size, named[i][1]))
    if "text" in mode:
        out += _texts(scene, trace, spots, ids, fonts)
    return out


def _texts(
    scene: Scene, trace: dict[str, Any], spots: list[tuple[float, float] | None], ids: Ids, fonts: Fonts
) -> list[str]:
    count = len(spots)
    texts = listed(trace.get("text"), count)
    sides = listed(trace.get("textposition") or "middle center", count)
    font = {**(scene.template.get("font") or {}), **(trace.get("textfont") or {})}
    out = []
    for i, spot in enumerate(spots):
        if spot is None or not texts[i]:
            continue
        up, _, across = str(sides[i]).partition(" ")
        # Plotly says where the text stands, a label which of its parts stands on the point.
        anchor_x = {"left": "right", "right": "left"}.get(across, "center")
        anchor_y = {"top": "bottom", "bottom": "top"}.get(up, "middle")
        away = scene.emu(7) if "markers" in str(trace.get("mode")) else 0
        x = spot[0] + {"left": away, "right": -away}.get(anchor_x, 0)
        y = spot[1] + {"bottom": -away, "top": away}.get(anchor_y, 0)
        out.append(
            label(
                ids, texts[i], x, y, size=scene.pt(float(listed(font.get("size"), count)[i] or 12)),
                colour=colour_of(listed(font.get("color"), count)[i], scene.ink.ink).value, fonts=fonts, across=anchor_x,
                up=anchor_y,
            )
        )  # fmt: skip
    return out
