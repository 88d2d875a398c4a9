"""How content residents are: the course, where, and by question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.satisfaction.subject import (
    QUESTIONS,
    RATE,
    THRESHOLD,
    area_rows,
    between,
    breakdown,
    breaks_in_words,
    empty,
    figure_of,
    foot,
    level_name,
    needs_wave,
    percent,
    place_of,
    subtitle,
    with_compounds,
)
from dashboard.cards.types import Drawing, Query
from dashboard.figures.choropleth import choropleth, unreported_codes
from dashboard.figures.intervals import IntervalRow, Line, interval_rows
from dashboard.figures.multiples import multiples
from dashboard.figures.plotted import plotted
from dashboard.figures.trend import Series, Threshold, trend
from dashboard.grounds import ground_of, shape_level
from dashboard.numbers import is_missing, month_name, number, signed
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.query import Period, Selection
from data.satisfaction import is_comparable, method_breaks, waves
from data.statistics.intervals import difference

if TYPE_CHECKING:
    from data.query import Reader

MOST_BARS, MOST_PANELS = 15, 21


@needs_wave
def course(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """The rate over all waves with its interval, the 60 % line, and where the method changed."""
    period = Period(reader.months[0], view.month_of(reader))
    frame = reader.indicator(RATE, view.selection, by="month", period=period)
    asked = frame[frame["denominator"].fillna(0) > 0]
    title = _course_title(reader, asked, words)
    figure = trend(
        series=[Series(indicator=indicator_of(RATE), figures=frame)], ink=ink, words=words,
        threshold=Threshold(THRESHOLD, words("satisfaction.line")), breaks=breaks_in_words(reader, words),
    )  # fmt: skip
    sizes = asked["denominator"].astype(float)
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.rate_interval"), place_of(reader, view, words),
                          words("satisfaction.months", start=month_name(str(asked["group"].iloc[0]), words),
                                end=month_name(wave, words))),
        figure=figure, n=words("satisfaction.n_range", low=number(sizes.min()), high=number(sizes.max())),
        as_of=month_name(wave, words), source=indicator_of(RATE).source,
        note=words("satisfaction.note_breaks") if method_breaks(reader) else None, alt=title,
        queries=(Query(key=RATE, selection=view.selection, period=period, by="month"),),
    )  # fmt: skip


def _course_title(reader: Reader, asked: pd.DataFrame, words: Words) -> str:
    """Change since the survey was first held the way it is now."""
    if len(asked) < 2:
        return words("satisfaction.course_one")
    breaks = [month for month in method_breaks(reader) if month <= str(asked["group"].iloc[-1])]
    since = max(breaks, default="")
    comparable = asked[asked["group"] >= since]
    if len(comparable) < 2:
        return words("satisfaction.course_new_method")
    first, last = comparable.iloc[0], comparable.iloc[-1]
    found = difference(first["numerator"], first["denominator"], last["numerator"], last["denominator"])
    values = {
        "since": month_name(str(first["group"]), words), "points": number(abs(float(found.estimate)) * 100, 1),
        "low": signed(float(found.low) * 100, 1), "high": signed(float(found.high) * 100, 1),
    }  # fmt: skip
    if not found.is_discernible:
        return words("satisfaction.course_same", **values)
    return words("satisfaction.course_up" if found.estimate > 0 else "satisfaction.course_down", **values)


def _against_whole(frame: pd.DataFrame, whole: Any) -> tuple[list[str], list[str], int]:
    """Groups whose interval lies below, and above, the whole's rate; and how many did not report."""
    known = frame[frame["value"].notna()]
    below = known[known["high"] < whole].sort_values("value")["label"].tolist()
    above = known[known["low"] > whole].sort_values("value", ascending=False)["label"].tolist()
    # An area without compounds has nothing to report.
    silent = frame["value"].isna() & (frame["expected"].fillna(0) > 0)
    return below, above, int(silent.sum())


def _where_title(by: str, frame: pd.DataFrame, whole: Any, words: Words) -> str:
    below, above, silent = _against_whole(frame, float("nan") if is_missing(whole) else whole)
    name = level_name(by, words)
    if not below and not above:
        text = words("satisfaction.where_same", level=name)
    else:
        text = words(
            "satisfaction.where", level=name, below=len(below), above=len(above), worst=below[0] if below else ""
        )
        if not below:
            text = words("satisfaction.where_above", level=name, above=len(above))
        elif not above:
            text = words("satisfaction.where_below", level=name, below=len(below), worst=below[0])
    return text + (words("satisfaction.where_silent", count=silent) if silent else "")


