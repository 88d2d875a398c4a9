"""Reading a figure: arrays decoded, numbers and gaps told apart, subplots found."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np

Value = float | str | None


def decoded(values: Any) -> list[Any]:
    """A plotly array as a list: plain, numpy, or kept as `{"dtype", "bdata"}`; what is no array becomes an empty list."""
    if values is None or isinstance(values, str | bytes):
        return []
    if isinstance(values, dict):
        return _unpacked(values)
    if hasattr(values, "tolist"):
        values = values.tolist()
    return list(values) if isinstance(values, list | tuple) else []


def _unpacked(packed: dict[str, Any]) -> list[Any]:
    if "bdata" not in packed or "dtype" not in packed:
        return []
    found = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=np.dtype(str(packed["dtype"])).newbyteorder("<"))
    if shape := packed.get("shape"):
        sizes = [int(size) for size in (shape.split(",") if isinstance(shape, str) else np.atleast_1d(shape))]
        found = found.reshape(sizes)
    out: list[Any] = found.tolist()
    return out


def as_number(value: Any) -> float | None:
    """The value as a finite number, None when it is none: a gap."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def numbers_of(values: Any) -> list[float | None]:
    """A plotly array as numbers and gaps."""
    return [as_number(value) for value in decoded(values)]


def listed(value: Any, count: int) -> list[Any]:
    """A setting that is one for all marks or one a mark, as one a mark."""
    if isinstance(value, list | tuple | dict) or hasattr(value, "tolist"):
        found = decoded(value)
        if found:
            return [found[i % len(found)] for i in range(count)]
        return [None] * count
    return [value] * count
