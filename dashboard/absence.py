"""Why a figure has no value: held back, nothing to divide by, nobody was asked that month, or not reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.numbers import is_missing
from dashboard.wording import Words
from data.satisfaction import is_month_without_survey

if TYPE_CHECKING:
    from data.query import Reader


def absence(row: dict[Any, Any], key: str, month: str, reader: Reader, words: Words) -> str:
    """What stands for the value of a row of `Reader.indicator`; empty where it has one.

    Args:
        month: of the figure, `YYYY-MM`; anything else for one of several months.
    """
    if bool(row.get("suppressed")):
        return words("figure.suppressed")
    if not is_missing(row["value"]):
        return ""
    if row["denominator"] == 0:
        return words("value.no_denominator")
    return words("value.no_survey" if is_month_without_survey(reader, key, month) else "value.unreported")
