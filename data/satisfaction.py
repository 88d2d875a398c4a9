"""How content residents are, compound by compound, with what is not known: shrunk rate, interval, band, change.

The model is fitted once per month over the whole city, so that a compound has the same estimate on every page
whatever is selected there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import func, select

from data.query import Period, Reader, Selection
from data.retrying import reading
from data.schema import survey
from data.schema.vocabulary import UnitKind
from data.statistics.bands import SatisfactionBand, satisfaction_bands
from data.statistics.funnel import Funnel, funnel_of_proportions
from data.statistics.intervals import difference, wilson
from data.statistics.shrinkage import shrink_hierarchical

WAVE_STANDS_MONTHS = 6
"""A compound's answer stands until its next wave, but not longer than so many months; project proposal."""

LOW_RESPONSE = 0.3
"""A response rate under this is flagged: who answered may not be who lives there; project proposal."""

RATE, SHARE = "satisfaction", "survey_response_rate"
SURVEYED = frozenset({RATE, "satisfaction_gain", "satisfaction_happy", "satisfaction_safe", SHARE})
"""Indicators that the way of asking bears upon: none of them is compared across a change of the method."""

_SURVEY = (RATE, "survey_")


@dataclass(frozen=True)
class Change:
    """Latest wave against the one before, in percentage points.

    None where there is no earlier wave, and where people were asked another way in between: nobody can tell then
    whether the residents changed or the question.
    """

    wave: str
    before: str | None
    value: float | None
    low: float | None
    high: float | None
    is_discernible: bool
    crosses_method_break: bool


