"""Which compounds really lie below 60 %: three bands by probability, and what is unusual beyond chance."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dashboard.cards.satisfaction.subject import (
    NO_COMPOUNDS,
    RATE,
    THRESHOLD,
    breakdown,
    chance,
    empty,
    estimate_hover,
    estimates_of,
    figure_of,
    foot,
    level_name,
    needs_wave,
    place_of,
    subtitle,
)
from dashboard.cards.types import Draw, Drawing, GridSpec, Query
from dashboard.figures.bands import BANDS, band_counts, band_name, bands
from dashboard.figures.funnel import MOST_POINTS, funnel_plot
from dashboard.figures.plotted import records
from dashboard.numbers import is_missing, month_name, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.query import Period
from data.satisfaction import LOW_RESPONSE, WAVE_STANDS_MONTHS, satisfaction_funnel
from data.schema.vocabulary import AreaLevel
from data.statistics.bands import RED_PROBABILITY, REVIEW_PROBABILITY, SatisfactionBand

if TYPE_CHECKING:
    from data.query import Reader

SHOWN_ROWS = 14
# A narrow table has no room for the button of a filter beside each heading.
NARROW = {"suppressHeaderFilterButton": True}
DOUBTFUL = (SatisfactionBand.RED, SatisfactionBand.REVIEW)


def _by_area(reader: Reader, view: View, estimates: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """The level the bands are counted by, and one row an area of it with counts by band."""
    by = breakdown(reader, view)
    if by == "compound":
        by = (
            AreaLevel.COMMUNITY.value if view.area and AreaLevel.COMMUNITY.value in reader.levels else reader.levels[-1]
        )
    register = reader.register("compound").set_index("compound_id")
    codes = estimates["compound_id"].map(register[by]).astype(object)
    rows = []
    for code, part in estimates.groupby(codes.where(codes.notna(), ""), sort=False):
        counts = part["band"].value_counts()
        label = reader.label(str(code)) if code else ""
        rows.append({"group": str(code), "label": label} | {band.value: int(counts.get(band, 0)) for band in BANDS})
    frame = pd.DataFrame(rows)
    order = [SatisfactionBand.RED.value, SatisfactionBand.REVIEW.value, SatisfactionBand.GREEN.value]
    return by, frame.sort_values(order, ascending=False, ignore_index=True)


@needs_wave
def counts(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """How many compounds are in each band, by area."""
    estimates = estimates_of(reader, view)
    by, frame = _by_area(reader, view, estimates)
    frame = frame.assign(label=frame["label"].where(frame["label"] != "", words("satisfaction.no_area")))
    total = estimates["band"].value_counts()
    title = words(
        "satisfaction.bands_title",
        **{band.name.lower(): int(total.get(band, 0)) for band in BANDS},
    )  # fmt: skip
    is_cut = len(frame) > SHOWN_ROWS
    note = words("satisfaction.note_bands", months=WAVE_STANDS_MONTHS)
    if is_cut:
        note += words("satisfaction.note_cut_more", shown=SHOWN_ROWS, total=len(frame))
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.bands_sub"), level_name(by, words), month_name(wave, words)),
        figure=band_counts(frame=frame.head(SHOWN_ROWS), ink=ink, words=words),
        n=words("satisfaction.n_compounds", n=number(len(estimates))), as_of=month_name(view.month_of(reader), words),
        source=indicator_of(RATE).source, note=note, alt=title,
        queries=(Query(key=RATE, selection=view.selection, period=Period.of(wave), by="compound"),),
    )  # fmt: skip


def _doubtful(estimates: pd.DataFrame) -> pd.DataFrame:
    found = estimates[estimates["band"].isin(DOUBTFUL)]
    return found.sort_values(["p_below", "valid"], ascending=[False, False], ignore_index=True)


def sure_of(most: int) -> Draw:
    """A card of the compounds most likely to lie below the line, `most` of them, with interval and raw value."""
    return needs_wave(partial(_sure, most=most))


def _sure(reader: Reader, view: View, ink: Ink, words: Words, wave: str, *, most: int) -> Drawing:
    estimates = estimates_of(reader, view)
    found = _doubtful(estimates)
    if found.empty:
        return empty(words("satisfaction.sure_none"), words("satisfaction.sure_none_why"))
    raw_below = int((estimates["raw"] * 100 < THRESHOLD).sum())
    red = int((found["band"] == SatisfactionBand.RED).sum())
    title = words("satisfaction.sure_title", raw=raw_below, red=red)
    shown = found.head(most)
    # The raw value is read as the indicator computes it, so that it is the same number to the last digit.
    frame = pd.DataFrame(
        {
            "group": shown["compound_id"], "label": shown["label"], "place": shown["place"], "mid": shown["shrunk"] * 100,
            "low": shown["low"] * 100, "high": shown["high"] * 100, "raw": _as_read(shown), "band": shown["band"],
            "chance": [chance(p) for p in shown["p_below"]], "valid": shown["valid"], "is_low_response": shown["is_low_response"],
            "is_current": shown["wave"] == wave, "hover": [estimate_hover(r, words) for r in shown.to_dict("records")],
        }
    )  # fmt: skip
    note = words("satisfaction.note_sure")
    if len(found) > most:
        note += words("satisfaction.note_cut_more", shown=most, total=len(found))
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.sure_sub"), place_of(reader, view, words)),
        figure=bands(frame=frame, threshold=THRESHOLD, ink=ink, words=words),
        **foot(reader, RATE, figure_of(reader, RATE, view.selection, wave), wave, words), note=note, alt=title,
        queries=(Query(key=RATE, selection=view.selection, period=Period.of(wave), by="compound"),),
    )  # fmt: skip


def _as_read(rows: pd.DataFrame) -> pd.Series[Any]:
    return rows["satisfied"] / rows["valid"] * indicator_of(RATE).scale


@needs_wave
def review_list(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """Every compound in red or review."""
    found = _doubtful(estimates_of(reader, view))
    low = int(found["is_low_response"].sum())
    rows = [
        {
            "id": row["compound_id"], "name": row["label"], "place": row["place"],
            "band": band_name(row["band"], words), "p": float(row["p_below"]) * 100,
            "shrunk": float(row["shrunk"]) * 100, "low": float(row["low"]) * 100, "high": float(row["high"]) * 100,
            "raw": float(raw), "n": float(row["valid"]),
            "response": None if is_missing(row["response"]) else float(row["response"]) * 100,
            "flag": words("bands.low_response_long") if row["is_low_response"] else "",
            "wave": str(row["wave"]),
        }
        for row, raw in zip(found.to_dict("records"), _as_read(found), strict=True)
    ]  # fmt: skip

    def percent_column(field: str, **more: Any) -> dict[str, Any]:
        return {
            "field": field,
            "headerName": words(f"satisfaction.col_{field}"),
            "number": True,
            "decimals": 1,
            "suffix": "%",
        } | more

    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": words("satisfaction.col_name"), "minWidth": 150},
        {"field": "place", "headerName": words("satisfaction.col_place"), "minWidth": 110},
        {"field": "band", "headerName": words("satisfaction.col_band"), "minWidth": 84},
        percent_column("p"), percent_column("shrunk"), percent_column("low"), percent_column("high"), percent_column("raw"),
        {"field": "n", "headerName": words("satisfaction.col_n"), "number": True},
        percent_column("response"),
        {"field": "flag", "headerName": words("satisfaction.col_flag"), "minWidth": 100},
        {"field": "wave", "headerName": words("satisfaction.col_wave"), "minWidth": 110},
    ]  # fmt: skip
    title = words("satisfaction.list_title", count=len(found), low=low)
    if not rows:
        return empty(words("satisfaction.sure_none"), words("satisfaction.sure_none_why"), grid=NO_COMPOUNDS)
    return Drawing(
        title=title, subtitle=place_of(reader, view, words), hint=words("satisfaction.list_hint"),
        grid=GridSpec(columns=columns, rows=rows, row_id="id", click="compound", page_size=12),
        n=words("satisfaction.n_compounds", n=number(len(rows))), as_of=month_name(wave, words),
        source=indicator_of(RATE).source, alt=title,
        note=words("satisfaction.note_rule", red=f"{RED_PROBABILITY:.0%}", review=f"{REVIEW_PROBABILITY:.0%}",
                   low=f"{LOW_RESPONSE:.0%}"),
        queries=(Query(key=RATE, selection=view.selection, period=Period.of(wave), by="compound"),),
    )  # fmt: skip


def _funnel(reader: Reader, view: View) -> tuple[pd.DataFrame, Any]:
    frame, funnel = satisfaction_funnel(reader, view.month_of(reader), view.selection)
    return frame, funnel


@needs_wave
def funnel(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """Rate against number of answers, with limits widened for common variation."""
    frame, fitted = _funnel(reader, view)
    if fitted is None:
        return empty(words("satisfaction.funnel_none"), words("satisfaction.funnel_none_why"))
    places = estimates_of(reader, view).set_index("compound_id")["place"]
    rows = frame.assign(place=frame["compound_id"].map(places))
    levels = fitted.outlier_level()
    # Of so many that they are gathered only outliers say anything by themselves.
    told = levels != 0 if len(rows) > MOST_POINTS else np.ones(len(rows), dtype=bool)
    hover = np.full(len(rows), "", dtype=object)
    hover[told] = [estimate_hover(row, words) for row in records(rows[told])]
    points = pd.DataFrame(
        {
            "group": rows["compound_id"], "label": rows["label"], "value": _as_read(rows),
            "is_current": rows["wave"] == wave, "hover": hover,
        }
    )  # fmt: skip
    low, high = int((levels <= -0.998).sum()), int((levels >= 0.998).sum())
    title = (
        words("satisfaction.funnel_title", low=low, high=high) if low or high else words("satisfaction.funnel_plain")
    )
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.funnel_sub"), place_of(reader, view, words), month_name(wave, words)),
        figure=funnel_plot(frame=points, funnel=fitted, indicator=RATE, ink=ink, words=words),
        n=words("satisfaction.n_compounds", n=number(len(rows))), as_of=month_name(wave, words),
        source=indicator_of(RATE).source, alt=title,
        note=words("satisfaction.note_phi" if fitted.is_overdispersed else "satisfaction.note_phi_one", phi=number(fitted.phi, 2)),
        queries=(Query(key=RATE, selection=view.selection, period=Period.of(wave), by="compound"),),
    )  # fmt: skip


@needs_wave
def outliers(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """The table under the funnel."""
    frame, fitted = _funnel(reader, view)
    if fitted is None:
        return empty(words("satisfaction.funnel_none"), words("satisfaction.funnel_none_why"), grid=NO_COMPOUNDS)
    table = fitted.outliers(frame["compound_id"].tolist())
    if table.empty:
        return empty(words("satisfaction.outliers_none"), words("satisfaction.outliers_none_why"), grid=NO_COMPOUNDS)
    known = estimates_of(reader, view).set_index("compound_id")
    rows = [
        {
            "id": row["unit"], "name": known.at[row["unit"], "label"],
            "side": words("satisfaction.side_low" if row["level"] < 0 else "satisfaction.side_high",
                          limit=f"{abs(row['level']):.1%}".replace(".0%", "%")),
            "raw": float(row["value"]) * 100,
            "n": float(row["size"]), "z": float(row["z"]),
        }
        for row in table.to_dict("records")
    ]  # fmt: skip
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": words("satisfaction.col_name"), "minWidth": 100},
        {"field": "side", "headerName": words("satisfaction.col_side"), "minWidth": 104},
        {
            "field": "raw",
            "headerName": words("satisfaction.col_raw"),
            "number": True,
            "decimals": 1,
            "suffix": "%",
            "minWidth": 62,
        },
        {"field": "n", "headerName": words("satisfaction.col_n"), "number": True, "minWidth": 54},
        {"field": "z", "headerName": words("satisfaction.col_z"), "number": True, "decimals": 2, "minWidth": 56},
    ]
    columns = [column | NARROW for column in columns]
    far = int(np.sum(np.isclose(table["level"].abs(), 0.998)))
    title = words("satisfaction.outliers_title", far=far, near=len(table) - far)
    return Drawing(
        title=title, subtitle=words("satisfaction.outliers_sub"),
        grid=GridSpec(columns=columns, rows=rows, row_id="id", click="compound", page_size=10),
        n=words("satisfaction.n_compounds", n=number(len(frame))), as_of=month_name(wave, words),
        source=indicator_of(RATE).source, alt=title,
        queries=(Query(key=RATE, selection=view.selection, period=Period.of(wave), by="compound"),),
    )  # fmt: skip
