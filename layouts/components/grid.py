"""Tables: AG Grid with numbers to the right, the first column frozen, and its texts in the page's language."""

from __future__ import annotations

import operator
from typing import Any

import dash_ag_grid as dag

from dashboard.cards.types import WRAPPED, GridSpec
from dashboard.figures.labels import width as text_width
from dashboard.ids import Part, dotless, part_id
from dashboard.numbers import number
from dashboard.view import View
from dashboard.wording import Words, text_table

_LOCALE_STEM = "aggrid."
# What of a column is a length, px of the 1× design, and the least width of one that names none.
WIDTHS = ("width", "initialWidth", "minWidth", "maxWidth")
LEAST_PX = 80
# More rows than these stay on the server: a browser would take seconds for them, and nobody reads so far.
MOST_ROWS = 2_000
# A column begins as wide as what is in it, px of the 1× design: so many to half a character, the least room around a
# cell, and the most that begins. Longer texts wrap; a first column, which stays in view, and columns of short words,
# such as a kind or a state, are never narrower than the longest of them, up to these.
HALF_CHARACTER_PX, AROUND_PX, WIDEST_PX = 7.3, 15, 330
LETTER_PX = 8.3
FIRST_PX, SHORT_PX = 150, 128
NUMBER_PX = 84
# Rows that are looked at for it.
MEASURED_ROWS = 300


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


def shown_rows(spec: GridSpec, card: str, view: View) -> list[dict[str, Any]]:
    """The rows a browser gets: all of them, or the first `MOST_ROWS` in the order the view asks for.

    Whoever wants the rest narrows the filters or exports the table, which has them all.
    """
    if len(spec.rows) <= MOST_ROWS:
        return spec.rows
    column, direction = _order(card, view)
    rows = spec.rows
    if any(given.get("field") == column for given in spec.columns):
        known = [row for row in rows if row.get(column) is not None]
        known.sort(key=operator.itemgetter(column), reverse=direction == "desc")
        rows = known + [row for row in rows if row.get(column) is None]
    return rows[:MOST_ROWS]


def cut_note(spec: GridSpec, words: Words) -> str:
    """What is said beside a table of which not all rows are shown; empty where they are."""
    if len(spec.rows) <= MOST_ROWS:
        return ""
    return words("card.cut", shown=number(MOST_ROWS), total=number(len(spec.rows)))


def _order(card: str, view: View) -> tuple[str, str]:
    """The column by which the view sorts the table of `card`, and asc or desc; empty where it does not."""
    sorted_card, _, order = (view.sort or "").partition(":")
    column, _, direction = order.partition(":")
    is_asked = sorted_card in (card, dotless(card)) and direction in ("asc", "desc")
    return (column, direction) if is_asked else ("", "")


def column_definitions(
    spec: GridSpec, card: str, view: View, words: Words, *, scale: float = 1.0
) -> list[dict[str, Any]]:
    """AG Grid's columnDefs: numbers formatted, the first column frozen and a link, the view's order applied.

    Args:
        scale: of the type; widths are those of the 1× design.
    """
    sorted_column, direction = _order(card, view)
    columns = []
    for place, given in enumerate(spec.columns):
        column = {"minWidth": LEAST_PX} | _room(spec, given, words, is_first=place == 0) | given
        column["minWidth"] = max(column["minWidth"], _least(spec, given, words, is_first=place == 0))
        column |= {name: round(column[name] * scale) for name in WIDTHS if name in column}
        if column.pop("number", False):
            given_look = {name: column.pop(name, "") for name in ("suffix", "absence")}
            column = number_column(column.pop("decimals", 0), words, **given_look) | column
        if place == 0:
            column = {"pinned": "left", "lockPinned": True} | column
            if spec.click or spec.click_by:
                column["cellRenderer"] = "GdOpen"
        if direction and column.get("field") == sorted_column:
            column["sort"] = direction
        columns.append(column)
    return columns


def _width(text: str) -> int:
    """Width in which the text stands on one line of a cell, px of the 1× design; Latin letters differ in theirs."""
    return round(text_width(text) * HALF_CHARACTER_PX + AROUND_PX + (8 if text and text.isascii() else 0))


def _longest(spec: GridSpec, column: dict[str, Any], words: Words) -> str:
    """The longest text of a column; of a column of numbers, what stands for one that is missing."""
    field = column.get("field", "")
    rows = spec.rows[:MEASURED_ROWS]
    if not column.get("number"):
        return max((str(row.get(field) or "") for row in rows), key=len, default="")
    if all(row.get(field) is not None for row in rows):
        return ""
    return words("value.no_denominator" if column.get("absence") else "value.unreported")


def _room(spec: GridSpec, column: dict[str, Any], words: Words, *, is_first: bool) -> dict[str, Any]:
    """The width a column begins with, and whether its texts wrap."""
    if column.get("number"):
        return {"initialWidth": NUMBER_PX}
    wanted = _width(_longest(spec, column, words))
    room: dict[str, Any] = {"initialWidth": max(LEAST_PX, min(wanted, WIDEST_PX))}
    if wanted > (FIRST_PX if is_first else SHORT_PX):
        room |= WRAPPED
        if column.get("type") == "rightAligned":
            # A class of one's own takes the place of the type's.
            room["cellClass"] = f"{WRAPPED['cellClass']} ag-right-aligned-cell"
    return room


def _least(spec: GridSpec, column: dict[str, Any], words: Words, *, is_first: bool) -> int:
    """The least width of a column, px of the 1× design: of its texts, and of the longest word of an English heading."""
    texts = min(_width(_longest(spec, column, words)), FIRST_PX if is_first else SHORT_PX)
    return max(texts, heading_room(str(column.get("headerName", ""))))


def heading_room(heading: str) -> int:
    """The least width of a column in which no word of its English heading is cut, px of the 1× design; 0 for Chinese."""
    return max((round(len(word) * LETTER_PX + AROUND_PX) for word in heading.split() if word.isascii()), default=0)


def grid(
    spec: GridSpec, card: str, view: View, words: Words, *, height: str = "100%", scale: float = 1.0
) -> dag.AgGrid:
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
        columnDefs=column_definitions(spec, card, view, words, scale=scale),
        rowData=shown_rows(spec, card, view),
        getRowId=f"params.data.{spec.row_id}",
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "filter": True,
            "suppressHeaderMenuButton": True,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
        },
        columnSize="responsiveSizeToFit",
        dashGridOptions=options,
        className="gd-grid",
        style={"height": height, "width": "100%"},
    )
