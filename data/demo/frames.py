"""Frames in the shape of the store's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from data.frames import as_dtype, dtype_of
from data.schema import TABLES
from data.schema.columns import own_columns
from data.schema.vocabulary import UnitKind


def table_frame(name: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """A frame with every own column of the table `name`; a column that is not given is missing throughout."""
    unknown = set(columns) - {c.name for c in own_columns(TABLES[name])}
    if unknown:
        raise ValueError(f"{name} has no column {sorted(unknown)}")
    length = len(next(iter(columns.values())))
    index = pd.RangeIndex(length)
    made = {}
    for column in own_columns(TABLES[name]):
        values = columns.get(column.name)
        if values is None:
            values = np.full(length, column.info["default"], dtype=object)
        series = pd.Series(np.asarray(values) if isinstance(values, list | tuple) else values, index=index)
        made[column.name] = as_dtype(series, dtype_of(column))
    return pd.DataFrame(made)


def observations(
    kind: UnitKind,
    units: Sequence[str] | NDArray[np.object_],
    months: Sequence[str],
    values: Mapping[str, ArrayLike],
    reported: NDArray[np.bool_],
) -> pd.DataFrame:
    """Long rows of measures that are reported together.

    Args:
        values: measure → array of shape (units, months).
        reported: shape (units, months); a unit that did not report a month has no row for any of the measures.
    """
    at_unit, at_month = np.nonzero(reported)
    unit_ids = np.asarray(units, dtype=object)[at_unit]
    month_names = np.asarray(months, dtype=object)[at_month]
    parts = [
        pd.DataFrame({
            "unit_kind": pd.Series(kind.value, index=range(len(at_unit)), dtype="str"),
            "unit_id": pd.Series(unit_ids, dtype="str"),
            "month": pd.Series(month_names, dtype="str"),
            "measure": pd.Series(measure, index=range(len(at_unit)), dtype="str"),
            "value": np.asarray(array, dtype=np.float64)[at_unit, at_month],
        })
        for measure, array in values.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)
