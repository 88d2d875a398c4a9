"""The data dictionary as a document: written from the schema's comments and the catalogue, never by hand.

`python -m data.dictionary` writes `docs/data-dictionary.md`; a test holds the file to what this module writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table

from data.catalogue import INDICATORS, MEASURES, Indicator, Measure, Reported
from data.schema import TABLES, Kind, accounts, batches, briefings, metadata, rollups
from data.schema.columns import own_columns

PATH = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"

INTRODUCTION = """# Data dictionary

Written by `python -m data.dictionary` from the table definitions in `data/schema` and the catalogue in
`data/catalogue`; edit those, then run it again.

A heading is what an import sheet calls the column. Every table of facts also has `row_id`, and of each row the
batch that brought it (`batch_id`), its sheet and row there (`sheet_id`, `source_row`) and the batch that ended it
(`superseded_by`, empty for the current row of a key). A missing cell means 未上报, never zero or 无.
"""

KIND_TITLES = {
    Kind.REGISTER: "Registers: what exists",
    Kind.EVENT: "Events: what happened",
    Kind.OBSERVATION: "Observations: what was counted",
}
KEPT = "Batches: where every row came from"
OFFICE = {
    "Accounts: who may do what, and who did": accounts,
    "Briefings: long work and what it made": briefings,
}
DERIVED = "Roll-ups: derived at import, rebuilt from rows"


def dictionary() -> str:
    """The whole document as Markdown."""
    parts = [INTRODUCTION]
    for kind, title in KIND_TITLES.items():
        parts.append(f"## {title}\n")
        parts += [_fact_table(table) for table in TABLES.values() if table.info["kind"] is kind]
    parts.append(f"## {KEPT}\n")
    parts += [_plain_table(table) for table in _tables_of(batches)]
    parts.append(f"## {DERIVED}\n")
    parts += [_plain_table(table) for table in _tables_of(rollups)]
    for title, module in OFFICE.items():
        parts.append(f"## {title}\n")
        parts += [_plain_table(table) for table in _tables_of(module)]
    parts += ["## Measures: additive counts of a unit in a month\n", _measures()]
    parts += ["## Indicators: numerator ÷ denominator, summed first and divided last\n"]
    parts += [_indicator(indicator) for indicator in INDICATORS.values()]
    return "\n".join(parts).rstrip() + "\n"


def _tables_of(module: Any) -> list[Table]:
    own = {id(value) for value in vars(module).values() if isinstance(value, Table)}
    return [table for table in metadata.tables.values() if id(table) in own]


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _rows(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def allowed(column: Column[Any]) -> str:
    """What a cell of `column` may hold, beside its type: choices, bounds, pattern, the register it refers to."""
    info = column.info
    parts = []
    if info["choices"] is not None:
        parts.append(" / ".join(str(choice) for choice in info["choices"]))
    if info["low"] is not None or info["high"] is not None:
        parts.append(_bounds(info["low"], info["high"]) + (f" {info['unit']}" if info["unit"] else ""))
    elif info["unit"]:
        parts.append(info["unit"])
    if info["pattern"] is not None:
        parts.append(f"`{info['pattern']}`")
    if info["refers"] is not None:
        parts.append(f"key of `{info['refers']}`")
    if info["default"] is not None:
        parts.append(f"empty means {info['default']}")
    return "; ".join(parts)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return f"≤ {high:g}"
    return f"≥ {low:g}" if high is None else f"{low:g} … {high:g}"


def needed(table: Table, column: Column[Any]) -> str:
    """`key`, `required`, `computed` or empty."""
    if column.info["derived"]:
        return "computed"
    if column.name in table.info["key"]:
        return "key"
    return "required" if column.info["required"] else ""


def _fact_table(table: Table) -> str:
    rows = [
        (
            f"`{column.name}`",
            "、".join((column.info["zh"], *column.info["aliases"])),
            column.info["en"],
            str(column.type).lower(),
            needed(table, column),
            allowed(column),
        )
        for column in own_columns(table)
    ]
    head = ("column", "heading", "meaning", "type", "", "values")
    title = f"### `{table.name}` {table.info['zh']} ({table.info['en']})\n"
    return title + "\n" + _rows(head, rows)


def _plain_table(table: Table) -> str:
    rows = [(f"`{column.name}`", str(column.type).lower(), column.comment or "") for column in table.columns]
    return f"### `{table.name}` {table.comment}\n\n" + _rows(("column", "type", "meaning"), rows)


def _units(measure: Measure) -> str:
    return ", ".join(unit.value for unit in measure.units)


def _measures() -> str:
    rows = [
        (
            f"`{measure.key}`", measure.zh, measure.en, measure.unit, measure.nature.value, _units(measure),
            "entered monthly" if measure.observed else "counted from rows",
            "not reported" if measure.absence.value == "unreported" else "zero",
        )
        for measure in MEASURES.values()
    ]  # fmt: skip
    return _rows(("key", "name", "meaning", "unit", "nature", "units", "comes from", "a missing cell means"), rows)


def formula(indicator: Indicator) -> str:
    """`a + b ÷ c × 100`, in measure keys."""
    above = " + ".join(f"`{key}`" for key in indicator.numerator)
    if indicator.denominator is None:
        return above
    if indicator.denominator is Reported.UNITS:
        below = "units that reported it"
    else:
        below = " + ".join(f"`{key}`" for key in indicator.denominator)
    scaled = f" × {indicator.scale:g}" if indicator.scale != 1 else ""
    return f"({above}) ÷ ({below}){scaled}"


def _indicator(indicator: Indicator) -> str:
    better = {1: "more is better", -1: "less is better", 0: "neither more nor less is better"}
    facts = [
        ("definition", f"{indicator.definition_zh} {indicator.definition_en}"),
        ("computed as", formula(indicator)),
        ("unit", f"{indicator.unit}; {better[indicator.direction]}"),
        ("page", f"`{indicator.page.value}`"),
    ]
    if indicator.target is not None:
        facts.append(("threshold", f"{indicator.target:g}"))
    if indicator.finest is not None:
        facts.append(("never shown below", indicator.finest.value))
    if indicator.source:
        facts.append(("source", indicator.source))
    if indicator.codes:
        facts.append(("mechanisms", ", ".join(indicator.codes)))
    facts += [("mind", caveat) for caveat in indicator.caveats]
    lines = [f"- **{name}**: {text}" for name, text in facts]
    return f"### `{indicator.key}` {indicator.zh} ({indicator.en})\n\n" + "\n".join(lines) + "\n"


def write(path: Path = PATH) -> Path:
    """Write the document to `path` and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dictionary(), encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write()}\n")
