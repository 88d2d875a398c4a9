"""The geography of the demo city, as files and as the frames the room works on."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.drawing import union_shapes
from geo.shapes import read_layer


@pytest.fixture(scope="session")
def geography() -> Path:
    return Path(__file__).parents[2] / "data" / "demo" / "geography"


@pytest.fixture(scope="session")
def city_areas(geography: Path) -> pd.DataFrame:
    return pd.read_csv(geography / "areas.csv", dtype=str)


@pytest.fixture(scope="session")
def cells(geography: Path) -> gpd.GeoDataFrame:
    return read_layer(geography / "streets_schematic.geojson").frame


@pytest.fixture(scope="session")
def counties(geography: Path) -> gpd.GeoDataFrame:
    return read_layer(geography / "counties.geojson").frame.rename(columns={"district_adcode": "code"})


@pytest.fixture(scope="session")
def seats(geography: Path) -> gpd.GeoDataFrame:
    return read_layer(geography / "street_seats.geojson", kind="point").frame


@pytest.fixture(scope="session")
def published(cells: gpd.GeoDataFrame, counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What a store holds: seven county polygons and 101 street cells."""
    both = pd.concat([counties[["code", "geometry"]], cells[["code", "geometry"]]], ignore_index=True)
    return gpd.GeoDataFrame(both, crs=4490)


@pytest.fixture(scope="session")
def drawn(city_areas: pd.DataFrame, published: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return union_shapes(city_areas, published)