def months_back(month: str, count: int) -> str:
    """The month `count` months before `month`."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - count
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def waves(reader: Reader, month: str, selection: Selection | None = None) -> list[str]:
    """Months up to `month` in which anybody of the selection was asked, oldest first."""
    return _months_with(reader, "survey_valid", "value", month, selection or Selection())


def _months_with(reader: Reader, key: str, field: str, month: str, selection: Selection) -> list[str]:
    """Months up to `month` in which a field of the indicator is above zero, oldest first."""
    course = reader.course(key, selection)
    if course is not None:
        return [found for found in course.months_with(field) if found <= month]
    frame = reader.indicator(key, selection, by="month", period=Period(reader.months[0], month))
    return [str(found) for found in frame.loc[frame[field].fillna(0) > 0, "group"]]


def latest_wave(reader: Reader, month: str, selection: Selection | None = None) -> str | None:
    """The last wave up to `month` of the selection; None where nobody was ever asked."""
    if not reader.months or month < reader.months[0]:
        return None
    found = waves(reader, month, selection)
    return found[-1] if found else None


def is_month_without_survey(reader: Reader, key: str, month: str) -> bool:
    """Whether an indicator of the survey has no figure of a month because nobody in the city was asked then.

    A place that was left out of a wave did not report; between two waves there is nothing to report.
    """
    if not key.startswith(_SURVEY) or month not in reader.months:
        return False
    everyone = reader.whole
    return month not in waves(everyone, everyone.latest_month)


def method_breaks(reader: Reader) -> dict[str, tuple[str, str]]:
    """Waves from which the survey method differs from the wave before: month → (method before, method after).

    A wave's method is the one most of its answers came by.

    Source: this project's rule that a break is marked wherever a change is read across it.
    """

    everyone = reader.whole

    def read() -> dict[str, tuple[str, str]]:
        counted = (
            select(survey.c.wave, survey.c.method, func.sum(survey.c.valid))
            .where(survey.c.superseded_by.is_(None), survey.c.method.is_not(None))
            .group_by(survey.c.wave, survey.c.method)
            .order_by(survey.c.wave, survey.c.method)
        )
        main: dict[str, tuple[int, str]] = {}
        for wave, method, valid in reading(everyone.engine, lambda connection: connection.execute(counted).all()):
            if wave not in main or valid > main[wave][0]:
                main[str(wave)] = (valid, str(method))
        ways = [(wave, method) for wave, (_, method) in main.items()]
        return {wave: (before, method) for (_, before), (wave, method) in pairwise(ways) if before != method}

    breaks: dict[str, tuple[str, str]] = everyone.remember("method_breaks", read)
    return dict(breaks)


def is_comparable(reader: Reader, key: str, first: str, second: str) -> bool:
    """Whether indicator `key` of two months may be compared: not what was surveyed in different ways.

    Source: this project's rule that a change across a break of the survey method is withheld, not hedged.
    """
    if key not in SURVEYED:
        return True
    earlier, later = sorted((first, second))
    return not any(earlier < month <= later for month in method_breaks(reader))


def compound_estimates(reader: Reader, month: str, selection: Selection | None = None) -> pd.DataFrame:
    """Latest answers of each compound and what they say of the residents' rate.

    Returns:
        One row a compound of the selection: compound_id, label, street, wave, valid, satisfied, invited, response,
        raw, raw_low, raw_high (Wilson), shrunk, low, high (95 % credible), p_below (P(rate < 60 %)), band,
        is_low_response. Rates are shares 0–1; NaN and band 未上报 where nobody was asked in the last six months.

    Source: `wilson`, `shrink_hierarchical`, `satisfaction_bands`.
    """
    everyone = reader.whole
    whole: pd.DataFrame = everyone.remember(
        ("compound_estimates", month), lambda: _estimate(everyone, month), is_fact=True
    )
    return inside_selection(reader, whole, month, selection)


def red_compounds(reader: Reader, month: str, selection: Selection | None = None) -> pd.DataFrame:
    """The rows of `compound_estimates` in the red band, the surest first."""
    everyone = reader.whole

    def read() -> pd.DataFrame:
        frame = compound_estimates(everyone, month)
        found = frame[frame["band"] == SatisfactionBand.RED]
        return found.sort_values("p_below", ascending=False, ignore_index=True)

    red: pd.DataFrame = everyone.remember(("red_compounds", month), read, is_fact=True)
    return inside_selection(reader, red, month, selection)


def inside_selection(
    reader: Reader, frame: pd.DataFrame, month: str, selection: Selection | None = None
) -> pd.DataFrame:
    """The rows of `frame` whose `compound_id` belongs to the selection at the end of `month`.

    Of an account with a data scope, rows of its own compounds alone, wherever `frame` comes from.
    """
    if reader.scope is not None:
        frame = frame[frame["compound_id"].isin(reader.own(UnitKind.COMPOUND))].reset_index(drop=True)
    if selection is None or selection == Selection():
        return frame.copy(deep=False)
    rows = reader.compound_rows(frame["compound_id"].tolist())
    return frame[reader.is_inside(rows, selection, month)].reset_index(drop=True)


def rows_inside(
    reader: Reader, rows: list[dict[str, Any]], month: str, selection: Selection | None = None
) -> list[dict[str, Any]]:
    """As `inside_selection`, of rows that are dictionaries: a short list is not worth a frame."""
    if reader.scope is not None:
        own = reader.own(UnitKind.COMPOUND)
        rows = [row for row in rows if row["compound_id"] in own]
    if selection is None or selection == Selection():
        return rows
    is_inside = reader.is_inside(reader.compound_rows([row["compound_id"] for row in rows]), selection, month)
    return [row for row, is_one in zip(rows, is_inside.tolist(), strict=True) if is_one]


def _estimate(reader: Reader, month: str) -> pd.DataFrame:
    first = max(reader.months[0], months_back(month, WAVE_STANDS_MONTHS - 1))
    period = Period(first, month)
    rates, shares = (reader.panel(key, period=period, by="compound") for key in (RATE, SHARE))
    months = period.months
    # A panel lists every group of a month, month after month.
    names = rates["group"].tolist()[: len(rates) // len(months)]
    columns = {
        "valid": rates["denominator"], "satisfied": rates["numerator"], "invited": shares["denominator"],
    }  # fmt: skip
    asked = {name: column.to_numpy(dtype=float).reshape(len(months), -1) for name, column in columns.items()}
    has_answers = np.nan_to_num(asked["valid"]) > 0
    newest = len(months) - 1 - np.argmax(has_answers[::-1], axis=0)
    answered = has_answers.any(axis=0)
    row_of = {name: row for row, name in enumerate(names)}
    groups = reader.indicator("compounds", period=Period.of(month), by="compound")
    frame = pd.DataFrame({"compound_id": groups["group"], "label": groups["label"]})
    ids = frame["compound_id"].tolist()
    streets = street_of_compounds(reader)
    frame["street"] = pd.Series([*map(streets.get, ids)], dtype=object)
    rows = np.array([row_of.get(unit, -1) for unit in ids], dtype=np.intp)
    known = (rows >= 0) & answered[rows] if len(rows) and len(names) else np.zeros(len(rows), dtype=bool)
    frame["wave"] = pd.Series(
        [months[newest[row]] if is_known else None for row, is_known in zip(rows, known, strict=True)], dtype=object
    )
    for name, matrix in asked.items():
        values = np.full(len(rows), np.nan)
        values[known] = matrix[newest[rows[known]], rows[known]]
        frame[name] = values
    frame["response"] = frame["valid"] / frame["invited"].where(frame["invited"] > 0)
    valid, satisfied = frame["valid"].fillna(0).to_numpy(), frame["satisfied"].fillna(0).to_numpy()
    band = wilson(satisfied, valid)
    frame["raw"], frame["raw_low"], frame["raw_high"] = band.estimate, band.low, band.high
    fitted = _fitted(reader, satisfied, valid, frame["street"].fillna("").to_numpy())
    for name, values in fitted.items():
        frame[name] = values
    frame["band"] = satisfaction_bands(frame["p_below"])
    frame["is_low_response"] = (frame["response"] < LOW_RESPONSE).fillna(False)
    return frame


def street_of_compounds(reader: Reader) -> dict[str, str]:
    """Compound → code of its street, where that is known; not to be changed."""

    def read() -> dict[str, str]:
        register = reader.register("compound")
        pairs = zip(register["compound_id"].tolist(), register["street"].tolist(), strict=True)
        return {str(unit): street for unit, street in pairs if isinstance(street, str)}

    found: dict[str, str] = reader.remember("street of compounds", read)
    return found


def _fitted(
    reader: Reader, satisfied: NDArray[np.float64], valid: NDArray[np.float64], streets: NDArray[np.object_]
) -> dict[str, NDArray[np.float64]]:
    """shrunk, low, high, alpha, beta, p_below of each compound; NaN without answers.

    Only compounds with answers bear upon the model, and between two waves every month has the same of them: it is
    fitted once for these.
    """
    asked = valid > 0
    digest = hashlib.blake2b(satisfied[asked].tobytes() + valid[asked].tobytes(), digest_size=16)
    digest.update("\n".join(map(str, streets[asked])).encode())

    def fit() -> dict[str, NDArray[np.float64]]:
        posterior = shrink_hierarchical(satisfied[asked], valid[asked], streets[asked]).posterior
        low, high = posterior.interval()
        return {
            "shrunk": posterior.mean, "low": low, "high": high, "alpha": posterior.alpha, "beta": posterior.beta,
            "p_below": posterior.probability_below(),
        }  # fmt: skip

    known: dict[str, NDArray[np.float64]] = reader.remember(("fitted", digest.digest()), fit)
    found = {}
    for name, values in known.items():
        found[name] = np.full(valid.shape, np.nan)
        found[name][asked] = values
    return found


def satisfaction_funnel(
    reader: Reader, month: str, selection: Selection | None = None
) -> tuple[pd.DataFrame, Funnel | None]:
    """The compounds of the selection with answers, and the funnel fitted to them (None with fewer than five).

    Source: `funnel_of_proportions`.
    """
    frame = compound_estimates(reader, month, selection)
    frame = frame[frame["valid"] > 0].reset_index(drop=True)
    if len(frame) < 5:
        return frame, None
    return frame, funnel_of_proportions(frame["satisfied"].to_numpy(), frame["valid"].to_numpy())


def change_since_last_wave(reader: Reader, month: str, selection: Selection | None = None) -> Change | None:
    """Change of the selection's rate between its last two waves up to `month`, with a 95 % interval.

    无可辨变化 when the interval contains 0. Withheld when the survey method changed between the two.

    Source: `difference`, `is_comparable`.
    """
    chosen = selection or Selection()
    asked = _months_with(reader, RATE, "denominator", month, chosen)
    if not asked:
        return None
    wave = asked[-1]
    if len(asked) == 1:
        return Change(wave, None, None, None, None, False, False)
    earlier = asked[-2]
    if not is_comparable(reader, RATE, earlier, wave):
        return Change(wave, earlier, None, None, None, False, True)
    before, last = (reader.rows([RATE], chosen, period=Period.of(each))[RATE] for each in (earlier, wave))
    found = difference(before["numerator"], before["denominator"], last["numerator"], last["denominator"])
    return Change(
        wave=wave, before=earlier, value=float(found.estimate) * 100,
        low=float(found.low) * 100, high=float(found.high) * 100, is_discernible=bool(found.is_discernible),
        crosses_method_break=False,
    )  # fmt: skip
