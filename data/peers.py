"""Peers of a compound: of its kind and about its size, so that a small old compound is not held against a new estate."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.catalogue import indicator as indicator_of
from data.query import Period, Reader

SIZE_FACTORS = (1.5, 2.0, 3.0)
"""A peer's households lie within this factor of the compound's; the factor widens until there are enough of them."""

ENOUGH = 12
"""So many peers are enough; project proposal."""


@dataclass(frozen=True)
class Peers:
    """Ids of the peers, the compound itself not among them, and the rule that chose them.

    Attributes:
        kind: the kind they share; None when the compound's is not known.
        factor: how far households may differ; None when size did not decide.
    """

    ids: tuple[str, ...]
    kind: str | None
    factor: float | None


def peers_of(reader: Reader, compound: str, month: str) -> Peers:
    """Managed compounds of the same kind whose households lie within ×1.5 (×2, ×3 until there are twelve).

    Without a known size all of the kind, without a known kind all of the size.

    Source: this project's proposal.
    """
    known = set(reader.indicator("compounds", period=Period.of(month), by="compound")["group"])
    register = reader.register("compound")
    register = register[register["compound_id"].isin(known | {compound})].set_index("compound_id")
    if compound not in register.index:
        return Peers((), None, None)
    own = register.loc[compound]
    others = register.drop(index=compound)
    kind: str | None = None if pd.isna(own["kind"]) else str(own["kind"])
    if kind is not None:
        others = others[others["kind"] == kind]
    size = own["households"]
    if pd.isna(size) or size <= 0:
        return Peers(tuple(others.index), kind, None)
    households = others["households"].astype("Float64")
    for factor in SIZE_FACTORS:
        near = others[((households >= float(size) / factor) & (households <= float(size) * factor)).fillna(False)]
        if len(near) >= ENOUGH:
            return Peers(tuple(near.index), kind, factor)
    return Peers(tuple(others.index), kind, None)


def pooled(frame: pd.DataFrame, ids: tuple[str, ...], key: str) -> float | None:
    """An indicator over the units `ids` together: their sums divided, never a mean of ratios.

    Args:
        frame: `reader.indicator(key, by="compound")`.

    Returns:
        In the indicator's unit; None where none of them reported.
    """
    mine = frame[frame["group"].isin(ids)]
    scale = indicator_of(key).scale
    numerator = mine["numerator"].astype(float)
    denominator = mine["denominator"].astype(float)
    if denominator.notna().any():
        both = numerator.notna() & denominator.notna()
        total = float(denominator[both].sum())
        return float(numerator[both].sum()) / total * scale if total > 0 else None
    # A plain count has no denominator: per compound is what can be compared.
    known = numerator.dropna()
    return float(known.mean()) * scale if len(known) else None