@needs_wave
def places(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """A map of the finest areas that have shapes."""
    level = shape_level(reader, view.area)
    if level is None:
        return empty(words("satisfaction.map_none"), words("satisfaction.map_none_why"))
    # A map of the place around: what is not selected is still drawn.
    chosen = Selection(area=view.area, kind=view.kind, company=view.company)
    period = Period.of(wave)
    frame = reader.indicator(RATE, chosen, period=period, by=level)
    ground = ground_of(reader, view.area, unreported=unreported_codes(frame))
    if ground is None:
        return empty(words("satisfaction.map_none"), words("satisfaction.map_none_why"))
    row = figure_of(reader, RATE, chosen, wave)
    title = _where_title(level, frame, row["value"], words)
    figure = choropleth(
        areas=frame, indicator=indicator_of(RATE), ground=ground, ink=ink, words=words, selected=view.area
    )
    return Drawing(
        title=title,
        subtitle=subtitle(words, words.of(indicator_of(RATE)), level_name(level, words), month_name(wave, words)),
        figure=figure, **foot(reader, RATE, row, wave, words), alt=title,
        note=words("card.schematic") if ground.is_schematic else None,
        queries=(Query(key=RATE, selection=chosen, period=period, by=level),),
    )  # fmt: skip


@needs_wave
def areas(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """The parts of the selection with interval and n, the least content first."""
    by = breakdown(reader, view)
    period = Period.of(wave)
    frame = reader.indicator(RATE, view.selection, period=period, by=by)
    if frame["value"].notna().sum() == 0:
        return empty(words("satisfaction.where_none"), words("satisfaction.empty_survey"))
    row = figure_of(reader, RATE, view.selection, wave)
    ranked = with_compounds(frame).sort_values(["value", "group"], na_position="last", ignore_index=True)
    title = _where_title(by, frame, row["value"], words)
    rows = area_rows(ranked.head(MOST_BARS), RATE, by, words, colour=ink.series[0], missing_colour=ink.hatch)
    figure = interval_rows(
        rows=rows, ink=ink, line=Line(at=THRESHOLD, label=words("satisfaction.line"), colour=ink.alert),
        missing=words("value.unreported"), head=words("satisfaction.row_head"), remark_width=8.5, name_width=18,
    )  # fmt: skip
    is_cut = len(ranked) > MOST_BARS
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.rate_interval"), level_name(by, words), month_name(wave, words)),
        figure=figure, **foot(reader, RATE, row, wave, words), alt=title,
        note=words("satisfaction.note_cut", shown=MOST_BARS, total=len(ranked)) if is_cut else None,
        queries=(Query(key=RATE, selection=view.selection, period=period, by=by),),
    )  # fmt: skip


@needs_wave
def small_multiples(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """Every part's course on one scale."""
    by = breakdown(reader, view)
    asked = waves(reader, view.month_of(reader), view.selection)
    period = Period(asked[0], wave)
    panel = reader.panel(RATE, view.selection, period=period, by=by)
    panel = panel[panel["month"].isin(asked)]
    silent = panel.groupby("group").agg(value=("value", "count"), expected=("expected", "max"))
    silent_count = int(((silent["value"] == 0) & (silent["expected"] > 0)).sum())
    last = panel.dropna(subset=["value"]).sort_values("month").groupby("group")["value"].last()
    order = last.sort_values().index.tolist()[:MOST_PANELS]
    if not order:
        return empty(words("satisfaction.where_none"), words("satisfaction.empty_survey"))
    panel = panel[panel["group"].isin(order)]
    panel = panel.assign(at=panel["group"].map({g: i for i, g in enumerate(order)})).sort_values(["at", "month"])
    whole = reader.indicator(RATE, view.selection, by="month", period=period)
    whole = whole[whole["group"].isin(asked)]
    row = figure_of(reader, RATE, view.selection, wave)
    below, _, _ = _against_whole(panel[panel["month"] == wave], row["value"])
    level = level_name(by, words)
    title = (
        words(
            "satisfaction.multiples",
            level=level,
            names=words.listed(below[:3]) + ("…" if len(below) > 3 else ""),
            count=len(below),
        )
        if below
        else words("satisfaction.multiples_same", level=level)
    )
    figure = multiples(
        panels=panel, whole=whole, indicator=indicator_of(RATE), by=by, ink=ink, words=words, threshold=THRESHOLD,
        breaks=list(method_breaks(reader)), click="profile" if by == "compound" else "area",
    )  # fmt: skip
    note = words("satisfaction.note_multiples", place=place_of(reader, view, words))
    if len(last) > MOST_PANELS:
        note += words("satisfaction.note_cut_more", shown=MOST_PANELS, total=len(last))
    if silent_count:
        note += words("satisfaction.note_silent", count=silent_count)
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.rate_interval"), level,
                          words("satisfaction.months", start=month_name(asked[0], words), end=month_name(wave, words))),
        figure=figure, **foot(reader, RATE, row, wave, words), alt=title, note=note,
        queries=(Query(key=RATE, selection=view.selection, period=period, by=by, is_panel=True),
                 Query(key=RATE, selection=view.selection, period=period, by="month")),
    )  # fmt: skip


