"""The invented compounds, companies and grids, and who manages what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.chance import Bools, Floats, Ints, pick, stream
from data.demo.frames import table_frame
from data.demo.names import compound_names
from data.demo.places import COMPOUNDS_OF_STREET, URBAN_STREETS, ground, scatter, share_among_communities
from data.schema.vocabulary import CompoundKind, ManagementMode

Texts = NDArray[np.object_]

UNMANAGED, SELF_MANAGED, FALLBACK_MANAGED = 36, 34, 24
# Compounds entered the register over the years; it was complete before the source counted 513.
COMPLETE_FROM = np.datetime64("2025-03-01")


@dataclass(frozen=True)
class KindOf:
    """What a kind of compound is like: share of all, households (median), years built, fee in yuan per m² and month."""

    share: float
    households: float
    years: tuple[int, int]
    fee: float


KINDS: dict[CompoundKind, KindOf] = {
    CompoundKind.MARKET: KindOf(0.55, 520, (2002, 2022), 1.35),
    CompoundKind.OLD: KindOf(0.26, 190, (1982, 2001), 0.45),
    CompoundKind.AFFORDABLE: KindOf(0.07, 420, (2008, 2019), 0.7),
    CompoundKind.SINGLE: KindOf(0.08, 64, (1990, 2012), 0.4),
    CompoundKind.MIXED: KindOf(0.04, 240, (1995, 2015), 0.8),
}


@dataclass(frozen=True)
class Compounds:
    """Arrays over all compounds, the 513 managed ones first.

    `mode` is the present mode of management, `since` the day the register begins (NaT: always).
    """

    ids: Texts
    names: Texts
    street: Texts
    community: Texts
    grid: Texts
    point: Floats
    kind: Texts
    households: Ints
    buildings: Ints
    built_year: Ints
    fee: Floats
    mode: Texts
    since: NDArray[np.datetime64]
    is_managed: Bools

    @property
    def managed(self) -> int:
        """How many are managed; they come first."""
        return int(self.is_managed.sum())

    @property
    def is_urban(self) -> Bools:
        """Whether a compound lies in one of the eight urban streets."""
        return np.isin(self.street, list(URBAN_STREETS))


def make_compounds(seed: int) -> Compounds:
    """549 compounds: 513 managed, 36 that nobody manages."""
    where = stream(seed, "compounds: where")
    street, community, point = _placed(where, _managed_streets())
    extra = _placed(where, sorted(pick(where, *_streets_of_unmanaged(), size=UNMANAGED)))
    street, community = np.concatenate([street, extra[0]]), np.concatenate([community, extra[1]])
    point = np.concatenate([point, extra[2]])
    managed = sum(COMPOUNDS_OF_STREET.values())
    count = managed + UNMANAGED

    what = stream(seed, "compounds: what")
    kind = pick(what, [k.value for k in KINDS], [k.share for k in KINDS.values()], managed)
    kind = np.concatenate([kind, pick(what, [CompoundKind.OLD.value, CompoundKind.SINGLE.value], [1, 2], UNMANAGED)])
    of = [KINDS[CompoundKind(k)] for k in kind]
    households = np.array([k.households for k in of]) * np.exp(what.normal(0, 0.55, count))
    households = np.clip(np.round(households), 12, 3600).astype(np.int64)
    per_building = np.where(np.isin(kind, [CompoundKind.SINGLE.value]), 10_000, what.normal(46, 9, count).clip(24, 80))
    years = np.array([k.years for k in of])
    mode = np.full(count, ManagementMode.PROFESSIONAL.value, dtype=object)
    weight = np.where(np.isin(kind[:managed], [CompoundKind.OLD.value, CompoundKind.SINGLE.value]), 12.0, 1.0)
    other = what.choice(managed, SELF_MANAGED + FALLBACK_MANAGED, replace=False, p=weight / weight.sum())
    mode[other[:SELF_MANAGED]] = ManagementMode.SELF.value
    mode[other[SELF_MANAGED:]] = ManagementMode.FALLBACK.value
    mode[managed:] = ManagementMode.NONE.value
    fee = np.round(np.array([k.fee for k in of]) * np.exp(what.normal(0, 0.22, count)), 2)
    fee = np.where(mode == ManagementMode.FALLBACK.value, 0.2, fee)
    since = np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")
    late = what.choice(managed, 34, replace=False)
    span = int((COMPLETE_FROM - np.datetime64("2021-12-01")) / np.timedelta64(1, "D"))
    since[late] = np.datetime64("2021-12-01") + what.integers(0, span, len(late)).astype("timedelta64[D]")
    return Compounds(
        ids=np.array([f"XQ{i + 1:04d}" for i in range(count)], dtype=object),
        names=np.array(compound_names(stream(seed, "compounds: names"), count), dtype=object),
        street=street, community=community, grid=_grids_of(community), point=point, kind=kind,
        households=households, buildings=np.maximum(1, np.round(households / per_building)).astype(np.int64),
        built_year=what.integers(years[:, 0], years[:, 1] + 1), fee=fee, mode=mode, since=since,
        is_managed=np.arange(count) < managed,
    )  # fmt: skip


def _managed_streets() -> list[str]:
    return [street for street, count in sorted(COMPOUNDS_OF_STREET.items()) for _ in range(count)]


def _streets_of_unmanaged() -> tuple[list[str], list[float]]:
    streets = sorted(COMPOUNDS_OF_STREET)
    return streets, [np.sqrt(COMPOUNDS_OF_STREET[s]) * (0.6 if s in URBAN_STREETS else 1.0) for s in streets]


def _placed(generator: np.random.Generator, streets: list[str]) -> tuple[Texts, Texts, Floats]:
    """Street, community and point of as many compounds as `streets` has entries (sorted)."""
    communities: list[str] = []
    points = []
    for street in dict.fromkeys(streets):
        counts = share_among_communities(generator, street, streets.count(street))
        here = [c for c, n in zip(ground().communities[street], counts, strict=True) for _ in range(n)]
        communities += here
        points.append(scatter(generator, street, here))
    return np.array(streets, dtype=object), np.array(communities, dtype=object), np.concatenate(points)


def _grids_of(community: Texts) -> Texts:
    """One to three compounds to a grid, numbered within the community."""
    seen: dict[str, list[int]] = {}
    grids = []
    for number, code in enumerate(community):
        held = seen.setdefault(code, [])
        if not held or held[-1] >= 3 or number % 5 == 0:
            held.append(0)
        held[-1] += 1
        grids.append(f"{code}{len(held):02d}")
    return np.array(grids, dtype=object)


def compound_register(seed: int, city: Compounds) -> pd.DataFrame:
    """The register as the city filed it: a few cells were left empty, a few rows know only the street or no grid."""
    gaps = stream(seed, "compounds: gaps")
    count = len(city.ids)
    area = city.community.copy()
    grid = city.grid.copy()
    grid[gaps.choice(count, 15, replace=False)] = None
    # One whose community is not known either.
    street_only = gaps.choice(city.managed, 6, replace=False)
    area[street_only], grid[street_only] = city.street[street_only], None
    fee = city.fee.copy()
    fee[gaps.random(count) < 0.05] = np.nan
    fee[~city.is_managed] = np.nan
    year = city.built_year.astype(np.float64)
    year[gaps.random(count) < 0.03] = np.nan
    return table_frame(
        "compound",
        {
            "compound_id": city.ids, "name": city.names, "area_code": area, "grid_code": grid,
            "lon": city.point[:, 0], "lat": city.point[:, 1], "fee_yuan_m2_month": fee,
            "households": city.households, "buildings": city.buildings, "built_year": year, "kind": city.kind,
            "is_managed": city.is_managed, "valid_from": city.since,
        },
    )  # fmt: skip


def grid_register(seed: int, city: Compounds) -> pd.DataFrame:
    """A grid for every group of compounds; one leader post each, two where it is large."""
    luck = stream(seed, "grids")
    codes = np.unique(city.grid.astype(str))
    inside = pd.Series(city.households).groupby(city.grid.astype(str)).sum()
    households = inside.loc[codes].to_numpy() + luck.integers(0, 120, len(codes))
    due = np.where(households > 700, 2, 1)
    filled = luck.binomial(due, 0.93)
    here = ground()
    names = [f"{here.names[c[:12]].removesuffix('居委会')}第{int(c[12:])}网格" for c in codes]
    return table_frame(
        "grid",
        {
            "grid_code": codes, "community_code": [c[:12] for c in codes], "name": names, "households": households,
            "leader_posts_due": due, "leader_posts_filled": filled,
        },
    )  # fmt: skip
