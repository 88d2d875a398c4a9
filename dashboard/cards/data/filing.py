"""Who has filed: the headline, the months by street, and the list of who has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.cards.types import Card, Drawing, Entry
from dashboard.figures.filing_heat import filing_heat
from dashboard.figures.trend import month_ticks
from dashboard.numbers import month_name, number
from data.catalogue.types import Page
from data.filing import DUE_DAY, FilingState, filing, filing_level

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

MONTHS_SHOWN = 12
# More rows than this are not read by anybody; those with gaps come first.
ROWS_SHOWN = 24
ENTRIES_SHOWN = 40
HOVER_FIELDS = ("area", "month", "state", "filed", "expected")


def filed_in_view(reader: Reader, view: View) -> pd.DataFrame:
    """The filings of the areas in the view, for the twelve months that end with the one shown."""
    months = [month for month in reader.months if month <= view.month_of(reader)][-MONTHS_SHOWN:]
    frame = filing(reader, months=months)
    if view.area is None or frame.empty:
        return frame
    inside = [code == view.area or view.area in reader.ancestors(code) for code in frame["area"]]
    above = frame["area"].isin(reader.ancestors(view.area))
    kept = frame[pd.Series(inside, index=frame.index)]
    return (kept if len(kept) else frame[above]).reset_index(drop=True)


def of_month(frame: pd.DataFrame, month: str) -> pd.DataFrame:
    """The rows of one month."""
    return frame[frame["month"] == month].reset_index(drop=True)


def _counts(now: pd.DataFrame) -> dict[str, int]:
    found = now["state"].value_counts()
    return {state.value: int(found.get(state.value, 0)) for state in FilingState}


def has_sheets(frame: pd.DataFrame) -> bool:
    """Whether anybody filed anything in the months of `frame`."""
    return bool(len(frame)) and bool((frame["filed"] > 0).any())


def finding(reader: Reader, frame: pd.DataFrame, month: str, words: Words) -> str:
    """The state of the month's filing in one sentence."""
    now = of_month(frame, month)
    counts = _counts(now)
    level = words(f"data.level.{filing_level(reader).value}")
    name = month_name(month, words)
    if counts[FilingState.COMPLETE] == len(now):
        return words("data.filing.all", month=name, n=number(len(now)), level=level)
    parts = [
        words(f"data.filing.some_{state.value}", n=number(counts[state.value]))
        for state in (FilingState.COMPLETE, FilingState.PARTIAL, FilingState.LATE, FilingState.MISSING)
        if counts[state.value]
    ]
    return words("data.filing.finding", month=name, n=number(len(now)), level=level, parts=words.listed(parts))


