"""A line of an answer as JSON: components, figures and numbers, written without Dash's own bookkeeping."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import orjson
import pandas as pd
from dash.development.base_component import Component

# What of a component's attributes is the description of its class.
_DESCRIPTION = frozenset({"available_properties", "available_wildcard_properties"})
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE


def line_of(value: Any) -> bytes:
    """`value` as one line of JSON, a missing number as null; what a browser makes of it is what Dash's own would be."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, Component):
        properties = {name: each for name, each in vars(value).items() if name[0] != "_" and name not in _DESCRIPTION}
        return {"props": properties, "type": value._type, "namespace": value._namespace}
    if isinstance(value, np.ndarray | pd.Series):
        return value.tolist()
    if value is pd.NA:
        return None
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an answer")
