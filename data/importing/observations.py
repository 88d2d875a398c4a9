"""Rules for monthly counts: what the catalogue allows, and which counts must come together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from data.catalogue.types import Measure
from data.importing.bulk import current_of_same_key
from data.importing.problems import Findings
from data.importing.rows import SheetRows, Target
from data.schema import observation

UNIT_MONTH = ["unit_kind", "unit_id", "month"]


def check_observations(
    connection: Connection, sheet: SheetRows, target: Target, measures: Mapping[str, Measure]
) -> None:
    """Report monthly values that the catalogue does not allow: unknown measure, fraction, too high, half a pair."""
    frame = target.frame
    for key, part in frame.groupby("measure"):
        measure = measures.get(str(key))
        heading = str(key) if measure is None else measure.zh
        if measure is None or not measure.observed:
            sheet.findings.add(
                part.index, heading, part["measure"], "unknown_measure", f"指标目录中没有可填报的“{key}”"
            )
            continue
        fits = part["unit_kind"].isin([u.value for u in measure.units])
        sheet.findings.add(
            part.index[~fits], heading, part.loc[~fits, "unit_kind"], "wrong_unit_kind",
            f"“{heading}”不按这种单位填报；请填到对应的月报表里",
        )  # fmt: skip
        value = part["value"]
        below = value < 0
        sheet.findings.add(
            part.index[below],
            heading,
            value[below].map("{:g}".format),
            "out_of_range",
            f"“{heading}”不能小于 0；请核对",
        )
        if measure.high is not None:
            above = value > measure.high
            text = "有/无（1/0）" if measure.is_flag else f"不大于 {measure.high:g}"
            sheet.findings.add(
                part.index[above], heading, value[above].map("{:g}".format), "out_of_range",
                f"“{heading}”应填{text}；请核对",
            )  # fmt: skip
        if measure.is_integer:
            broken = value.notna() & (value != np.floor(value))
            sheet.findings.add(
                part.index[broken], heading, value[broken].map("{:g}".format), "not_an_integer",
                f"“{heading}”按个数统计，请填整数",
            )  # fmt: skip
    _check_pairs(connection, sheet.findings, frame, measures)


def _check_pairs(
    connection: Connection, findings: Findings, frame: pd.DataFrame, measures: Mapping[str, Measure]
) -> None:
    """Report a part without its whole (收缴 without 应收), and a whole whose only part is not reported."""
    given = set(frame["measure"].dropna())
    parts = {
        m.key: m.pair for m in measures.values() if m.pair is not None and m.observed and measures[m.pair].observed
    }
    counts = Counter(parts.values())
    wholes = {whole: part for part, whole in parts.items() if counts[whole] == 1}
    for key, other in [*parts.items(), *wholes.items()]:
        if key not in given:
            continue
        mine = frame[frame["measure"] == key]
        there = frame.loc[frame["measure"] == other, UNIT_MONTH]
        lacking = mine[_not_in(mine, there)]
        if lacking.empty:
            continue
        stored = current_of_same_key(connection, observation, lacking.assign(measure=other))
        lacking = lacking[_not_in(lacking, stored[UNIT_MONTH])]
        heading, wanted = measures[key].zh, measures[str(other)].zh
        findings.add(
            lacking.index, heading, lacking["value"].map("{:g}".format), "half_pair",
            f"填了“{heading}”却没有填“{wanted}”；两项要同时上报或同时留空，否则算不出比率",
        )  # fmt: skip


def _not_in(rows: pd.DataFrame, there: pd.DataFrame) -> NDArray[np.bool_]:
    merged = rows[UNIT_MONTH].merge(there.drop_duplicates(), how="left", indicator=True)
    return merged["_merge"].eq("left_only").to_numpy()
