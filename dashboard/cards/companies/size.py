"""小: how many compounds and households a company manages, how far property management reaches; and 收缴 against 满意."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.cards.companies.subject import MOST_ROWS, names_of, read_with, text_of
from dashboard.cards.reading import Reading, level_name, parts_level, row_of
from dashboard.cards.types import Drawing
from dashboard.figures.bar_table import bar_table, column_of
from dashboard.figures.histogram import Panel, histogram
from dashboard.figures.scatter import Axis, Series, scatter
from dashboard.numbers import is_missing, number, quantity
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.portfolios import company_frame, fee_period, survey_period

COVERAGE = ("property_coverage", "compounds_per_company")
COMPOUND_CLASSES = (0, 1, 2, 3, 4, 6, 11)
HOUSEHOLD_CLASSES = (1, 500, 1000, 2000, 5000, 10000)
_MANY = 12


def _classes(values: pd.Series[float], edges: Sequence[int], words: Words) -> tuple[list[str], list[int]]:
    """Names of the classes that start at `edges`, and how many values are in each."""
    names, counts = [], []
    for low, high in zip(edges, (*edges[1:], None), strict=True):
        if high is None:
            names.append(words("companies.size.more", low=number(low)))
        else:
            names.append(
                number(low)
                if high - low == 1
                else words("companies.size.between", low=number(low), high=number(high - 1))
            )
        counts.append(int(((values >= low) & (values < (math.inf if high is None else high))).sum()))
    return names, counts


@read_with
def distribution(reading: Reading, ink: Ink) -> Drawing:
    """Companies by how many compounds, and by how many households, they manage."""
    words = reading.words
    among = replace(reading.view.selection, company=None)
    frame = company_frame(reading.reader, among, reading.month)
    managing = frame[frame["compounds"] > 0]
    if frame.empty:
        return reading.empty(words("companies.none"))
    panels = []
    for name, values, edges in (
        ("compounds", frame["compounds"], COMPOUND_CLASSES),
        ("households", managing["households"], HOUSEHOLD_CLASSES),
    ):
        classes, counts = _classes(values, edges, words)
        panels.append(
            Panel(
                title=words(f"companies.size.{name}"),
                classes=classes,
                counts=counts,
                hover=[
                    words("companies.size.hover", title=words(f"companies.size.{name}"), range=range_, n=number(count))
                    for range_, count in zip(classes, counts, strict=True)
                ],
            )
        )
    single = int((frame["compounds"] == 1).sum())
    median = float(managing["households"].median()) if len(managing) else 0.0
    title = words("companies.size.title", single=number(single), managing=number(len(managing)), median=number(median))
    if without := len(frame) - len(managing):
        title += words("companies.size.none", none=number(without))
    reading.figures(["compounds", "households"], by="company", selection=among)
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.size.subtitle"), reading.place, reading.when()),
        figure=histogram(panels=panels, ink=ink),
        alt=title,
        **reading.foot(["compounds"]) | {"n": number(len(frame))},
    )


@read_with
def coverage(reading: Reading, ink: Ink) -> Drawing:
    """Managed compounds over all residential ones, and compounds per company, by the level below."""
    words = reading.words
    level = parts_level(reading.reader, reading.view)
    found = reading.figures(COVERAGE, by=level)
    whole = reading.figures(COVERAGE)
    names = names_of(found[COVERAGE[0]])
    ordered = found[COVERAGE[0]].sort_values("value", ascending=False)["group"].astype(str)
    shown = [group for group in ordered if group in names][:MOST_ROWS]
    values = {key: row_of(whole[key])["value"] for key in COVERAGE}
    columns = [
        column_of(found[key], title=words.of(INDICATORS[key]), text=text_of(key, words), indicator=key, by=level,
                  total=None if is_missing(values[key]) else float(values[key]), top=100.0 if key == COVERAGE[0] else None)
        for key in COVERAGE
    ]  # fmt: skip
    title = words(
        "companies.coverage.title", place=reading.place, share=quantity(values[COVERAGE[0]], "%", words, decimals=1),
        per=quantity(values[COVERAGE[1]], "", words, decimals=2),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(level_name(level, words), reading.when(), words("companies.dotted_whole")),
        figure=bar_table(
            rows=[(group, names[group]) for group in shown], columns=columns, ink=ink, missing=words("figure.unreported"),
            click="area",
        ),
        note=words("companies.coverage.caveat"),
        alt=title,
        **reading.foot(COVERAGE, found[COVERAGE[0]]),
    )  # fmt: skip


@read_with
def bubbles(reading: Reading, ink: Ink) -> Drawing:
    """Fee collection against satisfaction, one bubble a company, by whether it has a party organisation."""
    words, view = reading.words, reading.view
    # The chosen company is shown among the others, not alone.
    among = replace(view.selection, company=None)
    frame = company_frame(reading.reader, among, reading.month)
    fees, answers = fee_period(reading.reader, reading.month), survey_period(reading.reader, reading.month)
    reading.figures(["fee_collection_rate"], by="company", period=fees, selection=among)
    reading.figures(["satisfaction"], by="company", period=answers, selection=among)
    frame = frame.assign(x=frame["collection"], y=frame["satisfaction"], size=frame["compounds"])
    frame["state"] = [_state(row) for row in frame.to_dict("records")]
    frame["hover"] = [
        words(
            "companies.bubbles.hover", name=row["label"], collection=quantity(row["x"], "%", words, decimals=1),
            satisfaction=quantity(row["y"], "%", words, decimals=1), valid=quantity(row["valid"], "", words),
            n=number(row["size"]), state=words(f"companies.party.{row['state']}"),
        )
        for row in frame.to_dict("records")
    ]  # fmt: skip
    known = frame.dropna(subset=["x", "y"])
    if known.empty:
        return reading.empty(words("companies.bubbles.none"))
    series = [
        Series(state="branch", name=words("companies.party.branch"), colour=ink.accent, symbol="diamond"),
        Series(state="work", name=words("companies.party.work"), colour=ink.series[1], symbol="square"),
        Series(state="absent", name=words("companies.party.absent"), colour=ink.series[0], symbol="circle"),
        Series(
            state="unreported",
            name=words("companies.party.unreported"),
            colour=ink.muted,
            symbol="circle",
            is_open=True,
        ),
    ]
    low = known[(known["y"] < 60) & (known["x"] < known["x"].median())]
    title = words(
        "companies.bubbles.title" if len(known) >= _MANY else "companies.bubbles.title_few", n=number(len(known)),
        r=f"{known['x'].corr(known['y'], method='spearman'):.2f}" if len(known) >= _MANY else "", low=number(len(low)),
    )  # fmt: skip
    named = frozenset({view.company} if view.company else known.nlargest(3, "size")["group"])
    figure = scatter(
        frame=frame,
        x=Axis(title=words("companies.bubbles.x"), indicator="fee_collection_rate", suffix="%",
               line=float(known["x"].median()), line_name=words("companies.bubbles.median")),
        y=Axis(title=words("companies.bubbles.y"), indicator="satisfaction", suffix="%", line=60.0,
               line_name=words("companies.bubbles.line")),
        series=[each for each in series if (known["state"] == each.state).any()],
        ink=ink, by="company", click="company", named=named, chosen=view.company,
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.bubbles.subtitle"), reading.when(fees)),
        figure=figure,
        note=words("companies.bubbles.left_out", n=number(len(frame) - len(known)))
        if len(frame) > len(known)
        else None,
        alt=title,
        **reading.foot(["fee_collection_rate", "satisfaction"]) | {"n": number(len(known))},
    )


def _state(row: dict[Any, Any]) -> str:
    branch, work = row["company_branch_coverage"], row["company_work_coverage"]
    if branch == 1:
        return "branch"
    if work == 1:
        return "work"
    return "unreported" if is_missing(branch) and is_missing(work) else "absent"
