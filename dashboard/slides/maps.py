"""Maps as named freeforms: areas by class, 未上报 under a pattern, compounds by state, legend and notice beside them."""

from __future__ import annotations

from typing import Any

from dashboard.slides.figures import as_number, decoded, listed, numbers_of
from dashboard.slides.ground import Area, Window, areas_at, under
from dashboard.slides.marks import colour_of, mark_of
from dashboard.slides.notes import key_of, label, mark_shape, written_notes
from dashboard.slides.scene import Scene
from dashboard.slides.shapes import NO_FILL, NO_LINE, Ids, freeform, group, hatch, line, shape, solid
from dashboard.slides.text import plain, text_width
from dashboard.slides.types import EMU_PER_PT, Box, Fonts
from dashboard.theme import Ink
from dashboard.wording import Words

_CLASSES = "classes"
_SEPARATOR = " · "


class MapMissingError(ValueError):
    """The shapes of a map are not known to this process."""


class MapWriter:
    """Writes a map.

    Attributes:
        areas: of every area its code, name, class, value and what the value is of, for the manifest.
    """

    def __init__(
        self, figure: dict[str, Any], box: Box, *, name: str, note: str, ink: Ink, words: Words, fonts: Fonts
    ) -> None:
        self.figure, self.name, self.note = figure, name, note
        self.ink, self.words, self.fonts = ink, words, fonts
        foot = round(14 * EMU_PER_PT) if note else 0
        self.whole = box
        self.scene = Scene(figure, Box(box.left, box.top, box.width, box.height - foot), ink)
        self.areas: list[dict[str, Any]] = []
        self.traces: list[dict[str, Any]] = self.scene.traces
        self.classes = {
            colour_of((trace.get("marker") or {}).get("color")).value: plain(trace.get("name") or "")
            for trace in self.traces if trace.get("legendgroup") == _CLASSES
        }  # fmt: skip

    def all(self, ids: Ids) -> list[str]:
        """Everything on the map, from the bottom up. Raises `MapMissingError` when its shapes are not here."""
        layout = self.scene.layout
        out: list[str] = []
        for key in sorted((key for key in layout if key.startswith("geo")), key=lambda key: int(key[3:] or 1)):
            traces = [
                trace for trace in self.traces if str(trace.get("geo") or "geo") == key and not self._is_key(trace)
            ]
            if traces:
                out += self._map(ids, layout[key], traces, key)
        out += written_notes(self.scene, ids, self.fonts) + self._legend(ids)
        if self.note:
            foot = Box(
                self.whole.left, self.whole.bottom - round(14 * EMU_PER_PT), self.whole.width, round(14 * EMU_PER_PT)
            )
            out.append(
                label(
                    ids,
                    self.note,
                    foot.left,
                    foot.bottom,
                    size=9,
                    colour=self.ink.muted,
                    fonts=self.fonts,
                    across="left",
                    up="bottom",
                )
            )
        return [each for each in out if each]

    def _is_key(self, trace: dict[str, Any]) -> bool:
        """Whether a trace only stands in the legend."""
        return trace.get("type") == "scattergeo" and not any(lon is not None for lon in numbers_of(trace.get("lon")))

    def _map(self, ids: Ids, layout: dict[str, Any], traces: list[dict[str, Any]], key: str) -> list[str]:
        domain = layout.get("domain") or {}
        (x0, x1), (y0, y1) = (tuple(decoded(domain.get(way)) or (0.0, 1.0)) for way in "xy")
        scene = self.scene
        left, right, top, bottom = scene.x_at(x0), scene.x_at(x1), scene.y_at(y1), scene.y_at(y0)
        frame = Box(round(left), round(top), round(right - left), round(bottom - top))
        window = Window(layout, frame)
        members: list[str] = []
        ground = colour_of(layout.get("bgcolor"), self.ink.card) if layout.get("bgcolor") else None
        if ground is not None and ground.opacity > 0:
            members.append(shape(ids, key, window.box, fill=solid(ground.value)))
        members += self._areas(ids, window, [trace for trace in traces if trace.get("type") == "choropleth"], traces)
        for trace in traces:
            if trace.get("type") != "scattergeo":
                continue
            mode = str(trace.get("mode") or "")
            if "markers" in mode:
                members.append(self._points(ids, window, trace))
            elif "text" in mode:
                members += self._names(ids, window, trace)
        return members

    # Areas

    def _areas(self, ids: Ids, window: Window, layers: list[dict[str, Any]], traces: list[dict[str, Any]]) -> list[str]:
        if not layers:
            return []
        known: dict[str, dict[str, Area]] = {}
        for trace in layers:
            areas = areas_at(trace.get("geojson"))
            if areas is None:
                raise MapMissingError(str(trace.get("geojson")))
            known[str(trace.get("geojson"))] = areas
        outlines = [trace for trace in layers if self._is_outline(trace)]
        filled = [trace for trace in layers if trace not in outlines]
        silent: set[str] = set()
        if filled:
            base = known[str(filled[0].get("geojson"))]
            for trace in traces:
                if trace.get("type") == "scattergeo" and trace.get("mode") == "lines":
                    silent |= under((numbers_of(trace.get("lon")), numbers_of(trace.get("lat"))), base)
        members = [self._filled(ids, window, filled, known, silent)] if filled else []
        for trace in outlines:
            members.append(self._outlined(ids, window, trace, known[str(trace.get("geojson"))]))
        return members

    def _is_outline(self, trace: dict[str, Any]) -> bool:
        scale = decoded(trace.get("colorscale"))
        return bool(scale) and all(colour_of(stop[1]).opacity == 0 for stop in scale)

    def _filled(
        self,
        ids: Ids,
        window: Window,
        layers: list[dict[str, Any]],
        known: dict[str, dict[str, Area]],
        silent: set[str],
    ) -> str:
        """One freeform an area: the last layer that names it decides its fill, its text and its value."""
        found: dict[str, tuple[dict[str, Any], int]] = {}
        for trace in layers:
            for place, code in enumerate(decoded(trace.get("locations"))):
                found[str(code)] = (trace, place)
        first = layers[0]
        edge = line(self.ink.line, 0.5)
        members = []
        for code, (trace, place) in found.items():
            area = known[str(trace.get("geojson"))].get(code)
            if area is None:
                continue
            is_valued = trace is not first or (len(layers) == 1 and trace.get("zmin") is not None)
            value = as_number(decoded(trace.get("z"))[place]) if is_valued else None
            colour = self._colour(trace, value)
            own = plain(trace.get("name") or "") if trace.get("legendgroup") == _CLASSES else ""
            title = (own or self.classes.get(colour, "")) if value is not None else ""
            if value is None and code in silent:
                fill, title = hatch(self.ink.hatch, self.ink.card), self.words("figure.unreported")
            else:
                fill = solid(colour if value is not None else self.ink.card)
            texts = decoded(trace.get("text"))
            told = plain(str(texts[place]).replace("<br>", _SEPARATOR)) if place < len(texts) else ""
            alt = _SEPARATOR.join(part for part in (told or area.name, title if value is not None else "") if part)
            members.append(
                freeform(ids, f"{area.name} {code}", window.rings(area.shape), fill=fill, outline=edge, alt=alt)
            )
            meta = trace.get("meta") or {}
            entry: dict[str, Any] = {"code": code, "name": area.name, "class": title, "value": value}
            if value is not None:
                entry |= {key: meta[key] for key in ("indicator", "field", "by", "period") if key in meta}
            self.areas.append(entry)
        return group(ids, self.words("slide.areas"), window.box, members)

    def _colour(self, trace: dict[str, Any], value: float | None) -> str:
        """The colour of a value on the stepped scale of its trace."""
        scale = [(float(at), colour) for at, colour in decoded(trace.get("colorscale"))]
        if value is None or not scale:
            return colour_of(scale[0][1]).value if scale else self.ink.card
        low, high = as_number(trace.get("zmin")), as_number(trace.get("zmax"))
        values = [v for v in numbers_of(trace.get("z")) if v is not None]
        low = min(values) if low is None else low
        high = max(values) if high is None else high
        share = (value - low) / (high - low) if high > low else 0.0
        passed = [colour for at, colour in scale if at <= share + 1e-9]
        # At a step the scale names the lower colour first, then the upper one.
        return colour_of(passed[-1] if share < 1 else scale[-1][1]).value

    def _outlined(self, ids: Ids, window: Window, trace: dict[str, Any], areas: dict[str, Area]) -> str:
        marker = (trace.get("marker") or {}).get("line") or {}
        stroke = line(
            colour_of(marker.get("color"), self.ink.edge).value,
            max(self.scene.pt(as_number(marker.get("width")) or 1.0), 0.75),
        )
        members = [
            freeform(ids, f"{areas[code].name} {code}", window.rings(areas[code].shape), fill=NO_FILL, outline=stroke)
            for code in map(str, decoded(trace.get("locations")))
            if code in areas
        ]
        return group(ids, self.words("slide.outlines"), window.box, members)

    # Points and names

    def _points(self, ids: Ids, window: Window, trace: dict[str, Any]) -> str:
        lon, lat = numbers_of(trace.get("lon")), numbers_of(trace.get("lat"))
        count = min(len(lon), len(lat))
        texts = listed(trace.get("text"), count)
        name = plain(trace.get("name") or "")
        members = []
        for i in range(count):
            x, y = lon[i], lat[i]
            if x is None or y is None or not window.holds(x, y):
                continue
            mark = mark_of(trace, i, count, self.scene.point, self.ink.ink)
            told = str(texts[i] or "")
            head = plain(told.split("<br>")[0]) or name
            alt = _SEPARATOR.join(part for part in (plain(told.replace("<br>", _SEPARATOR)), name) if part)
            members.append(mark_shape(ids, head, *window.at(x, y), mark, max(mark.size * 0.85, 3.0), alt))
        return group(ids, name or self.words("slide.points"), window.box, members) if members else ""

    def _names(self, ids: Ids, window: Window, trace: dict[str, Any]) -> list[str]:
        lon, lat = numbers_of(trace.get("lon")), numbers_of(trace.get("lat"))
        texts = decoded(trace.get("text"))
        size = self.scene.pt(as_number((trace.get("textfont") or {}).get("size")) or 12)
        return [
            label(
                ids, f"<b>{plain(text)}</b>", *window.at(x, y), size=size, colour=self.ink.ink, fonts=self.fonts,
                fill=solid(self.ink.card, 0.6),
            )
            for x, y, text in zip(lon, lat, texts, strict=False)
            if x is not None and y is not None and window.holds(x, y)
        ]  # fmt: skip

    # Legend

    def _legend(self, ids: Ids) -> list[str]:
        """The keys in a column at the lower right, or in a row below when the figure's legend lies."""
        keys = [trace for trace in self.traces if trace.get("showlegend") is not False and trace.get("name")]
        keys.sort(key=lambda trace: as_number(trace.get("legendrank")) or 1000)
        scene = self.scene
        size = scene.pt(11 * self.ink.scale)
        tall = size * 1.6 * EMU_PER_PT
        is_level = (scene.layout.get("legend") or {}).get("orientation") != "v"
        longest = max((text_width(trace["name"], size) for trace in keys), default=0.0) + scene.pt(26)
        box = scene.box
        x = float(box.left) if is_level else box.right - longest * EMU_PER_PT
        widths = [(text_width(plain(trace["name"]), size) + scene.pt(38)) * EMU_PER_PT for trace in keys]
        titles = self._titles(keys)
        room = max((text_width(title, size) for title in titles), default=0.0) + scene.pt(14) if any(titles) else 0.0
        start = box.left + room * EMU_PER_PT
        rows = 0
        used = box.width + 1.0
        for wide, title in zip(widths, titles, strict=True):
            if title or start + used + wide > box.right:
                rows, used = rows + 1, 0.0
            used += wide
        titled = sum(map(bool, titles))
        y = box.bottom - tall * ((rows if is_level else len(keys) + titled) - 0.5)
        out = []
        group_before = None
        if is_level:
            x = start
        elif any(trace.get("legendgroup") != _CLASSES for trace in keys):
            y -= tall * 0.5
        for place, (trace, wide, title) in enumerate(zip(keys, widths, titles, strict=True)):
            if is_level and place and (title or (x > start and x + wide > box.right)):
                x, y = start, y + tall
            if not is_level and group_before == _CLASSES != trace.get("legendgroup"):
                y += tall * 0.5
            group_before = trace.get("legendgroup")
            if title:
                left = float(box.left) if is_level else x
                out.append(label(ids, title, left, y, size=size, colour=self.ink.ink, fonts=self.fonts, across="left"))
                y += 0.0 if is_level else tall
            name = plain(trace["name"])
            out += self._key(ids, trace, name, x, y)
            out.append(
                label(
                    ids, name, x + scene.emu(20), y, size=size, colour=self.ink.muted, fonts=self.fonts, across="left"
                )
            )
            if is_level:
                x += wide
            else:
                y += tall
        return out

    def _titles(self, keys: list[dict[str, Any]]) -> list[str]:
        """What stands before each key: the name of its legend or group where it is the first of it, else nothing."""
        said: list[str] = []
        for trace in keys:
            own = self.scene.layout.get(str(trace.get("legend") or "legend")) or {}
            text = ((trace.get("legendgrouptitle") or {}).get("text")) or ((own.get("title") or {}).get("text")) or ""
            said.append("" if text in said else plain(text))
        return said

    def _key(self, ids: Ids, trace: dict[str, Any], name: str, x: float, y: float) -> list[str]:
        half = self.scene.emu(5)
        box = Box(round(x + self.scene.emu(2)), round(y - half), round(2.4 * half), 2 * half)
        if trace.get("legendgroup") == _CLASSES and trace.get("mode") == "lines":
            fill = hatch(self.ink.hatch, self.ink.card)
            return [shape(ids, name, box, fill=fill, outline=line(self.ink.edge, 0.5))]
        if trace.get("legendgroup") == _CLASSES:
            scale = decoded(trace.get("colorscale"))
            colour = colour_of(scale[0][1] if scale else (trace.get("marker") or {}).get("color"))
            return [shape(ids, name, box, fill=solid(colour.value), outline=line(self.ink.edge, 0.25) or NO_LINE)]
        return key_of(self.scene, ids, trace, name, x, y)


def is_map(figure: dict[str, Any]) -> bool:
    """Whether a figure is a map."""
    return any(trace.get("type") in ("choropleth", "scattergeo") for trace in figure.get("data") or [])
