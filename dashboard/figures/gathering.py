"""Many compounds as few marks: gathered by cell of a grid, one mark a state and cell, as large as they are many.

A map of SVG makes a node of every point; above a few thousand it is slow and shows a blot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard.figures.choropleth import PointState
from dashboard.numbers import number
from dashboard.wording import Words

# Cells along the longer side of the map, and the diameter of the mark of its fullest cell, px at 1×.
CELLS, LARGEST = 24, 22.0
# Diameter of the mark of one compound, px at 1×.
_SMALLEST = 4.0


def gathered(
    points: Sequence[PointState],
    bounds: tuple[float, float, float, float],
    words: Words,
    *,
    cells: int = CELLS,
    largest: float = LARGEST,
) -> list[PointState]:
    """`points` as marks: at most one a cell and state, at the middle of what it stands for.

    Areas of marks, not diameters, go with the counts. A click leads to the area most of them lie in.

    Args:
        points: their frames also have `area`, the code of the area a compound lies in, or None.
        bounds: west, south, east, north of the map, degrees.
        cells, largest: fewer and smaller where the map is a small one.
    """
    counted = [_counted(state.points, bounds, cells) for state in points]
    most = max((int(frame["n"].max()) for frame in counted if len(frame)), default=1)
    marks = []
    for state, frame in zip(points, counted, strict=True):
        texts = [words("figure.gathered", n=number(int(n)), state=state.name) for n in frame["n"]]
        share = np.sqrt(frame["n"].to_numpy(dtype=float) / most)
        sizes = np.maximum(_SMALLEST, share * largest)
        rows = frame.assign(text=texts, size=sizes).sort_values("n", ascending=False)
        marks.append(replace(state, points=rows, click="area"))
    return marks


def _counted(points: pd.DataFrame, bounds: tuple[float, float, float, float], cells: int) -> pd.DataFrame:
    """One row a cell that holds points: lon, lat (their mean), n, id (the most frequent area).

    Points outside the map are left out: nobody would see their marks.
    """
    west, south, east, north = bounds
    points = points[points["lon"].between(west, east) & points["lat"].between(south, north)]
    if points.empty:
        return pd.DataFrame({"id": [], "lon": [], "lat": [], "n": []})
    stretch = math.cos(math.radians((south + north) / 2))
    step = max((east - west) * stretch, north - south, 1e-9) / cells
    lon, lat = (points[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    across, up = np.floor((lon - west) * stretch / step).astype(int), np.floor((lat - south) / step).astype(int)
    cell, held = np.unique(across * (up.max() + 1) + up, return_inverse=True)
    count = np.bincount(held)
    area = points["area"].astype("category").cat
    # How many of each area every cell holds; those without an area in the last column, which leads nowhere.
    codes = np.where(area.codes >= 0, area.codes, len(area.categories))
    table = np.bincount(held * (len(area.categories) + 1) + codes, minlength=cell.size * (len(area.categories) + 1))
    known = table.reshape(cell.size, -1)[:, :-1]
    chief = pd.Series([None] * cell.size, dtype=object)
    if known.size:
        names = np.array([*area.categories, None], dtype=object)
        chief = pd.Series(names[np.where(known.any(axis=1), known.argmax(axis=1), -1)], dtype=object)
    middle = (np.bincount(held, values) / count for values in (lon, lat))
    return pd.DataFrame(dict(zip(("lon", "lat"), middle, strict=True)) | {"n": count, "id": chief})
