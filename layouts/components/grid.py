"""Tables: AG Grid with numbers to the right, the first column frozen, and its texts in the page's language."""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag

from dashboard.cards.types import GridSpec
from dashboard.ids import Part, dotless, part_id
from dashboard.view import View
from dashboard.wording import Words, text_table

_LOCALE_STEM = "aggrid."


def locale_text(words: Words) -> dict[str, str]:
    """AG Grid's own texts (`localeText`)."""
    return {
        key.removeprefix(_LOCALE_STEM): entry[words.lang]
        for key, entry in text_table().items()
        if key.startswith(_LOCALE_STEM)
    }


def number_column(decimals: int, words: Words, *, suffix: str = "", absence: str = "") -> dict[str, Any]:
    """What makes a column of numbers: right-aligned, thousands separated, a missing value in words.

    Args:
        absence: field of the row that says why its numbers are missing, where they are not just unreported.
    """
    missing = f"'{words('value.unreported')}'"
    if absence:
        missing = f"params.data.{absence} || {missing}"
    return {
        "type": "rightAligned",
        "filter": "agNumberColumnFilter",
        "valueFormatter": {"function": f"gdNumber(params.value, {int(decimals)}, {missing}, '{suffix}')"},
        "cellClassRules": {"gd-missing": "params.value == null"},
    }


def column_definitions(spec: GridSpec, card: str, view: View, words: Words) -> list[dict[str, Any]]:
    """AG Grid's columnDefs: numbers formatted, the first column frozen and a link, the view's order applied."""
    sorted_card, _, order = (view.sort or "").partition(":")
    sorted_column, _, direction = order.partition(":")
    columns = []
    for place, given in enumerate(spec.columns):
        column = dict(given)
        if column.pop("number", False):
            given_look = {name: column.pop(name, "") for name in ("suffix", "absence")}
            column = number_column(column.pop("decimals", 0), words, **given_look) | column
        if place == 0:
            column = {"pinned": "left", "lockPinned": True} | column
            if spec.click or spec.click_by:
                column["cellRenderer"] = "GdOpen"
        if (
            sorted_card in (card, dotless(card))
            and column.get("field") == sorted_column
            and direction in ("asc", "desc")
        ):
            column["sort"] = direction
        columns.append(column)
    return columns


def grid(spec: GridSpec, card: str, view: View, words: Words, *, height: str = "100%") -> dag.AgGrid:
    """The table of `spec`.

    A column of `spec.columns` is an AG Grid columnDef; `number: True` with `decimals`, `suffix` and `absence` makes it
    numeric (`number_column`).
    """
    options: dict[str, Any] = {
        "localeText": locale_text(words),
        "context": {
            "card": card,
            "click": spec.click,
            "by": spec.click_by,
            "field": spec.click_field or spec.row_id,
            "rowId": spec.row_id,
        },
        "suppressCellFocus": False,
        "enableCellTextSelection": True,
        "animateRows": False,
        "suppressColumnVirtualisation": False,
        "tooltipShowDelay": 300,
    }
    if spec.page_size:
        options |= {"pagination": True, "paginationPageSize": spec.page_size, "paginationPageSizeSelector": False}
    if spec.selects_row:
        options["rowSelection"] = {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True}
    return dag.AgGrid(
        id=part_id(Part.GRID, card),
        columnDefs=column_definitions(spec, card, view, words),
        rowData=spec.rows,
        getRowId=f"params.data.{spec.row_id}",
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "filter": True,
            "suppressHeaderMenuButton": True,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
            "minWidth": 80,
        },
        columnSize="responsiveSizeToFit",
        dashGridOptions=options,
        className="gd-grid",
        style={"height": height, "width": "100%"},
    )
