"""Choosing a compound: all of them in the selection, in a table one can search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.satisfaction.subject import NO_COMPOUNDS, empty, is_missing_text, place_of, places_of_compounds
from dashboard.cards.types import Drawing, GridSpec, Query
from dashboard.figures.bands import band_name
from dashboard.figures.plotted import records
from dashboard.numbers import is_missing, month_name, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.diagnosis import companies_of
from data.query import Period
from data.satisfaction import compound_estimates

if TYPE_CHECKING:
    from data.query import Reader


def headline(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """How many there are to choose from."""
    count = len(reader.register("compound", view.selection))
    title = words("compound.finder_title", place=place_of(reader, view, words), count=number(count))
    return Drawing(title=title, subtitle=words("compound.finder_sub"))


def finder(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """One row a compound; a click opens its file."""
    register = reader.register("compound", view.selection)
    if register.empty:
        return empty(words("compound.finder_none"), words("compound.finder_none_why"), grid=NO_COMPOUNDS)
    month = view.month_of(reader)
    rows = _rows(reader, view, words, register)
    # Kinds are longer in English; what is beside them gives way, so that the table is no wider.
    is_wordy = words.lang == "en"
    widths = {
        "name": 145 if is_wordy else 170, "id": 80 if is_wordy else 100, "county": 90 if is_wordy else 100, "street": 120, "community": 130,
        "kind": 110 if is_wordy else 100,
    }  # fmt: skip
    columns: list[dict[str, Any]] = [
        {"field": field, "headerName": words(f"compound.col_{field}"), "minWidth": width}
        for field, width in widths.items()
    ]
    columns += [
        {"field": "households", "headerName": words("compound.col_households"), "number": True},
        {"field": "company", "headerName": words("compound.col_company"), "minWidth": 145 if is_wordy else 170},
        {"field": "shrunk", "headerName": words("compound.col_shrunk"), "number": True, "decimals": 1, "suffix": "%"},
        {"field": "band", "headerName": words("compound.col_band"), "minWidth": 90},
    ]
    title = words("compound.finder_count", count=number(len(rows)))
    return Drawing(
        title=title, subtitle=words("compound.finder_hint"), alt=title,
        grid=GridSpec(columns=columns, rows=rows, row_id="id", click="compound", page_size=20),
        n=words("satisfaction.n_compounds", n=number(len(rows))), as_of=month_name(month, words) if month else "",
        source=words("compound.source_register"),
        queries=(Query(key="compounds", selection=view.selection, period=Period.of(month), by="compound"),) if month else (),
    )  # fmt: skip


def found_rows(reader: Reader, view: View, words: Words, text: str, *, most: int) -> list[dict[str, Any]]:
    """The first `most` rows of the table that hold every word of `text`, in whatever column of words."""
    register = reader.register("compound", view.selection)
    month = view.month_of(reader)

    def read() -> list[str]:
        columns = [register[name].fillna("").tolist() for name in ("compound_id", "name", "place")]
        kinds = ["" if is_missing_text(kind) else words(f"kind.{kind}") for kind in register["kind"].tolist()]
        companies = _companies(reader, month)
        theirs = [companies.get(unit, "") for unit in columns[0]]
        return ["\n".join(parts).casefold() for parts in zip(*columns, kinds, theirs, strict=True)]

    texts: list[str] = reader.remember(("finder texts", view.selection, month, words.lang), read)
    wanted = text.casefold().split()
    hits = [row for row, held in enumerate(texts) if all(word in held for word in wanted)]
    return _rows(reader, view, words, register.iloc[hits[:most]])


def _companies(reader: Reader, month: str) -> dict[str, str]:
    """Compound → name of the company that manages it at the end of `month`."""
    if not month:
        return {}
    relations = companies_of(reader, month)
    names = reader.register("company").set_index("company_id")["name"].to_dict()
    pairs = zip(relations["compound_id"].tolist(), relations["company_id"].tolist(), strict=True)
    return {str(unit): str(names.get(company, "")) for unit, company in pairs}


def _rows(reader: Reader, view: View, words: Words, register: pd.DataFrame) -> list[dict[str, Any]]:
    """A row of the table for each compound of the register's rows."""
    month = view.month_of(reader)
    estimates: dict[str, dict[str, Any]] = {}
    if month:
        known_of = compound_estimates(reader, month)
        estimates = {
            row["compound_id"]: row for row in records(known_of[known_of["compound_id"].isin(register["compound_id"])])
        }
    companies = _companies(reader, month)
    areas = reader.areas().set_index("code")["name"].to_dict()
    places = places_of_compounds(reader, register["compound_id"])
    rows = []
    for row, place in zip(records(register), places, strict=True):
        unit = str(row["compound_id"])
        known = estimates.get(unit, {})
        rows.append(
            {
                "id": unit, "name": row["name"],
                "county": "" if is_missing_text(row["county"]) else str(areas.get(row["county"], row["county"])),
                "street": place, "community": "" if is_missing_text(row["community"]) else str(areas.get(row["community"], "")),
                "kind": "" if is_missing_text(row["kind"]) else words(f"kind.{row['kind']}"),
                "households": None if is_missing(row["households"]) else float(row["households"]),
                "company": companies.get(unit, ""),
                "shrunk": None if is_missing(known.get("shrunk")) else float(known["shrunk"]) * 100,
                "band": band_name(str(known["band"]), words) if known else words("band.unknown"),
            }
        )  # fmt: skip
    return rows
