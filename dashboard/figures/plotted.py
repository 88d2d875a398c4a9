"""What a trace shows: which indicator, of which groups, on which axis; and its numbers, unrounded, gaps as None."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from dashboard.numbers import is_missing, quantity
from dashboard.wording import Words
from data.catalogue.types import Indicator

if TYPE_CHECKING:
    import pandas as pd

Axis = Literal["x", "y", "z", "customdata"]


def plotted(
    key: str, *, axis: Axis, groups: Iterable[str], by: str | None, field: str = "value", click: str | None = None
) -> dict[str, Any]:
    """`meta` of a trace that plots `field` of an indicator: `groups` stand in the order of the array on `axis`.

    Args:
        click: field of the view that a click on a mark sets to its group; `profile` opens the compound's file.
    """
    meta: dict[str, Any] = {"indicator": key, "field": field, "axis": axis, "groups": [*groups], "by": by}
    return meta | {"click": click} if click else meta


def clickable(groups: Iterable[str], click: str) -> dict[str, Any]:
    """`meta` of a trace that plots no indicator but can be clicked."""
    return {"groups": [*groups], "click": click}


def records(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain values: `to_dict("records")` at a tenth of its cost."""
    names = [*figures.columns]
    columns = [_plain(figures[name]) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(column: pd.Series[Any]) -> list[Any]:
    """The values of a column; those of texts without asking pandas for each of them."""
    values: list[Any] = (column.to_numpy() if column.dtype == "str" else column).tolist()
    return values


def numbers(values: Iterable[Any]) -> list[float | None]:
    """Values as plain numbers, a missing one as None."""
    return [None if is_missing(value) else float(value) for value in values]


def shown(row: Any, indicator: Indicator, words: Words) -> str:
    """The value of a row of figures as text: `74.2%`, `<5`, 未上报."""
    if bool(row["suppressed"]):
        return words("figure.suppressed")
    return quantity(row["value"], indicator.unit, words, decimals=indicator.decimals)


def hover(row: Any, indicator: Indicator, words: Words) -> str:
    """Lines of a hover label for a row of figures: name, value, interval, numerator and denominator, who reported."""
    lines = [f"<b>{row['label']}</b>", f"{words.of(indicator)} {shown(row, indicator, words)}"]
    if not is_missing(row["low"]):
        low, high = (quantity(row[k], indicator.unit, words, decimals=indicator.decimals) for k in ("low", "high"))
        lines.append(words("figure.interval", low=low, high=high))
    if not is_missing(row["denominator"]) and not is_missing(row["numerator"]):
        parts = (quantity(row[k], "", words) for k in ("numerator", "denominator"))
        lines.append(words("figure.parts", parts=" / ".join(parts)))
    if not is_missing(row["expected"]) and row["expected"] > 0:
        reported, expected = (quantity(row[k], "", words) for k in ("reported", "expected"))
        lines.append(words("figure.reported", reported=reported, expected=expected))
    return "<br>".join(lines)
