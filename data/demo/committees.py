"""Owners' and property committees of the invented compounds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.chance import Floats, logistic, stream
from data.demo.clock import LAST_MONTH
from data.demo.compounds import Compounds
from data.demo.frames import table_frame
from data.schema.vocabulary import ChairRole, CommitteeKind, CompoundKind

CHAIRED_BY_CADRE = 5
SEATS, SEAT_SHARES = (5, 7, 9, 11), (0.4, 0.37, 0.18, 0.05)


def make_committees(seed: int, city: Compounds, z: Floats, founded: Floats) -> pd.DataFrame:
    """`committee` rows, one a compound at most; "大部分项目未组建业委会" holds for a little over half of them.

    Args:
        founded: month a branch first covered each managed compound, inf if none.
    """
    luck = stream(seed, "committees")
    managed = city.managed
    is_small = np.isin(city.kind[:managed], [CompoundKind.SINGLE.value])
    branch = np.isfinite(founded)
    has = luck.random(managed) < logistic(-0.6 + 0.45 * z[:managed] + 0.6 * branch - 0.8 * is_small)
    at = np.flatnonzero(has)
    count = len(at)
    owners = luck.random(count) < np.where(city.kind[at] == CompoundKind.OLD.value, 0.42, 0.72)
    month = np.datetime64("2018-01") + luck.integers(0, 104, count).astype("timedelta64[M]")
    begun = np.where(np.isnat(city.since[at]), month.astype("datetime64[D]"), city.since[at] + np.timedelta64(200, "D"))
    begun = begun + luck.integers(0, 28, count).astype("timedelta64[D]")
    years = np.where(owners, luck.choice([3, 5], count), 3)
    ends = begun + (years * 365).astype("timedelta64[D]")
    # Most committees whose term ran out were elected again; the others stand without a term.
    last = np.datetime64(LAST_MONTH, "D")
    again = (ends < last) & (luck.random(count) < 0.82)
    while (again & (ends < last)).any():
        ends = np.where(again & (ends < last), ends + (years * 365).astype("timedelta64[D]"), ends)
    ends = np.where(luck.random(count) < 0.06, np.datetime64("NaT"), ends)
    seats = luck.choice(SEATS, count, p=SEAT_SHARES).astype(np.float64)
    party = luck.binomial(seats.astype(np.int64), np.where(branch[at], 0.66, 0.52)).astype(np.float64)
    unknown = luck.random(count) < 0.1
    seats[unknown] = np.nan
    party[unknown] = np.nan
    role = np.full(count, ChairRole.OTHER.value, dtype=object)
    one_shoulder = branch[at] & (luck.random(count) < 0.3)
    role[one_shoulder] = ChairRole.SECRETARY.value
    role[luck.random(count) < 0.05] = None
    free = np.flatnonzero(~one_shoulder & city.is_urban[at])
    cadre = luck.choice(free, CHAIRED_BY_CADRE, replace=False)
    role[cadre] = ChairRole.CADRE.value
    also = pd.array(one_shoulder, dtype="boolean")
    also[~branch[at]] = pd.NA
    kind = np.where(owners, CommitteeKind.OWNERS.value, CommitteeKind.PROPERTY.value)
    kind[cadre] = CommitteeKind.PROPERTY.value
    return table_frame(
        "committee",
        {
            "committee_id": [f"YW{i + 1:03d}" for i in range(count)], "compound_id": city.ids[at], "kind": kind,
            "seats": seats, "party_seats": party, "chair_role": role, "is_secretary_chair": pd.Series(also),
            "established_on": begun, "term_end": ends,
        },
    )  # fmt: skip
