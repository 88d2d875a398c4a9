"""The bureau's campaigns: vehicles in fire lanes, broken meter boxes, charging ports. Sparse, with exact totals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.chance import Bools, Floats, Ints, apportion, stream
from data.demo.clock import MONTHS
from data.demo.compounds import Compounds
from data.demo.frames import observations
from data.schema.vocabulary import CompoundKind, UnitKind

VEHICLES_PERSUADED, VEHICLES_TOWED = 400, 58
METER_BOXES, METER_BOXES_FOUND = 1500, 1622
CHARGING_PORTS, CAR_CHARGERS = 3000, 6
FIRE_LANE_VISITS, METER_JOBS, PORT_JOBS = 260, 190, 210
# Where a compound is treated in a fire-lane campaign it relapses this often.
RELAPSE_SHARE = 0.14


def campaign_rows(seed: int, city: Compounds, z: Floats, filed: Bools) -> pd.DataFrame:
    """Observations of the campaign sheet; a row exists only where a compound was treated in a month."""
    parts = [_fire_lanes(seed, city, z, filed), _meters(seed, city, filed), _ports(seed, city, filed)]
    return pd.concat(parts, ignore_index=True)


def _jobs(luck: np.random.Generator, weight: Floats, filed: Bools, count: int) -> tuple[Ints, Ints]:
    """`count` different (compound, month) pairs among the filed ones."""
    chance = (weight * filed).ravel()
    cells = np.sort(luck.choice(chance.size, count, replace=False, p=chance / chance.sum()))
    return np.divmod(cells, len(MONTHS))


def _sparse(city: Compounds, at: tuple[Ints, Ints], values: dict[str, Ints]) -> pd.DataFrame:
    """Observations at the pairs `at`, one value of every measure each."""
    managed = city.managed
    reported = np.zeros((managed, len(MONTHS)), dtype=np.bool_)
    reported[at] = True
    arrays = {}
    for measure, counts in values.items():
        array = np.zeros(reported.shape)
        array[at] = counts
        arrays[measure] = array
    return observations(UnitKind.COMPOUND, city.ids[:managed], MONTHS, arrays, reported)


def _fire_lanes(seed: int, city: Compounds, z: Floats, filed: Bools) -> pd.DataFrame:
    luck = stream(seed, "campaigns: fire lanes")
    managed = city.managed
    weight = (np.exp(-0.35 * z[:managed]) * np.sqrt(city.households[:managed]))[:, None] * _season(luck, managed)
    at = _jobs(luck, weight, filed, FIRE_LANE_VISITS)
    persuaded = apportion(VEHICLES_PERSUADED, luck.gamma(1.2, 1.0, FIRE_LANE_VISITS))
    towed = apportion(VEHICLES_TOWED, luck.gamma(0.5, 1.0, FIRE_LANE_VISITS) * (1 + persuaded))
    relapsed = (luck.random(FIRE_LANE_VISITS) < RELAPSE_SHARE).astype(np.int64)
    sites = np.ones(FIRE_LANE_VISITS, dtype=np.int64)
    return _sparse(city, at, {
        "vehicles_persuaded": persuaded, "vehicles_towed": towed, "campaign_sites": sites, "campaign_relapses": relapsed,
    })  # fmt: skip


def _meters(seed: int, city: Compounds, filed: Bools) -> pd.DataFrame:
    luck = stream(seed, "campaigns: meter boxes")
    managed = city.managed
    is_old = np.isin(city.kind[:managed], [CompoundKind.OLD.value, CompoundKind.SINGLE.value])
    weight = np.where(is_old, 4.0, 0.6)[:, None] * _season(luck, managed)
    at = _jobs(luck, weight, filed, METER_JOBS)
    found = apportion(METER_BOXES_FOUND, city.buildings[at[0]] * luck.gamma(2.0, 1.0, METER_JOBS), least=1)
    left = apportion(METER_BOXES_FOUND - METER_BOXES, luck.gamma(0.3, 1.0, METER_JOBS), most=found)
    return _sparse(city, at, {"meter_boxes_found": found, "meter_boxes": found - left})


def _ports(seed: int, city: Compounds, filed: Bools) -> pd.DataFrame:
    luck = stream(seed, "campaigns: charging ports")
    managed = city.managed
    weight = np.sqrt(city.households[:managed])[:, None] * np.linspace(0.6, 1.4, len(MONTHS))[None, :]
    at = _jobs(luck, weight, filed, PORT_JOBS)
    # Ports come in boxes of ten sockets or so; the car chargers are counted among them.
    ports = apportion(CHARGING_PORTS, luck.gamma(4.0, 1.0, PORT_JOBS), least=4)
    largest = np.argsort(-ports, kind="stable")[: CAR_CHARGERS // 2]
    cars = np.zeros(PORT_JOBS, dtype=np.int64)
    cars[largest] = 2
    return _sparse(city, at, {"charging_ports": ports, "car_chargers": cars})


def _season(luck: np.random.Generator, managed: int) -> Floats:
    """Campaigns come in bursts: some months see much of them, most little."""
    burst = np.asarray(luck.gamma(0.7, 1.0, len(MONTHS)))
    return np.tile(burst + 0.05, (managed, 1))
