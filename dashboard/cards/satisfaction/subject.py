"""What the cards of satisfaction and of one compound share: which place, which wave, by which areas, in which words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.types import Draw, Drawing, GridSpec
from dashboard.figures.intervals import IntervalRow
from dashboard.figures.plotted import hover, plotted
from dashboard.numbers import is_missing, month_name, number, quantity
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.query import Period, Selection
from data.satisfaction import compound_estimates, latest_wave, method_breaks, months_back
from data.schema.vocabulary import AreaLevel
from data.statistics.bands import RED_PROBABILITY, REVIEW_PROBABILITY, SATISFACTION_THRESHOLD

if TYPE_CHECKING:
    from data.query import Reader

RATE = "satisfaction"
QUESTIONS = (RATE, "satisfaction_gain", "satisfaction_happy", "satisfaction_safe")
THRESHOLD = SATISFACTION_THRESHOLD * 100


def needs_months(draw: Draw, *, grid: GridSpec | None = None) -> Draw:
    """`draw`, or an empty card saying so in a store without any month of data; `grid` as for `empty`."""

    def guarded(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
        if not reader.months:
            return empty(words("satisfaction.title_none"), words("satisfaction.empty_store"), grid=grid)
        return draw(reader, view, ink, words)

    guarded.__doc__ = draw.__doc__
    guarded.__name__ = getattr(draw, "__name__", "draw")
    return guarded


def needs_wave(draw: Callable[[Reader, View, Ink, Words, str], Drawing]) -> Draw:
    """`draw` with the last wave of the selection up to the month shown, or an empty card where nobody was asked."""

    @needs_months
    def guarded(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
        wave = latest_wave(reader, view.month_of(reader), view.selection)
        if wave is None:
            return empty(words("satisfaction.title_none"), words("satisfaction.empty_survey"), grid=NO_COMPOUNDS)
        return draw(reader, view, ink, words, wave)

    guarded.__doc__ = draw.__doc__
    return guarded


def empty(title: str, why: str, *, grid: GridSpec | None = None) -> Drawing:
    """A card with nothing to show; a table passes its columns, so that it works when a redraw brings rows."""
    return Drawing(title=title, empty=why, alt=why, grid=grid)


# A table without rows whose rows, when they come, open the file of a compound.
NO_COMPOUNDS = GridSpec(columns=[], rows=[], row_id="id", click="compound")


def place_of(reader: Reader, view: View, words: Words) -> str:
    """The selection in words: 宣州区 · 老旧小区 · 某物业."""
    parts = [reader.label(view.grid or view.area or reader.city.code)]
    if view.kind:
        parts.append(words(f"kind.{view.kind}"))
    if view.company:
        parts.append(reader.label(view.company))
    return words("text.middot").join(parts)


def subtitle(words: Words, *parts: str) -> str:
    """Measure · place · period."""
    return words("text.middot").join(part for part in parts if part)


def breakdown(reader: Reader, view: View) -> str:
    """What the selection is broken down by: the next level of areas that exists, at the bottom the compounds."""
    here = AreaLevel.CITY.value if view.area is None else reader.level_of(view.area)
    below = reader.levels[reader.levels.index(here) + 1 :] if here in reader.levels else []
    return below[0] if below and not view.grid else "compound"


def level_name(by: str, words: Words) -> str:
    """区县, 街道, 社区, 小区."""
    return words(f"level.{by}")


def figure_of(reader: Reader, key: str, selection: Selection, month: str) -> dict[str, Any]:
    """The one row of an indicator for a selection and month."""
    rows: list[dict[str, Any]] = reader.indicator(key, selection, period=Period.of(month)).to_dict("records")  # type: ignore[assignment]
    return rows[0]


def percent(value: Any, words: Words, *, decimals: int = 1) -> str:
    """`74.2%`, or 未上报."""
    return quantity(value, "%", words, decimals=decimals)


def between(low: Any, high: Any, *, decimals: int = 0) -> str:
    """`48–74%`."""
    return f"{number(float(low), decimals)}–{number(float(high), decimals)}%"


def chance(probability: Any) -> str:
    """A probability in whole per cent, never 0 % or 100 %: a sample is never that sure."""
    share = float(probability)
    if share >= 0.995:
        return ">99%"
    if share < 0.005:
        return "<1%"
    # 89.9 % must not read as 90 %, which would be another band.
    crosses = any(share < limit <= round(share, 2) for limit in (RED_PROBABILITY, REVIEW_PROBABILITY))
    return f"{math.floor(share * 1000) / 10:.1f}%" if crosses else f"{share:.0%}"


def breaks_in_words(reader: Reader, words: Words) -> dict[str, str]:
    """Wave → what changed in how people were asked."""
    return {
        month: words("figure.method_break", after=method_name(after, words))
        for month, (_, after) in method_breaks(reader).items()
    }


def method_name(method: str, words: Words) -> str:
    """A survey method in the language of the page."""
    return words(f"method.{method}") if words.has(f"method.{method}") else method


def estimates_of(reader: Reader, view: View) -> pd.DataFrame:
    """`compound_estimates` of the selection with `place` (street or county in words)."""
    month = view.month_of(reader)

    def read() -> pd.DataFrame:
        frame = compound_estimates(reader, month, view.selection)
        return frame.assign(place=places_of_compounds(reader, frame["compound_id"]))

    found: pd.DataFrame = reader.remember(("estimates with places", month, view.selection), read)
    return found.copy()


def places_of_compounds(reader: Reader, ids: pd.Series[str]) -> list[str]:
    """The street of each compound, else its county, in words; empty where neither is known."""
    register = reader.register("compound").set_index("compound_id")
    nearest = register["street"].where(register["street"].notna(), register["county"])
    areas = reader.areas()
    names = dict(zip(areas["code"], areas["name"], strict=True))
    return ["" if is_missing_text(code) else str(names.get(code, code)) for code in ids.map(nearest)]


def is_missing_text(value: Any) -> bool:
    """Whether a text cell is empty."""
    return value is None or bool(pd.isna(value))


def day(value: Any) -> str | None:
    """A date as `2026-10-31`, None where there is none."""
    return None if is_missing_text(value) else pd.Timestamp(value).strftime("%Y-%m-%d")


def estimate_hover(row: Any, words: Words) -> str:
    """Lines of a hover label for a row of `compound_estimates` with `place`."""
    lines = [
        f"<b>{row['label']}</b>",
        str(row["place"]),
        words("satisfaction.hover_raw", value=percent(row["raw"] * 100, words), satisfied=number(row["satisfied"]),
              valid=number(row["valid"]), wave=month_name(str(row["wave"]), words)),
        words("satisfaction.hover_shrunk", value=percent(row["shrunk"] * 100, words),
              range=between(row["low"] * 100, row["high"] * 100, decimals=1)),
        words("satisfaction.hover_below", p=chance(row["p_below"])),
    ]  # fmt: skip
    if not is_missing(row["response"]):
        lines.append(words("satisfaction.hover_response", value=percent(row["response"] * 100, words)))
    return "<br>".join(line for line in lines if line)


def area_rows(
    frame: pd.DataFrame, key: str, by: str, words: Words, *, colour: str, missing_colour: str
) -> list[IntervalRow]:
    """One interval row a group of figures, n at the right; a click selects the area, or opens the compound's file."""
    indicator = indicator_of(key)
    rows = []
    for row in frame.to_dict("records"):
        known = not is_missing(row["value"])
        rows.append(
            IntervalRow(
                label=str(row["label"]), mid=float(row["value"]) if known else None,
                low=None if is_missing(row["low"]) else float(row["low"]),
                high=None if is_missing(row["high"]) else float(row["high"]), colour=colour if known else missing_colour,
                remark=words("satisfaction.row_n", value=percent(row["value"], words), n=number(row["denominator"])) if known else "",
                hover=hover(row, indicator, words), group=str(row["group"]),
                meta=plotted(key, axis="x", groups=[str(row["group"])], by=by, click="profile" if by == "compound" else "area"),
            )
        )  # fmt: skip
    return rows


def year_of(reader: Reader, view: View) -> Period:
    """The twelve months up to the month shown."""
    month = view.month_of(reader)
    return Period(max(reader.months[0], months_back(month, 11)), month)


def with_compounds(frame: pd.DataFrame) -> pd.DataFrame:
    """Figures without the areas that hold no compound: they have nothing to report."""
    return frame[frame["value"].notna() | (frame["expected"].fillna(0) > 0)]


def foot(reader: Reader, key: str, row: Any, month: str, words: Words) -> dict[str, Any]:
    """n, data date and source of a card about indicator `key`."""
    size = row["denominator"] if not is_missing(row["denominator"]) else row["value"]
    text = "" if is_missing(size) else number(float(size))
    if not is_missing(row["expected"]) and row["expected"] > 0:
        text = words(
            "satisfaction.n_reported", n=text, reported=number(row["reported"]), expected=number(row["expected"])
        )
    return {"n": text, "as_of": month_name(month, words), "source": indicator_of(key).source}
