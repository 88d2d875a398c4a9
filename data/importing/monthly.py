"""The monthly sheets: one a kind of unit, a row a unit and month, a column a measure of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data.catalogue import MEASURES
from data.catalogue.types import Measure
from data.importing.headings import normal
from data.importing.problems import Findings
from data.importing.rows import Target
from data.importing.values import flags, numbers, spreadsheet_precision, stripped, typed
from data.schema import observation
from data.schema.vocabulary import UnitKind

MONTH_HEADING = "月份"


@dataclass(frozen=True)
class MonthlySheet:
    """A monthly sheet: its title, the kind of unit, and the heading of the unit's id."""

    title: str
    kind: UnitKind
    id_heading: str


MONTHLY: tuple[MonthlySheet, ...] = (
    MonthlySheet("小区月报", UnitKind.COMPOUND, "小区编号"),
    MonthlySheet("企业月报", UnitKind.COMPANY, "企业编号"),
    MonthlySheet("网格月报", UnitKind.GRID, "网格编码"),
    MonthlySheet("社区月报", UnitKind.COMMUNITY, "社区代码"),
    MonthlySheet("街道月报", UnitKind.STREET, "街道代码"),
    MonthlySheet("县区月报", UnitKind.COUNTY, "县区代码"),
    MonthlySheet("全市月报", UnitKind.CITY, "市代码"),
)


def measures_of(sheet: MonthlySheet, measures: Mapping[str, Measure] = MEASURES) -> list[Measure]:
    """The measures entered in `sheet`, in the catalogue's order."""
    return [m for m in measures.values() if m.observed and sheet.kind in m.units]


def heading_of(measure: Measure) -> str:
    """The heading of a measure's column: title and unit, or how to answer."""
    return f"{measure.zh}（有/无）" if measure.is_flag else f"{measure.zh}（{measure.unit}）"


def words_of(sheet: MonthlySheet) -> dict[str, str]:
    """Normal heading → what it is: `unit_id`, `month` or a measure's key."""
    words = {normal(sheet.id_heading): "unit_id", "单位编号": "unit_id", MONTH_HEADING: "month", "month": "month"}
    for m in measures_of(sheet):
        words.update({normal(m.zh): m.key, normal(heading_of(m)): m.key, m.key.lower(): m.key})
    return words


def long_form(sheet: MonthlySheet, cells: pd.DataFrame, columns: Mapping[str, str], findings: Findings) -> Target:
    """The observations in a wide sheet.

    Args:
        cells: text, columns = headings, index = source rows.
        columns: heading → `unit_id`, `month` or measure key.
    """
    headings = {what: heading for heading, what in columns.items()}
    c = observation.c
    unit = typed(cells[headings["unit_id"]], c.unit_id, findings, headings["unit_id"])
    month = typed(cells[headings["month"]], c.month, findings, headings["month"])
    parts = []
    for heading, key in columns.items():
        if key in {"unit_id", "month"}:
            continue
        measure = MEASURES[key]
        text = stripped(cells[heading])
        if measure.is_flag:
            values = flags(text, findings, heading).dropna().astype("float64")
        else:
            values = spreadsheet_precision(numbers(text, findings, heading, unit=measure.unit).dropna())
        parts.append(pd.DataFrame(
            {"unit_id": unit[values.index], "month": month[values.index], "measure": key, "value": values}
        ))  # fmt: skip
    empty = cells.drop(columns=[headings["unit_id"], headings["month"]]).isna().all(axis=1)
    findings.add(
        cells.index[empty], None, None, "nothing_reported", "这一行除编号和月份外什么都没填；请补填或删去这一行"
    )
    whole = pd.concat(parts) if parts else pd.DataFrame(columns=["unit_id", "month", "measure", "value"])
    frame = pd.DataFrame({
        "unit_kind": pd.Series(sheet.kind.value, index=whole.index, dtype="str"),
        "unit_id": whole["unit_id"].astype("str"), "month": whole["month"].astype("str"),
        "measure": whole["measure"].astype("str"), "value": whole["value"].astype("float64"),
    })  # fmt: skip
    return Target(observation, frame, {"unit_id": headings["unit_id"], "month": headings["month"]})
