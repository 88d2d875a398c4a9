"""Forty thousand appeals, disputes, suggestions, whistles and urgent matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.case_answers import Replies, answer, closing_levels
from data.demo.chance import Bools, Floats, Ints, exactly, pick, stream
from data.demo.clock import DATA_DATE, MONTHS, first_days, last_days
from data.demo.compounds import Compounds, Texts
from data.demo.frames import table_frame
from data.demo.satisfaction_truth import phase_in
from data.schema.vocabulary import CaseCategory, CaseChannel, CaseKind

DISPUTES_RESOLVED, URGENT_MATTERS = 4000, 160
# Urgent matters through reporting members first: they are the published 160 and a few still open.
COUNTS = {CaseKind.DISPUTE: 4620, CaseKind.URGENT: 270, CaseKind.WHISTLE: 1400, CaseKind.SUGGESTION: 5200}
CASES, URGENT_OF_MEMBERS = 40_000, 171
AREA_ONLY_SHARE = 0.06
# What a branch adds to the chance that a case is resolved, and that it is resolved in time.
RESOLUTION_POINTS, ON_TIME_POINTS = 4.0, 6.0
SEASON = (0.92, 0.80, 0.94, 0.97, 1.03, 1.16, 1.27, 1.24, 1.05, 0.94, 0.92, 0.95)
CATEGORY_SHARES = {
    CaseCategory.PARKING: 0.21, CaseCategory.SECURITY: 0.09, CaseCategory.FIRE: 0.08, CaseCategory.FEE: 0.13,
    CaseCategory.REPAIR: 0.21, CaseCategory.SANITATION: 0.14, CaseCategory.NEIGHBOUR: 0.09, CaseCategory.OTHER: 0.05,
}  # fmt: skip
CHANNEL_SHARES = {
    CaseChannel.HOTLINE: 0.36, CaseChannel.STATION: 0.19, CaseChannel.GRID: 0.16, CaseChannel.MEMBER: 0.06,
    CaseChannel.MEETING: 0.07, CaseChannel.ONLINE: 0.16,
}  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """Cases as they come in. `compound` counts into all compounds, also where only the community is filed."""

    compound: Ints
    month: Ints
    at: NDArray[np.datetime64]
    kind: Texts
    category: Texts
    channel: Texts
    by_area: Bools

    @property
    def is_dispute(self) -> Bools:
        """Whether a case is a dispute."""
        return np.asarray(self.kind == CaseKind.DISPUTE.value)

    @property
    def is_member_urgent(self) -> Bools:
        """Whether a case is an urgent matter that came through reporting members."""
        return np.asarray((self.kind == CaseKind.URGENT.value) & (self.channel == CaseChannel.MEMBER.value))


def case_rows(seed: int, city: Compounds, z: Floats, founded: Floats, stations: pd.DataFrame) -> pd.DataFrame:
    """`case_event` rows, in the order they were opened.

    Args:
        z: standardised quality of every compound.
        founded: month a branch first covered each managed compound, inf if none.
        stations: standing stations, which take in cases of their community.
    """
    opened = _open(seed, city, z)
    luck = stream(seed, "cases: resolved")
    phase = np.zeros(len(opened.compound))
    inside = opened.compound < city.managed
    phase[inside] = phase_in(opened.month[inside] - founded[opened.compound[inside]])
    better = z[opened.compound]
    chance = np.clip(0.885 + 0.022 * better + RESOLUTION_POINTS / 100 * phase, 0.3, 0.995)
    in_time = np.clip(0.74 + 0.035 * better + ON_TIME_POINTS / 100 * phase, 0.1, 0.99)
    replies = answer(seed, opened.at, opened.kind, better, in_time)
    # What would be resolved after the data date is still open on it.
    possible = replies.resolved <= np.datetime64(DATA_DATE, "m") + np.timedelta64(18, "h")
    chance = np.where(possible, chance, -1.0)
    lucky = luck.random(len(chance))
    resolved = lucky < chance
    for which, total in ((opened.is_dispute, DISPUTES_RESOLVED), (opened.is_member_urgent, URGENT_MATTERS)):
        resolved[which] = exactly(total, chance[which], lucky[which])
    levels = closing_levels(seed, opened.channel, better, resolved)
    return _rows(seed, city, opened, replies, resolved, levels, stations)


def _open(seed: int, city: Compounds, z: Floats) -> Opened:
    luck = stream(seed, "cases: opened")
    kinds = np.full(CASES, CaseKind.APPEAL.value, dtype=object)
    begin = 0
    for kind, count in COUNTS.items():
        kinds[begin : begin + count] = kind.value
        begin += count
    exists = np.isnat(city.since)[:, None] | (city.since[:, None] <= first_days()[None, :])
    # Appeals come from everywhere; the register's own compounds have the rest.
    per_home = city.households**0.85 * np.exp(-0.28 * z) * np.where(city.is_managed, 1.0, 0.8)
    season = np.array([SEASON[int(m[5:]) - 1] for m in MONTHS]) * np.linspace(0.86, 1.12, len(MONTHS))
    weight = per_home[:, None] * season[None, :] * exists
    managed_only = np.where(city.is_managed[:, None], weight, 0.0)
    compound, month = _cells(luck, managed_only, begin)
    rest = _cells(luck, weight, CASES - begin)
    compound, month = np.concatenate([compound, rest[0]]), np.concatenate([month, rest[1]])
    days = (last_days() - first_days()).astype(np.int64)[month] + 1
    day = first_days()[month] + np.floor(luck.random(CASES) * days).astype("timedelta64[D]")
    hour = np.clip(luck.normal(13.5, 3.4, CASES), 7, 21)
    at = day.astype("datetime64[m]") + np.round(hour * 60).astype("timedelta64[m]")
    category = _categories(luck, at)
    channel = pick(luck, [c.value for c in CHANNEL_SHARES], list(CHANNEL_SHARES.values()), CASES)
    urgent = np.flatnonzero(kinds == CaseKind.URGENT.value)
    channel[urgent] = CaseChannel.GRID.value
    channel[urgent[:URGENT_OF_MEMBERS]] = CaseChannel.MEMBER.value
    by_area = luck.random(CASES) < AREA_ONLY_SHARE
    by_area &= city.is_managed[compound]
    order = np.argsort(at, kind="stable")
    return Opened(
        compound[order], month[order], at[order], kinds[order], category[order], channel[order], by_area[order]
    )


def _cells(luck: np.random.Generator, weight: Floats, count: int) -> tuple[Ints, Ints]:
    flat = weight.ravel() / weight.sum()
    compound, month = np.divmod(luck.choice(flat.size, count, p=flat), len(MONTHS))
    return compound, month


def _categories(luck: np.random.Generator, at: NDArray[np.datetime64]) -> Texts:
    """Fees in the fourth quarter, refuse and night noise in summer, fire lanes before the spring festival."""
    number = at.astype("datetime64[M]").astype(np.int64) % 12 + 1
    share = np.tile(np.array(list(CATEGORY_SHARES.values())), (len(at), 1))
    keys = list(CATEGORY_SHARES)
    for category, months, times in (
        (CaseCategory.FEE, (10, 11, 12), 1.7), (CaseCategory.SANITATION, (6, 7, 8), 1.6),
        (CaseCategory.NEIGHBOUR, (6, 7, 8), 1.4), (CaseCategory.FIRE, (1, 2), 1.6),
    ):  # fmt: skip
        share[np.isin(number, months), keys.index(category)] *= times
    steps = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
    chosen = np.minimum((luck.random((len(at), 1)) > steps).sum(axis=1), len(keys) - 1)
    names: Texts = np.array([k.value for k in keys], dtype=object)
    return np.asarray(names[chosen])


def _rows(
    seed: int, city: Compounds, opened: Opened, replies: Replies, resolved: Bools, levels: tuple[Texts, Texts],
    stations: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    luck = stream(seed, "cases: callback")
    count = len(resolved)
    nothing = np.datetime64("NaT", "m")
    end = np.datetime64(DATA_DATE, "m") + np.timedelta64(18, "h")
    responded = np.where(resolved | (luck.random(count) < 0.72), replies.responded, nothing)
    responded = np.where(responded > end, nothing, responded)
    arrived = np.where(np.isnat(responded), nothing, replies.arrived)
    done = np.where(resolved, replies.resolved, nothing)
    in_time = replies.resolved <= replies.due
    content = 0.80 + 0.10 * in_time + 0.03 * replies.quality - 0.10 * (opened.kind == CaseKind.DISPUTE.value)
    satisfied = pd.array(luck.random(count) < np.clip(content, 0.2, 0.98), dtype="boolean")
    satisfied[~(resolved & (luck.random(count) < 0.62))] = pd.NA
    reopened = pd.array(luck.random(count) < np.clip(0.06 - 0.018 * replies.quality, 0.01, 0.2), dtype="boolean")
    reopened[~resolved] = pd.NA
    site_of = dict(zip(stations["community_code"], stations["site_id"], strict=True))
    since = dict(zip(stations["community_code"], stations["opened_on"].to_numpy(), strict=True))
    community = city.community[opened.compound]
    station = np.array([
        site_of[c] if ch == CaseChannel.STATION.value and c in site_of and at >= since[c] else None
        for c, ch, at in zip(community, opened.channel, opened.at, strict=True)
    ], dtype=object)  # fmt: skip
    compound = city.ids[opened.compound].copy()
    area = np.full(count, None, dtype=object)
    compound[opened.by_area] = None
    area[opened.by_area] = community[opened.by_area]
    return table_frame(
        "case_event",
        {
            "case_id": [f"SJ{i + 1:06d}" for i in range(count)], "compound_id": compound, "area_code": area,
            "kind": opened.kind, "channel": opened.channel, "category": opened.category, "opened_at": opened.at,
            "due_at": replies.due, "responded_at": responded, "arrived_at": arrived, "resolved_at": done,
            "level_in": levels[0], "level_closed": levels[1], "station_id": station, "reopened": pd.Series(reopened),
            "callback_satisfied": pd.Series(satisfied),
        },
    )  # fmt: skip