@needs_wave
def senses(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """The overall question and the three senses, with the wave before as a hollow dot."""
    asked = waves(reader, view.month_of(reader), view.selection)
    before = asked[-2] if len(asked) > 1 else None
    now = reader.indicators(QUESTIONS, view.selection, period=Period.of(wave))
    withheld = before is not None and not is_comparable(reader, RATE, before, wave)
    # Asked another way, the wave before is no measure of change: not even as a hollow dot beside this one.
    then = reader.indicators(QUESTIONS, view.selection, period=Period.of(before)) if before and not withheld else {}
    rows, moved = [], []
    for key in QUESTIONS:
        row: Any = now[key].iloc[0].to_dict()
        old: Any = then[key].iloc[0].to_dict() if key in then else None
        name = words.of(indicator_of(key))
        is_known = not is_missing(row["value"])
        text = words("satisfaction.withheld_short") if is_known and withheld else ""
        if is_known and old is not None and not is_missing(old["value"]):
            found = difference(old["numerator"], old["denominator"], row["numerator"], row["denominator"])
            text = signed(float(found.estimate) * 100, 1) if found.is_discernible else words("satisfaction.same_short")
            if found.is_discernible:
                moved.append(name)
        rows.append(
            IntervalRow(
                label=name, mid=float(row["value"]) if is_known else None, low=row["low"] if is_known else None,
                high=row["high"] if is_known else None,
                raw=None if old is None or is_missing(old["value"]) else float(old["value"]),
                colour=ink.accent if key == RATE else ink.series[0], remark=text,
                hover=words("satisfaction.sense_hover", name=name, value=percent(row["value"], words),
                            range=between(row["low"], row["high"], decimals=1) if is_known else "",
                            n=number(row["denominator"]) if is_known else "0"),
                meta=plotted(key, axis="x", groups=["total"], by=None),
            )
        )  # fmt: skip
    known = {row.label: row.mid for row in rows[1:] if row.mid is not None}
    lowest = min(known, key=lambda name: known[name]) if known else ""
    if not known:
        title = words("satisfaction.senses_none")
    elif moved:
        title = words("satisfaction.senses_moved", lowest=lowest, names=words.listed(moved))
    else:
        title = words("satisfaction.senses", lowest=lowest)
    figure = interval_rows(
        rows=rows, ink=ink, head=words("satisfaction.senses_head"), missing=words("value.unreported"), remark_width=5,
        line=Line(at=THRESHOLD, label=words("satisfaction.line"), colour=ink.alert), name_width=18,
    )  # fmt: skip
    overall: Any = now[RATE].iloc[0].to_dict()
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.senses_sub"), place_of(reader, view, words), month_name(wave, words)),
        figure=figure, **foot(reader, RATE, overall, wave, words), alt=title,
        note=None if before is None else words("satisfaction.note_withheld" if withheld else "satisfaction.note_hollow",
                                               before=month_name(before, words)),
        queries=tuple(Query(key=key, selection=view.selection, period=Period.of(wave)) for key in QUESTIONS),
    )  # fmt: skip
