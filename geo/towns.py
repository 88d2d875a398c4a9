"""Where the compounds of a county pile up: clusters of points in metres and the boxes around them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from geo.crs import Floats

# The box spans these quantiles of a cluster, so that strays at its rim do not stretch it.
QUANTILES = (0.05, 0.95)

Towns = dict[tuple[str, ...], Floats]


def largest_cluster(xy: Floats, reach_m: float) -> Floats:
    """The points of the largest cluster: discs of `reach_m` around the points, joined where they touch.

    Args:
        xy: easting and northing in metres, shape (n, 2), n ≥ 1.

    Returns:
        Rows of `xy`; of two clusters of equal size the more south-westerly one.
    """
    points = shapely.points(xy)
    discs = shapely.get_parts(shapely.union_all(shapely.buffer(points, reach_m)))
    disc_of, point_of = shapely.STRtree(points).query(discs, predicate="intersects")[:2]
    members = [np.sort(point_of[disc_of == i]) for i in range(len(discs))]
    best = min(members, key=lambda rows: (-len(rows), *xy[rows].min(axis=0).tolist()))
    return np.asarray(xy[best])


def fitted_box(town: Floats, *, aspect: float, min_width_m: float, padding: float) -> Floats:
    """West, south, east, north in metres around the bulk of `town`, padded and widened to width / height = `aspect`."""
    low, high = np.quantile(town, QUANTILES, axis=0)
    centre, size = (low + high) / 2, (high - low) * (1 + 2 * padding)
    width = max(float(size[0]), float(size[1]) * aspect, min_width_m)
    half = np.array([width, width / aspect]) / 2
    return np.concatenate([centre - half, centre + half])


def merge_shared(towns: Towns, box: Callable[[Floats], Floats], share: float) -> Towns:
    """Unite towns whose boxes share at least `share` of the smaller, until none do.

    Args:
        towns: county codes → points of their town, in metres.
    """
    towns = dict(towns)
    while True:
        keys = sorted(towns)
        pairs = [
            (a, b) for i, a in enumerate(keys) for b in keys[i + 1 :] if _shared(box(towns[a]), box(towns[b])) >= share
        ]
        if not pairs:
            return towns
        first, second = pairs[0]
        towns[tuple(sorted((*first, *second)))] = np.concatenate([towns.pop(first), towns.pop(second)])


def _shared(a: Floats, b: Floats) -> float:
    """Area common to two boxes as a share of the smaller one."""
    overlap = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)
    return float(np.prod(overlap) / min(np.prod(a[2:] - a[:2]), np.prod(b[2:] - b[:2])))
