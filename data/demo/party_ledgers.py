"""What compounds enter about party work and meetings, month by month since 2025; the filing of the sheets since 2021."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from data.demo.chance import Bools, Floats, Ints, logistic, stream
from data.demo.clock import LEDGER_MONTHS, MONTHS
from data.demo.compounds import Compounds
from data.demo.frames import observations
from data.demo.organisation import PartyWork
from data.demo.reporting import Reporting
from data.schema.vocabulary import UnitKind

LEDGER = slice(len(MONTHS) - len(LEDGER_MONTHS), len(MONTHS))
# Share of compounds that have it when the ledger begins, and at the data date.
FLAGS = {
    "has_coordination": (0.30, 0.50), "has_supervisor": (0.24, 0.44), "has_convention": (0.40, 0.64),
    "has_notice_board": (0.34, 0.58), "has_wechat_group": (0.46, 0.70), "unit_linked": (0.34, 0.58),
    "branch_eligible": (0.44, 0.50),
}  # fmt: skip


def party_sheet(reporting: Reporting, city: Compounds, party: PartyWork) -> Bools:
    """Months in which each managed compound filed its party sheet, shape (managed, months).

    In the latest month all that no branch and no committee covers have filed, but for the known 26.
    """
    filed = reporting.sheet("party", ease=2.7)
    covered = np.isfinite(party.founded) | party.is_fallback
    filed[:, -1] = np.where(covered, filed[:, -1], ~party.unreported)
    return filed


def party_rows(seed: int, city: Compounds, z: Floats, party: PartyWork, filed: Bools) -> pd.DataFrame:
    """Observations of the party ledger."""
    luck = stream(seed, "party ledger")
    managed, months = city.managed, len(LEDGER_MONTHS)
    shape = (managed, months)
    units, z = city.ids[:managed], z[:managed]
    branch = _has_branch(party)
    at = np.linspace(0, 1, months)
    values: dict[str, ArrayLike] = {}
    for name, (first, last) in FLAGS.items():
        share = first + (last - first) * at
        lift = (0.45 * z)[:, None] + 0.9 * branch
        values[name] = (luck.random((managed, 1)) < logistic(np.log(share / (1 - share)) + lift - 0.15)) * 1.0
    buildings = np.repeat(city.buildings[:managed, None], months, axis=1)
    due = luck.binomial(city.buildings[:managed], 0.36)
    heads = _growing(luck, buildings, 0.30 + 0.05 * z[:, None] + 0.12 * branch + 0.10 * at)
    linked = _growing(luck, buildings, 0.42 + 0.05 * z[:, None] + 0.10 * branch + 0.14 * at)
    groups = _growing(luck, np.repeat(due[:, None], months, axis=1), 0.45 + 0.06 * z[:, None] + 0.2 * branch + 0.1 * at)
    posts = np.repeat((3 + city.households[:managed] // 130)[:, None], months, axis=1)
    claimed = _growing(luck, posts, 0.52 + 0.06 * z[:, None] + 0.16 * branch + 0.08 * at)
    keen = luck.gamma(1.6, 0.5, (managed, 1)) * (1 + 0.8 * branch) * (0.7 + 0.5 * at)
    teams = np.floor(keen + 0.35)
    values |= {
        "buildings_reported": buildings, "buildings_party_head": heads, "buildings_linked": linked,
        "buildings_group_due": np.repeat(due[:, None], months, axis=1), "buildings_with_group": groups,
        "posts_set": posts, "posts_claimed": claimed, "volunteer_teams": teams,
        "volunteer_activities": luck.poisson(0.15 + 0.7 * teams, shape),
        "joint_lectures": luck.poisson(0.10 + 0.30 * branch, shape),
        # The day of the party's founding falls in July.
        "joint_theme_days": luck.poisson((0.25 + 0.55 * branch) * np.array([1.8 if m[5:] == "07" else 1.0 for m in LEDGER_MONTHS])),
        "joint_training": luck.poisson(0.05 + 0.15 * branch, shape),
        "joint_governance": luck.poisson(0.12 + 0.45 * branch, shape),
    }  # fmt: skip
    open_ = filed[:, LEDGER]
    four = {"branch_absorbs_four": _growing(luck, np.ones(shape), 0.35 + 0.05 * z[:, None] + 0.25 * at) * 1.0}
    return pd.concat([
        observations(UnitKind.COMPOUND, units, MONTHS, {"party_sheet_filed": np.ones(filed.shape)}, filed),
        observations(UnitKind.COMPOUND, units, LEDGER_MONTHS, values, open_),
        observations(UnitKind.COMPOUND, units, LEDGER_MONTHS, four, open_ & branch),
    ], ignore_index=True)  # fmt: skip


def meeting_rows(seed: int, city: Compounds, z: Floats, party: PartyWork, reporting: Reporting) -> pd.DataFrame:
    """Observations of the meeting ledger, and of the sheet on committees."""
    luck = stream(seed, "meeting ledger")
    managed, months = city.managed, len(LEDGER_MONTHS)
    units, z = city.ids[:managed], z[:managed, None]
    branch = _has_branch(party)
    matters = luck.poisson(0.45, (managed, months))
    held = luck.binomial(1, logistic(0.35 + 0.5 * z + 0.9 * branch))
    items = held * (1 + luck.poisson(1.9, held.shape))
    values = {
        "major_matters": matters,
        "major_matters_prereviewed": luck.binomial(matters, np.clip(0.28 + 0.45 * branch + 0.05 * z, 0.02, 0.97)),
        "four_party_due": np.ones(held.shape), "four_party_held": held,
        "four_party_full": held * luck.binomial(1, logistic(0.7 + 0.4 * z)),
        "agenda_items": items, "agenda_items_closed": luck.binomial(items, logistic(1.2 + 0.5 * z)),
    }  # fmt: skip
    filed = reporting.sheet("meetings", ease=2.5)[:, LEDGER]
    committee = reporting.sheet("committees", ease=2.9)
    branch_only = {"branch_meetings": luck.poisson(1.15, held.shape)}
    return pd.concat([
        observations(UnitKind.COMPOUND, units, MONTHS, {"committee_sheet_filed": np.ones(committee.shape)}, committee),
        observations(UnitKind.COMPOUND, units, LEDGER_MONTHS, values, filed),
        observations(UnitKind.COMPOUND, units, LEDGER_MONTHS, branch_only, filed & branch),
    ], ignore_index=True)  # fmt: skip


def _has_branch(party: PartyWork) -> Bools:
    """Whether a branch covers each managed compound in each month of the ledger."""
    covered: Bools = party.founded[:, None] <= np.arange(len(MONTHS))[None, LEDGER]
    return covered


def _growing(luck: np.random.Generator, whole: Floats | Ints, share: Floats) -> Floats:
    """Counts out of `whole` that move only when their share does: each unit keeps one draw of luck."""
    nudge = luck.normal(0, 0.13, (whole.shape[0], 1))
    counts: Floats = np.round(whole * np.clip(share + nudge, 0.0, 1.0))
    return counts