def headline(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """What the store holds and whether the month is in."""
    if not reader.city.code:
        return Drawing(title=words("data.headline.empty"), subtitle=words("data.headline.empty_sub"))
    month = view.month_of(reader)
    frame = filed_in_view(reader, view)
    if not month or not has_sheets(frame):
        return Drawing(
            title=words("data.headline.no_months", city=reader.city.name), subtitle=words("data.headline.sub")
        )
    return Drawing(title=finding(reader, frame, month, words), subtitle=words("data.headline.sub"))


def _worst_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Areas with the most gaps first; the order of codes otherwise."""
    weight = frame["state"].map({"missing": 100, "late": 10, "partial": 1, "complete": 0})
    order = weight.groupby(frame["area"]).sum().sort_index().sort_values(ascending=False, kind="stable")
    rank = {code: place for place, code in enumerate(order.index)}
    return frame.assign(rank=frame["area"].map(rank)).sort_values(["rank", "month"]).drop(columns="rank")


def heat(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Months by street."""
    frame = filed_in_view(reader, view)
    title = words("data.filing.title")
    if not has_sheets(frame):
        return Drawing(title=title, empty=words("data.filing.none"), alt=title)
    ordered = _worst_first(frame)
    codes = list(dict.fromkeys(ordered["area"]))
    shown = ordered[ordered["area"].isin(codes[:ROWS_SHOWN])]
    months = sorted(frame["month"].unique())
    names = {state.value: words(f"data.filing.{state.value}") for state in FilingState}
    figure = filing_heat(
        frame=shown, names=names, ink=ink, hover=words("data.filing.hover", **{name: f"{{{name}}}" for name in HOVER_FIELDS}),
        month_names={month: month_name(month, words) for month in months},
        short_months=dict(zip(months, month_ticks(months, words), strict=True)),
        marks={
            FilingState.COMPLETE.value: "", FilingState.PARTIAL.value: "−{missing}",
            FilingState.LATE.value: words("data.filing.mark_late"), FilingState.MISSING.value: "",
        },
    )  # fmt: skip
    note = words("data.filing.rule", day=DUE_DAY)
    if len(codes) > ROWS_SHOWN:
        note += words("data.filing.cut", shown=ROWS_SHOWN, total=len(codes))
    month = view.month_of(reader)
    sentence = finding(reader, frame, month, words)
    return Drawing(
        title=sentence,
        subtitle=words("data.filing.subtitle", start=month_name(months[0], words), end=month_name(months[-1], words)),
        figure=figure, n=words("data.filing.n", filed=number(of_month(frame, month)["filed"].sum()),
                               expected=number(of_month(frame, month)["expected"].sum())),
        as_of=month_name(month, words), source=words("data.filing.source"), note=note, alt=sentence,
    )  # fmt: skip


def _months_silent(frame: pd.DataFrame, area: str, month: str) -> int:
    """Months in a row up to `month` for which `area` filed nothing, within the frame."""
    filed = frame[(frame["area"] == area) & (frame["month"] <= month)].sort_values("month", ascending=False)["filed"]
    return next((place for place, count in enumerate(filed) if count > 0), len(filed))


def silent(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Who has not filed this month."""
    frame = filed_in_view(reader, view)
    title = words("data.silent.title")
    if not has_sheets(frame):
        return Drawing(title=title, empty=words("data.filing.none"), alt=title)
    month = view.month_of(reader)
    now = of_month(frame, month)
    missing = now[now["state"] == FilingState.MISSING.value]
    gaps = now[(now["filed"] > 0) & (now["filed"] < now["expected"])].assign(gap=lambda f: f["expected"] - f["filed"])
    entries = [
        Entry(
            tone="missing", tag=words("data.filing.missing"), title=str(row["label"]),
            detail=words("data.silent.none", n=number(row["expected"]), months=_months_silent(frame, row["area"], month)),
            view={"area": str(row["area"])},
        )
        for row in missing.to_dict("records")
    ]  # fmt: skip
    entries += [
        Entry(
            tone="review", tag=words("data.silent.short", n=number(row["gap"])), title=str(row["label"]),
            detail=words("data.silent.partial", filed=number(row["filed"]), expected=number(row["expected"])),
            view={"area": str(row["area"])},
        )
        for row in gaps.sort_values("gap", ascending=False, kind="stable").to_dict("records")
    ]  # fmt: skip
    if not entries:
        entries = [Entry(tone="good", tag=words("data.silent.done"), title=words("data.silent.all"), detail="")]
    heading = (
        words(
            "data.silent.finding", areas=number(len(missing)), units=number(int((now["expected"] - now["filed"]).sum()))
        )
        if len(missing) or len(gaps)
        else words("data.silent.all")
    )
    return Drawing(
        title=heading, subtitle=words("data.silent.subtitle", month=month_name(month, words)),
        entries=tuple(entries[:ENTRIES_SHOWN]), n=number(len(now)), as_of=month_name(month, words),
        source=words("data.filing.source"), alt=heading,
    )  # fmt: skip


CARDS: tuple[Card, ...] = (
    Card(name="data.headline", page=Page.DATA, indicators=(), draw=headline, height=0, kind="headline"),
    Card(name="data.filing", page=Page.DATA, indicators=(), draw=heat, height=460, kind="figure"),
    Card(name="data.silent", page=Page.DATA, indicators=(), draw=silent, height=460, kind="list"),
)
