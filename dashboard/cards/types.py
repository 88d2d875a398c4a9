"""What a card is and what drawing one yields. The page, the wall, the exports and the tests all use these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from data.catalogue.types import Page

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Period, Reader, Selection

Kind = Literal["figure", "grid", "tiles", "list", "headline", "facts"]
Tone = Literal["good", "bad", "neutral"]
ViewField = Literal["area", "grid", "kind", "company", "compound", "month", "indicator", "trace", "evidence"]


@dataclass(frozen=True, kw_only=True)
class Query:
    """One read of the store, enough to repeat it: for traces, exports, data tables and tests."""

    key: str
    selection: Selection
    period: Period | None = None
    by: str | None = None
    is_panel: bool = False


# Of a column whose texts are read whole: rows grow with them.
WRAPPED: dict[str, Any] = {"wrapText": True, "autoHeight": True, "cellClass": "gd-wrapped"}


@dataclass(frozen=True, kw_only=True)
class GridSpec:
    """A table for AG Grid.

    Attributes:
        columns: AG Grid columnDefs; `type` "number" right-aligns and separates thousands (see layouts/components/grid).
        rows: JSON-ready rows; a missing value is None.
        row_id: field that names a row; for tests also the group of an indicator's value.
        meta: field → indicator key, for fields that hold an indicator's value.
        click: what a click on a row sets in the view, to the row's `click_field` (`row_id` when empty); `evidence`
            is the compound a page explains, `compound` opens its file.
        click_by: field of a row that names what a click on it sets, where that differs from row to row; a row without
            it leads nowhere.
        page_size: rows of a page; None shows all of them in one scroll.
        selects_row: a row can be chosen, by click or Space; the grid's `selectedRows` then says which.
    """

    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    row_id: str
    meta: dict[str, str] = field(default_factory=dict)
    click: ViewField | None = None
    click_field: str = ""
    click_by: str = ""
    page_size: int | None = None
    selects_row: bool = False


@dataclass(frozen=True, kw_only=True)
class Change:
    """A difference in words. `same` means that the interval holds zero, not that the numbers are equal."""

    direction: Literal["up", "down", "same", "none"]
    text: str
    tone: Tone = "neutral"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One figure with its change, its n and its recent course.

    Attributes:
        key: indicator. raw: the value as read, for tests; None when nothing was reported.
        value, unit: as shown. total: what it is out of, as shown (`/513`), or empty.
        spark: values of the last months, None for a month without a report.
    """

    key: str
    label: str
    raw: float | None
    value: str
    unit: str = ""
    total: str = ""
    change: Change | None = None
    n: str = ""
    spark: tuple[float | None, ...] = ()
    click: str | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One place that needs someone to go, or any row of a list: a tag in words, a title, the reason, where it leads.

    Attributes:
        tone: alert (red line crossed), review (look again), overdue, missing (not reported), good.
        view: fields of the view that a click sets; {"profile": id} opens the compound's profile.
    """

    tone: Literal["alert", "review", "overdue", "missing", "good"]
    tag: str
    title: str
    detail: str
    view: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of a fact sheet.

    Attributes:
        tone: a tag before the value when it is a judgement; plain otherwise.
        view: where the value leads: fields of the view that a click sets, as for `Entry`.
        raw: the value as read when it is an indicator's, for tests; `key` is then that indicator.
    """

    label: str
    value: str
    note: str = ""
    tone: Literal["alert", "review", "overdue", "missing", "good", ""] = ""
    view: dict[str, str] = field(default_factory=dict)
    key: str = ""
    raw: float | None = None


@dataclass(frozen=True)
class Choice:
    """One of several subjects a card can show: its name, the address that shows it, whether it is shown now."""

    label: str
    href: str
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One card, drawn.

    Attributes:
        title: a finding, computed from the data. subtitle: measure · place · period. hint: what a click does, said on
            the page only: neither a slide nor the large screen can be clicked.
        figure, grid, tiles, entries, facts: the one body of the card's kind.
        n, as_of, source: the foot. note: a caveat under the chart. alt: the text alternative.
        empty: why there is nothing to show, in words; the body is then not looked at. todo: what to do about it;
            None is to widen the filters, empty is that nothing needs doing.
        queries: exactly what was read.
        choices: what else the card can show; links, so that the address says which is shown. has_every_indicator: it
            can also show any other indicator of the catalogue, chosen from a panel.
    """

    title: str
    subtitle: str = ""
    hint: str = ""
    figure: dict[str, Any] | None = None
    grid: GridSpec | None = None
    tiles: tuple[Tile, ...] = ()
    entries: tuple[Entry, ...] = ()
    facts: tuple[Fact, ...] = ()
    n: str = ""
    as_of: str = ""
    source: str = ""
    note: str | None = None
    empty: str | None = None
    todo: str | None = None
    queries: tuple[Query, ...] = ()
    alt: str = ""
    choices: tuple[Choice, ...] = ()
    has_every_indicator: bool = False


@dataclass(frozen=True, kw_only=True)
class Refusal(Drawing):
    """A card that could not be drawn now and says why; asked again it may be drawn."""


Draw = Callable[["Reader", "View", "Ink", "Words"], Drawing]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A chart, table or list of one page.

    Attributes:
        name: `<page>.<subject>`. draw: reads and draws. height: of the body at 1×, px.
        indicators: keys it shows, for the menu's definition and the catalogue test.
    """

    name: str
    page: Page
    indicators: tuple[str, ...]
    draw: Draw
    height: int
    kind: Kind
