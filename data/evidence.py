"""Why a compound stands where it stands: what it scored on, what held it back, what would move it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from data.query import Reader
from data.ranking import Ranking, rank_compounds
from data.schema.vocabulary import UnitKind
from data.statistics.bands import Tier
from data.statistics.composite import CompositeResult, role_scores
from data.statistics.contributions import (
    contributions,
    effective_weights,
    mean_rank_change,
    moves_most,
    points_lost,
    remove_each,
)
from data.statistics.counts import BoolArray
from data.statistics.normalise import min_ranks
from data.statistics.scheme import NormalisationMethod, Role, Scheme

# A line of evidence names at most this many indicators.
NAMED = 3


@dataclass(frozen=True)
class Anatomy:
    """What the scores of a ranking are made of; frames are units × indicators, in points of 100.

    Attributes:
        shares: effective weight, rows of scored units sum to 100. points: brought, rows sum to the arithmetic score.
        lost: cost against the best possible score.
        moved: columns indicator, rank, rank_without, change of `moves_most`, among the ranked units.
        rank_changes: indicator → mean absolute change of rank among the ranked units when it is left out.
        process, outcome: scores over the indicators of one role, by unit.
    """

    shares: pd.DataFrame
    points: pd.DataFrame
    lost: pd.DataFrame
    moved: pd.DataFrame
    rank_changes: pd.Series[float]
    process: pd.Series[float]
    outcome: pd.Series[float]

    def only(self, units: frozenset[str]) -> Anatomy:
        """The same of `units` alone; what is said of an indicator stays that of all."""

        def kept(part: Any) -> Any:
            return part[part.index.isin(units)]

        return replace(
            self, shares=kept(self.shares), points=kept(self.points), lost=kept(self.lost), moved=kept(self.moved),
            process=kept(self.process), outcome=kept(self.outcome),
        )  # fmt: skip


def standings(ranking: Ranking) -> pd.DataFrame:
    """One row a compound: group, label, score, other_score, availability, tier, probability_top, rank, rank_low,
    median_rank, rank_high, eligibility, reasons (tuple of `GateReason`).

    Ordered by probability of the top tenth, then by median rank: compounds that are not ranked come last.
    """
    result, table = ranking.result, ranking.firmness.table
    frame = pd.DataFrame(
        {
            "group": result.score.index,
            "label": result.labels.to_numpy(),
            "score": result.score.to_numpy(),
            "other_score": result.other_mean.to_numpy(),
            "availability": result.availability.to_numpy(),
            **{
                name: table[name].to_numpy()
                for name in ("tier", "probability_top", "rank", "rank_low", "median_rank", "rank_high")
            },
            "eligibility": ranking.gates.eligibility.reindex(result.score.index).to_numpy(),
            "reasons": ranking.gates.reasons.reindex(result.score.index).to_numpy(),
        }
    )
    return frame.sort_values(
        ["probability_top", "median_rank", "score", "group"], ascending=[False, True, False, True], na_position="last"
    ).reset_index(drop=True)


def anatomy(reader: Reader, *, scheme: str, month: str) -> Anatomy:
    """The anatomy of `rank_compounds(reader, scheme=scheme, month=month)`; the same until the data change."""
    everyone = reader.whole
    found: Anatomy = everyone.remember(
        ("anatomy", scheme, month), lambda: _anatomy(rank_compounds(everyone, scheme=scheme, month=month))
    )
    return found if reader.scope is None else found.only(reader.own(UnitKind.COMPOUND))


def _anatomy(ranking: Ranking) -> Anatomy:
    result = ranking.result
    ranked = ranking.firmness.table["tier"] != Tier.UNRANKED
    inside = _only(result, ranked.to_numpy(bool))
    has_ranked = bool(ranked.any())
    return Anatomy(
        shares=effective_weights(result) * 100,
        points=contributions(result),
        lost=points_lost(result),
        moved=moves_most(inside)
        if has_ranked
        else pd.DataFrame(columns=["indicator", "rank", "rank_without", "change"]),
        rank_changes=mean_rank_change(remove_each(inside)).sort_values(ascending=False, kind="stable")
        if has_ranked
        else pd.Series(dtype=float),
        process=role_scores(result, Role.PROCESS),
        outcome=role_scores(result, Role.OUTCOME),
    )


def _only(result: CompositeResult, kept: BoolArray) -> CompositeResult:
    """The same index of fewer units, ranked among themselves; nothing is fitted again."""
    decimals = result.scheme.rank_decimals
    return replace(
        result,
        labels=result.labels[kept],
        values=result.values[kept],
        treated=result.treated[kept],
        normalised=result.normalised[kept],
        is_imputed=result.is_imputed[kept],
        is_winsorised=result.is_winsorised[kept],
        availability=result.availability[kept],
        is_scored=result.is_scored[kept],
        nodes=result.nodes[kept],
        score=result.score[kept],
        rank=_ranks(result.score[kept], decimals),
        other_mean=result.other_mean[kept],
        other_rank=_ranks(result.other_mean[kept], decimals),
    )


def _ranks(scores: pd.Series[float], decimals: int) -> pd.Series[float]:
    return pd.Series(min_ranks(np.asarray(scores, dtype=np.float64), decimals=decimals), index=scores.index)


def evidence(ranking: Ranking, parts: Anatomy, unit: str) -> pd.DataFrame:
    """One row an indicator of the scheme: key, parent, value, is_share, score (0–100), share (points it counts for),
    points (it brought), lost, is_reported.

    `value` is as read: a share 0–1 where `is_share`, else in points; NaN where not reported. A compound below the
    availability cut keeps its values and has no points.
    """
    scheme = ranking.scheme
    keys = [node.key for node in scheme.indicators]
    scales = [scheme.normalisation_of(node) for node in scheme.indicators]
    frame = pd.DataFrame(
        {
            "key": keys,
            "parent": [node.parent for node in scheme.indicators],
            "value": ranking.reported.loc[unit, keys].to_numpy(dtype=np.float64),
            "is_share": [
                scale.method is not NormalisationMethod.BOUNDS or max(scale.worst or 0, scale.best or 0) <= 1
                for scale in scales
            ],
            "score": ranking.result.normalised.loc[unit, keys].to_numpy(dtype=np.float64),
            "share": parts.shares.loc[unit, keys].to_numpy(dtype=np.float64),
            "points": parts.points.loc[unit, keys].to_numpy(dtype=np.float64),
            "lost": parts.lost.loc[unit, keys].to_numpy(dtype=np.float64),
        }
    )
    frame["is_reported"] = frame["value"].notna()
    frame.loc[frame["score"].isna(), ["points", "lost"]] = np.nan
    return frame


def nominal_points(scheme: Scheme) -> dict[str, float]:
    """Points of 100 each node counts for when nothing is missing, root left out."""
    points = {scheme.root.key: 100.0}
    for node in scheme.nodes:
        members = scheme.members(node.key)
        total = sum(member.weight for member in members)
        for member in members:
            points[member.key] = points[node.key] * member.weight / total if total else 0.0
    points.pop(scheme.root.key)
    return points


def award_states(reader: Reader, month: str) -> pd.DataFrame:
    """Awards as they stand at the end of `month`: compound_id, round, state (awarded, revoked, applied)."""
    end = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
    awards = reader.register("award")
    for name in ("applied_on", "awarded_on", "revoked_on"):
        awards[name] = pd.to_datetime(awards[name])
    awards = awards[(awards["applied_on"] <= end) | (awards["awarded_on"] <= end)]
    state = np.where(
        awards["revoked_on"] <= end, "revoked", np.where(awards["awarded_on"] <= end, "awarded", "applied")
    )
    return awards[["compound_id", "round"]].assign(state=state).reset_index(drop=True)


def objections(reader: Reader, month: str) -> pd.DataFrame:
    """Objections raised by the end of `month`, newest first: objection_id, compound_id, month, reason, raised_on,
    answered_on (NaT while unanswered at that time), score_before, score_after.
    """
    end = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
    rows = reader.register("objection")
    for name in ("raised_on", "answered_on"):
        rows[name] = pd.to_datetime(rows[name])
    rows = rows[rows["raised_on"] <= end].copy()
    waiting = ~(rows["answered_on"] <= end)
    rows.loc[waiting, ["answered_on"]] = pd.NaT
    rows.loc[waiting, ["score_after"]] = np.nan
    names = [
        "objection_id",
        "compound_id",
        "month",
        "reason",
        "raised_on",
        "answered_on",
        "score_before",
        "score_after",
    ]
    return rows[names].sort_values("raised_on", ascending=False, ignore_index=True)
