"""A page that shows the pictures side by side."""

from __future__ import annotations

import html
from pathlib import Path

from tests.gallery.shots import SIZES, Shot

HEAD = (
    "<!DOCTYPE html><meta charset='utf-8'><title>Gallery</title><style>body{font:14px sans-serif;background:#777}"
    "th{position:sticky;top:0;background:#eee;padding:4px}td{vertical-align:top}img{width:320px}</style>"
)


def write_index(shots: list[Shot], folder: Path) -> Path:
    """`index.html` with all the pictures: a row a page, a column a size and theme."""
    columns = list(dict.fromkeys((shot.size, shot.theme) for shot in shots))
    by_place = {(shot.scenario.name, shot.size, shot.theme): shot.file for shot in shots}
    head = "".join(f"<th>{size} {'×'.join(map(str, SIZES[size]))} {theme}</th>" for size, theme in columns)
    rows = []
    for name in dict.fromkeys(shot.scenario.name for shot in shots):
        files = [by_place.get((name, size, theme), "") for size, theme in columns]
        cells = "".join(
            f'<td><a href="{file}"><img src="{file}" loading="lazy" alt="{file}"></a></td>' if file else "<td></td>"
            for file in files
        )
        rows.append(f"<tr><th>{html.escape(name)}</th>{cells}</tr>")
    target = folder / "index.html"
    target.write_text(f"{HEAD}<table><tr><th></th>{head}</tr>{''.join(rows)}</table>\n", "utf-8")
    return target
