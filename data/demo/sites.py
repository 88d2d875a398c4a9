"""Service stations, party service stations and neighbourhood centres; committees of owners; demonstration awards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.demo.chance import Floats, apportion, stream
from data.demo.compounds import Compounds
from data.demo.frames import table_frame
from data.demo.places import URBAN_STREETS
from data.schema.vocabulary import SiteKind

STATIONS, URBAN_STATIONS, PARTY_STATIONS, CENTRES = 66, 23, 71, 9
SIX = ("has_place", "has_equipment", "has_sign", "has_flag", "has_reading", "has_rules")
SIX_SHARES = (0.99, 0.95, 0.97, 0.96, 0.86, 0.9)


def make_sites(seed: int, register: pd.DataFrame) -> pd.DataFrame:
    """`site` rows: 66 stations stand, 23 of them in the urban streets and one at least in each; one has closed.

    Args:
        register: the `compound` register; only communities it names for managed compounds get a site.
    """
    luck = stream(seed, "sites")
    known = register[register["is_managed"].fillna(False).astype(bool) & (register["area_code"].str.len() == 12)]
    held = known.groupby("area_code").size().sort_index()
    codes = held.index.to_numpy(dtype=object)
    urban = np.array([c[:9] in URBAN_STREETS for c in codes])
    chosen: list[str] = []
    of_street = pd.Series([c[:9] for c in codes[urban]]).value_counts().sort_index()
    per_street = apportion(URBAN_STATIONS, of_street.to_numpy(), least=1, most=of_street.to_numpy())
    for street, count in zip(of_street.index, per_street, strict=True):
        there = [c for c in codes if c[:9] == street]
        chosen += sorted(_draw(luck, there, [float(held[c]) for c in there], int(count)))
    elsewhere = codes[~urban].tolist()
    chosen += sorted(_draw(luck, elsewhere, [float(held[c]) for c in elsewhere], STATIONS - URBAN_STATIONS))
    party = sorted(_draw(luck, codes.tolist(), [float(held[c]) for c in codes], PARTY_STATIONS))
    centres = sorted(_draw(luck, codes[urban].tolist(), [float(held[c]) for c in codes[urban]], CENTRES))
    kinds = [SiteKind.STATION] * STATIONS + [SiteKind.PARTY_STATION] * PARTY_STATIONS + [SiteKind.CENTRE] * CENTRES
    places = chosen + party + centres
    # The predecessor of one station, in the same community, closed when the new one opened.
    kinds.append(SiteKind.STATION)
    places.append(chosen[0])
    count = len(kinds)
    opened = np.datetime64("2019-07") + luck.integers(0, 68, count).astype("timedelta64[M]")
    days = opened.astype("datetime64[D]") + luck.integers(0, 28, count).astype("timedelta64[D]")
    closed = np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")
    days[0], days[-1], closed[-1] = (
        np.datetime64("2023-05-08"),
        np.datetime64("2018-03-12"),
        np.datetime64("2023-05-08"),
    )
    size = {SiteKind.STATION: 130.0, SiteKind.PARTY_STATION: 260.0, SiteKind.CENTRE: 1600.0}
    area = np.round(np.array([size[k] for k in kinds]) * np.exp(luck.normal(0, 0.35, count)), 0)
    area[luck.random(count) < 0.05] = np.nan
    is_party = np.array([k is SiteKind.PARTY_STATION for k in kinds])
    reported = is_party & (luck.random(count) < 0.87)
    flags = {}
    for name, share in zip(SIX, SIX_SHARES, strict=True):
        column = pd.array(luck.random(count) < share, dtype="boolean")
        column[~reported] = pd.NA
        flags[name] = pd.Series(column)
    return table_frame(
        "site",
        {
            "site_id": [f"ZD{i + 1:03d}" for i in range(count)], "kind": [k.value for k in kinds],
            "community_code": places, "opened_on": days, "closed_on": closed, "area_m2": area, **flags,
        },
    )  # fmt: skip


def standing_stations(sites: pd.DataFrame) -> pd.DataFrame:
    """The 66 stations open at the data date."""
    return sites[(sites["kind"] == SiteKind.STATION.value) & sites["closed_on"].isna()].reset_index(drop=True)


def _draw(luck: np.random.Generator, values: list[str], weights: list[float], size: int) -> list[str]:
    p = np.array(weights) / sum(weights)
    return [values[i] for i in luck.choice(len(values), size, replace=False, p=p)]


ROUNDS = {
    "2022年第一批": "2022-09-28",
    "2023年第二批": "2023-09-27",
    "2024年第三批": "2024-09-26",
    "2025年第四批": "2025-09-25",
}
OPEN_ROUND, APPLY_DAYS = "2026年第五批", 75


def make_awards(seed: int, city: Compounds, merit: Floats) -> pd.DataFrame:
    """`award` rows: four rounds decided, some awards taken back, a fifth round still open.

    Args:
        merit: per managed compound; better ones apply and win more often.
    """
    luck = stream(seed, "awards")
    awarded: set[int] = set()
    rows: dict[str, list[object]] = {k: [] for k in ("compound_id", "round", "applied_on", "awarded_on", "revoked_on")}
    none: Any = np.datetime64("NaT", "D")

    def applicants(size: int) -> list[int]:
        weight = np.exp(1.1 * merit) * np.isnat(city.since[: city.managed])
        weight[list(awarded)] = 0.0
        return sorted(luck.choice(city.managed, size, replace=False, p=weight / weight.sum()).tolist())

    def add(compound: int, name: str, applied: Any, day: Any, revoked: Any) -> None:
        for key, value in zip(rows, (city.ids[compound], name, applied, day, revoked), strict=True):
            rows[key].append(value)

    for name, text in ROUNDS.items():
        day: Any = np.datetime64(text, "D")
        there = applicants(17)
        score = merit[there] + luck.normal(0, 0.5, len(there))
        for compound, is_best in zip(there, score >= np.sort(score)[-11], strict=True):
            applied = day - np.timedelta64(APPLY_DAYS - int(luck.integers(0, 20)), "D")
            gone = is_best and luck.random() < 0.11 and name != "2025年第四批"
            revoked = none
            if gone:
                revoked = day + np.timedelta64(int(luck.integers(200, 380)), "D")
            if is_best:
                awarded.add(compound)
            add(compound, name, applied, day if is_best else none, revoked)
    for compound in applicants(19):
        applied = np.datetime64("2026-09-01") + np.timedelta64(int(luck.integers(0, 55)), "D")
        add(compound, OPEN_ROUND, applied, none, none)
    made = {key: pd.Series(values) for key, values in rows.items()}
    return table_frame("award", made)
