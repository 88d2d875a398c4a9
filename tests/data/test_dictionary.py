"""The document in docs/ is what the schema and the catalogue say."""

from __future__ import annotations

import pytest

from data.catalogue import INDICATORS, MEASURES
from data.commands_read import catalogue_json
from data.dictionary import PATH, allowed, dictionary, formula, needed, write
from data.schema import TABLES, metadata
from data.schema.columns import own_columns

HOW = "run: python -m data.dictionary"


def test_the_committed_document_is_up_to_date() -> None:
    assert PATH.read_text("utf-8") == dictionary(), HOW


def test_every_table_column_measure_and_indicator_has_its_entry() -> None:
    text = dictionary()
    lines = set(text.splitlines())
    for name, table in metadata.tables.items():
        assert f"### `{name}` " in text
        section = text.split(f"### `{name}` ")[1].split("\n#")[0]
        own = own_columns(table) if name in TABLES else table.columns
        assert [c.name for c in own if f"| `{c.name}` |" not in section] == []
    assert [key for key in MEASURES if not any(line.startswith(f"| `{key}` |") for line in lines)] == []
    assert [key for key in INDICATORS if f"### `{key}` " not in text] == []


def test_no_table_row_breaks_out_of_its_table() -> None:
    width = 0
    for line in dictionary().splitlines():
        cells = line.replace("\\|", "").count("|")
        if line.startswith("|---"):
            width = cells
        elif line.startswith("| ") and width:
            assert cells == width, line
        elif not line.startswith("|"):
            width = 0


@pytest.mark.parametrize(
    ("table", "column", "values", "need"),
    [
        ("area", "code", r"`^\d{2,12}$`", "key"),
        ("area", "level", "city / county / street / community", "required"),
        ("area", "parent_code", "key of `area`", ""),
        ("compound", "lon", "73 … 136 度", ""),
        ("compound", "households", "0 … 100000 户", ""),
        ("grid", "households", "≥ 0 户", ""),
        ("area_shape", "geometry", "", "computed"),
    ],
)
def test_a_column_says_what_it_may_hold(table: str, column: str, values: str, need: str) -> None:
    assert allowed(TABLES[table].c[column]) == values
    assert needed(TABLES[table], TABLES[table].c[column]) == need


def test_the_catalogue_command_and_the_document_say_the_same_of_every_indicator() -> None:
    text = dictionary()
    listed = catalogue_json()
    assert [entry["key"] for entry in listed] == list(INDICATORS)
    for entry in listed:
        section = text.split(f"### `{entry['key']}` {entry['title']['zh']} ({entry['title']['en']})\n")[1].split(
            "\n### "
        )[0]
        assert f"{entry['definition']['zh']} {entry['definition']['en']}" in section
        assert f"- **unit**: {entry['unit']};" in section
        assert f"- **page**: `{entry['page']}`" in section
        assert (f"- **source**: {entry['source']}\n" in f"{section}\n") == bool(entry["source"])
        below = [] if entry["denominator"] == "reported" else entry["denominator"]
        for measure in (*entry["numerator"], *below):
            assert f"`{measure}`" in section
            assert measure in MEASURES


def test_a_formula_names_the_measures_it_divides() -> None:
    assert formula(INDICATORS["demonstration_rate"]) == "(`demonstrations`) ÷ (`compounds`) × 100"
    assert formula(INDICATORS["demonstrations"]) == "`demonstrations`"


def test_writing_it_gives_the_same_text(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert write(tmp_path / "docs" / "it.md").read_text("utf-8") == dictionary()
