"""How well each compound is run: planted first, from which everything else the demo counts follows with noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.chance import Bools, Floats, stream
from data.demo.companies import Companies
from data.demo.compounds import Compounds
from data.schema.vocabulary import CompoundKind, ManagementMode

# All in points of the share of residents who are satisfied.
LEVEL = 0.723
STREET_SD = 0.028
COMPANY_EFFECT = 0.024
KIND_EFFECT = {
    CompoundKind.MARKET: 0.012, CompoundKind.OLD: -0.024, CompoundKind.AFFORDABLE: -0.01, CompoundKind.SINGLE: -0.03,
    CompoundKind.MIXED: 0.0,
}  # fmt: skip
MODE_EFFECT = {
    ManagementMode.PROFESSIONAL: 0.006, ManagementMode.SELF: -0.02, ManagementMode.FALLBACK: -0.045,
    ManagementMode.NONE: -0.08,
}  # fmt: skip
# Four in five compounds lie close together; the fifth falls away to the left. No beta distribution does that.
ORDINARY_SD, TROUBLED_SHARE, TROUBLED_FROM, TROUBLED_SHAPE, TROUBLED_SCALE = 0.044, 0.17, -0.05, 1.7, 0.066


@dataclass(frozen=True)
class Quality:
    """Arrays over all compounds.

    `level` is the share of residents who would be satisfied without trend, season or branch; `z` the same,
    standardised; `diligence` how reliably a compound files, which is better where things are better.
    """

    level: Floats
    z: Floats
    diligence: Floats
    is_troubled: Bools


def make_quality(seed: int, city: Compounds, companies: Companies) -> Quality:
    """Street, company, kind and mode effects, and a compound's own part from a mixture with a long left tail."""
    luck = stream(seed, "quality")
    count = len(city.ids)
    streets, at = np.unique(city.street.astype(str), return_inverse=True)
    street = luck.normal(0, STREET_SD, len(streets))[at]
    company = np.where(companies.of_compound >= 0, companies.quality[companies.of_compound], 0.0) * COMPANY_EFFECT
    fixed = np.array([
        KIND_EFFECT[CompoundKind(k)] + MODE_EFFECT[ManagementMode(m)]
        for k, m in zip(city.kind, city.mode, strict=True)
    ])  # fmt: skip
    troubled = luck.random(count) < TROUBLED_SHARE
    ordinary = luck.normal(0, ORDINARY_SD, count)
    fallen = TROUBLED_FROM - luck.gamma(TROUBLED_SHAPE, TROUBLED_SCALE, count)
    level = np.clip(LEVEL + street + company + fixed + np.where(troubled, fallen, ordinary), 0.28, 0.95)
    z = (level - level.mean()) / level.std()
    return Quality(level, z, 0.6 * z + 0.8 * luck.normal(0, 1, count), troubled)
