"""Which rows of a table belong to an account's areas: by the finest unit a row names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from data.schema.vocabulary import AreaLevel, UnitKind

AREA_KINDS = tuple(UnitKind(level.value) for level in AreaLevel)
# The first of these that a row fills decides: a relation of a compound and a company is the compound's.
PLACE_COLUMNS: tuple[tuple[str, tuple[UnitKind, ...]], ...] = (
    ("compound_id", (UnitKind.COMPOUND,)),
    ("grid_code", (UnitKind.GRID,)),
    ("community_code", AREA_KINDS),
    ("company_id", (UnitKind.COMPANY,)),
    ("area_code", AREA_KINDS),
    ("code", AREA_KINDS),
)
# What every account may read: published in the press, or a line on a public map.
PUBLIC = frozenset({"published_figure"})


class Owner(Protocol):
    """Somebody whose units are known by kind."""

    def own(self, kind: UnitKind | str) -> frozenset[str]: ...


@dataclass(frozen=True)
class Ownership:
    """Units of an account by kind, as of one moment; plain enough to be handed to another process."""

    units: Mapping[str, frozenset[str]]

    def own(self, kind: UnitKind | str) -> frozenset[str]:
        """Ids of the units of `kind`."""
        return self.units.get(str(kind), frozenset())

    def with_units(self, table: str, rows: pd.DataFrame) -> Ownership:
        """The same and the units that `rows` of a register add."""
        found = dict(self.units)
        kinds = rows["level"] if table == "area" else pd.Series(table, index=rows.index)
        key = rows[{"area": "code", "grid": "grid_code"}.get(table, f"{table}_id")]
        for kind, unit in zip(kinds, key, strict=True):
            found[str(kind)] = found.get(str(kind), frozenset()) | {str(unit)}
        return Ownership(found)


def is_own(name: str, frame: pd.DataFrame, owner: Owner) -> pd.Series[bool]:
    """For every row of table `name` whether it belongs to the owner's units; a row that names no place does not."""
    if name in PUBLIC:
        return pd.Series(True, index=frame.index, dtype=bool)
    if name == "observation":
        return _is_own_observation(frame, owner)
    found = pd.Series(False, index=frame.index, dtype=bool)
    undecided = pd.Series(True, index=frame.index, dtype=bool)
    for column, kinds in PLACE_COLUMNS:
        if column not in frame:
            continue
        mine = frozenset[str]().union(*(owner.own(kind) for kind in kinds))
        says = undecided & frame[column].notna().astype(bool)
        found |= says & frame[column].isin(mine).astype(bool)
        undecided &= ~says
    return found


def _is_own_observation(frame: pd.DataFrame, owner: Owner) -> pd.Series[bool]:
    units: Mapping[str, frozenset[str]] = {str(kind): owner.own(kind) for kind in UnitKind}
    mine = [
        str(unit) in units.get(str(kind), ()) for kind, unit in zip(frame["unit_kind"], frame["unit_id"], strict=True)
    ]
    return pd.Series(np.array(mine, dtype=bool), index=frame.index)
