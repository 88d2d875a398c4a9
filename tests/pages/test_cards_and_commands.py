"""Every number a card plots is the number `python -m data indicator … --json` prints for that selection."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cards import CARDS
from dashboard.cards.types import Card, Drawing, Query
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.cli import build_app
from data.importing.ports import Ports
from data.query import Reader
from data.store import open_store


@pytest.fixture(scope="module")
def reader(demo_url: str) -> Reader:
    return Reader(open_store(demo_url))


def views(reader: Reader, card: Card) -> list[View]:
    """The whole city, and a selection a leader is likely to make."""
    compound = str(reader.register("compound").query("is_managed")["compound_id"].iloc[0])
    if card.page.value == "compound":
        return [View(page="compound", compound=compound)]
    if card.page.value == "data":
        return [View(page="data", trace="satisfaction")]
    return [View(page=card.page.value), View(page=card.page.value, area="341802", month="2026-06")]


@cache
def printed(url: str, arguments: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Rows the command prints, by group."""
    result = CliRunner().invoke(
        build_app(Ports()), ["indicator", *arguments, "--json"], env={"DASHBOARD_DATABASE_URL": url}
    )
    assert result.exit_code == 0, (arguments, result.output)
    return {str(row["group"]): row for row in json.loads(result.stdout)["rows"]}


def arguments_of(query: Query, month: str | None = None) -> tuple[str, ...]:
    arguments = [query.key]
    for name in ("area", "grid", "kind", "compound", "company"):
        value = getattr(query.selection, name)
        if value:
            arguments += [f"--{name}", value]
    if month is not None:
        arguments += ["--month", month]
    elif query.period is not None:
        arguments += ["--from", query.period.start, "--to", query.period.end] if not query.period.is_month else [
            "--month", query.period.start]  # fmt: skip
    if query.by:
        arguments += ["--by", query.by]
    return tuple(arguments)


def same(plotted: Any, printed_value: Any) -> bool:
    missing = plotted is None or (isinstance(plotted, float) and math.isnan(plotted))
    if missing or printed_value is None:
        return missing and printed_value is None
    return math.isclose(float(plotted), float(printed_value), rel_tol=1e-9, abs_tol=1e-9)


def marks(drawing: Drawing) -> list[tuple[str, str, str | None, str, Any]]:
    """(indicator, field, by, group, plotted value) of all that a drawing shows of indicators."""
    found: list[tuple[str, str, str | None, str, Any]] = []
    for trace in (drawing.figure or {}).get("data", []):
        meta = trace.get("meta") or {}
        if isinstance(meta, dict) and "indicator" in meta:
            plotted = trace[meta["axis"]]
            assert len(plotted) == len(meta["groups"]), (meta["indicator"], "groups do not align with what is plotted")
            found += [
                (meta["indicator"], meta["field"], meta.get("by"), str(g), v)
                for g, v in zip(meta["groups"], plotted, strict=True)
            ]
    if drawing.grid is not None:
        found += [
            (key, "value", None, str(row[drawing.grid.row_id]), row.get(column))
            for column, key in drawing.grid.meta.items()
            for row in drawing.grid.rows
        ]
    found += [(tile.key, "value", None, "total", tile.raw) for tile in drawing.tiles if tile.key in INDICATORS]
    return found


@pytest.mark.parametrize("name", sorted(CARDS))
def test_plotted_numbers_are_the_printed_ones(name: str, reader: Reader, demo_url: str) -> None:
    card = CARDS[name]
    for view in views(reader, card):
        drawing = card.draw(reader, view, Ink("light"), Words("zh"))
        if drawing.empty:
            assert view.area is not None or card.page.value == "compound", (name, drawing.empty)
            continue
        body = drawing.figure or drawing.grid or drawing.tiles or drawing.entries or drawing.title
        assert body, f"{name} holds no mark"
        for key, field, by, group, plotted in marks(drawing):
            candidates = [q for q in drawing.queries if q.key == key]
            assert candidates, (name, key, "is plotted but not among the card's queries")
            answers = []
            for query in candidates:
                if query.is_panel:
                    month, _, part = group.partition("|")
                    rows = printed(demo_url, arguments_of(query, month))
                    answers.append(rows.get(part or "total", {}).get(field))
                else:
                    rows = printed(demo_url, arguments_of(query))
                    if group in rows:
                        answers.append(rows[group][field])
            assert any(same(plotted, answer) for answer in answers), (name, key, by, group, plotted, answers[:5])
