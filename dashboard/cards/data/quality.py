"""Whether the store holds together: problems found, totals beside published figures, what each table holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from dashboard.cards.data.titles import table_title
from dashboard.cards.types import Card, Draw, Drawing, Entry, GridSpec
from dashboard.numbers import month_name, number, published, quantity
from data.catalogue import MEASURES
from data.catalogue.types import Page
from data.check import TOTALS, check_store
from data.published import agrees

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader


# Counting every total again takes seconds in a large store; a page that only opens does not wait for it.
_WAITS: ContextVar[bool] = ContextVar("waits", default=True)


@contextmanager
def not_waiting() -> Iterator[None]:
    """Within it, the cards of this module say that the check is under way instead of doing it."""
    before = _WAITS.set(False)
    try:
        yield
    finally:
        _WAITS.reset(before)


def is_checked(reader: Reader) -> bool:
    """Whether the store as it is has been checked already, or will not be for this account."""
    return reader.scope is not None or "document" in reader.remember("check", dict)


def checked(reader: Reader) -> dict[str, Any] | None:
    """The document of `data.check.check_store` for the store as it is; None where nobody waits for it."""
    held: dict[str, dict[str, Any]] = reader.remember("check", dict)
    if "document" not in held:
        if not _WAITS.get():
            return None
        held["document"] = check_store(reader.engine, city=reader.city.code or None)
    return held["document"]


def of_whole_store(draw: Draw) -> Draw:
    """`draw`, or for an account with a data scope why it has nothing to see here."""

    def drawn(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
        if reader.scope is not None:
            title = words("data.whole_store.title")
            return Drawing(title=title, empty=words("data.whole_store.why"), alt=title)
        return draw(reader, view, ink, words)

    drawn.__doc__ = draw.__doc__
    return drawn


@of_whole_store
def problems(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """What the check found, or that it found nothing."""
    title = words("data.problems.title")
    if not reader.city.code:
        return Drawing(title=title, empty=words("data.headline.empty"), alt=title)
    document = checked(reader)
    if document is None:
        return Drawing(title=title, empty=words("data.problems.pending"), alt=title)
    entries = [
        Entry(tone="alert", tag=words("data.problems.tag"), title=problem["message"], detail=problem["code"])
        for problem in document["problems"]
    ]
    passed = [
        ("data.problems.rollup_ok", {"rollup_differs"}),
        ("data.problems.places_ok", {"unplaced"}),
        ("data.problems.registers_ok", {"managed_without_mode"}),
    ]
    codes = {problem["code"] for problem in document["problems"]}
    if reader.months:
        entries += [
            Entry(tone="good", tag=words("data.problems.ok"), title=words(key), detail=words(f"{key}_why"))
            for key, failing in passed
            if not failing & codes
        ]
    for key, counts in document["reporting"].items():
        if counts["reported"] < counts["expected"]:
            entries.append(
                Entry(
                    tone="missing", tag=words("value.unreported"), title=words(f"data.reporting.{key}"),
                    detail=words("data.reporting.of", reported=number(counts["reported"]), expected=number(counts["expected"])),
                )
            )  # fmt: skip
    found = len(document["problems"])
    heading = words("data.problems.found", n=found) if found else words("data.problems.none")
    return Drawing(
        title=heading, subtitle=words("data.problems.subtitle"), entries=tuple(entries),
        empty=None if entries else words("data.problems.no_months"), source=words("data.problems.source"), alt=heading,
    )  # fmt: skip


@of_whole_store
def totals(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Totals counted from rows beside what was published."""
    title = words("data.totals.title")
    document = checked(reader) if reader.months else None
    frame = reader.published().drop_duplicates("key", keep="last").set_index("key")
    rows = []
    for key, computed in (document["totals"] if document else {}).items():
        measure = MEASURES[TOTALS[key]]
        row: dict[str, Any] = {
            "key": key, "name": words.of(measure), "computed": quantity(computed, measure.unit, words),
            "published": words("data.totals.unpublished"), "agrees": words("data.totals.no_figure"),
            "scope": "", "as_of": "", "source": "",
        }  # fmt: skip
        if key in frame.index:
            figure = frame.loc[key]
            fits = agrees(computed, float(figure["value"]), str(figure["bound"]))
            row |= {
                "published": published(float(figure["value"]), str(figure["bound"]), words, unit=measure.unit),
                "agrees": words("data.totals.agrees" if fits else "data.totals.differs"),
                "scope": _text(figure["scope"]), "as_of": str(figure["as_of"]), "source": str(figure["source"]),
            }  # fmt: skip
        rows.append(row)
    widths = (
        ("name", 190),
        ("computed", 130),
        ("published", 140),
        ("agrees", 90),
        ("as_of", 110),
        ("scope", 130),
        ("source", 200),
    )
    columns = [
        {"field": f, "headerName": words(f"data.totals.{f}_column"), "minWidth": w, "tooltipField": f}
        | ({"type": "rightAligned"} if f in ("computed", "published") else {})
        for f, w in widths
    ]
    spec = GridSpec(columns=columns, rows=rows, row_id="key")
    if not rows:
        pending = bool(reader.months) and document is None
        return Drawing(
            title=title, grid=spec, empty=words("data.problems.pending" if pending else "data.totals.none"), alt=title
        )  # fmt: skip
    compared = [row for row in rows if row["source"]]
    fitting = sum(row["agrees"] == words("data.totals.agrees") for row in compared)
    heading = (
        words("data.totals.finding", n=fitting, of=len(compared))
        if compared
        else words("data.totals.nothing_published")
    )
    return Drawing(
        title=heading, subtitle=words("data.totals.subtitle"), grid=spec,
        n=number(len(rows)), as_of=month_name(reader.latest_month, words), source=words("data.totals.source"), alt=heading,
    )  # fmt: skip


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


@of_whole_store
def tables(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """How many current rows each table has."""
    document = checked(reader) if reader.city.code else None
    counts = document["tables"] if document else {}
    rows = [{"table": name, "name": table_title(name, words), "rows": count} for name, count in counts.items() if count]
    title = words("data.tables.title")
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": words("data.tables.name"), "minWidth": 130},
        {"field": "rows", "headerName": words("data.tables.rows"), "number": True, "minWidth": 110},
        {"field": "table", "headerName": words("data.tables.table"), "minWidth": 130},
    ]
    spec = GridSpec(columns=columns, rows=rows, row_id="table")
    if not rows:
        reason = words("data.problems.pending" if reader.city.code else "data.headline.empty")
        return Drawing(title=title, grid=spec, empty=reason, alt=title)
    heading = words("data.tables.finding", tables=len(rows), rows=number(sum(row["rows"] for row in rows)))
    return Drawing(
        title=heading, subtitle=words("data.tables.subtitle"), grid=spec,
        n=number(len(rows)), source=words("data.problems.source"), alt=heading,
    )  # fmt: skip


CARDS: tuple[Card, ...] = (
    Card(name="data.problems", page=Page.DATA, indicators=(), draw=problems, height=320, kind="list"),
    Card(name="data.totals", page=Page.DATA, indicators=(), draw=totals, height=420, kind="grid"),
    Card(name="data.tables", page=Page.DATA, indicators=(), draw=tables, height=320, kind="grid"),
)
