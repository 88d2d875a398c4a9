"""Three modes of management side by side: how common, how content, what they cost, what is collected."""

from __future__ import annotations

from dashboard.cards.companies.subject import read_with, text_of
from dashboard.cards.reading import Reading, row_of
from dashboard.cards.types import Drawing
from dashboard.figures.bar_table import BarColumn, bar_table
from dashboard.figures.plotted import plotted
from dashboard.numbers import is_missing, quantity
from dashboard.theme import Ink
from data.catalogue import INDICATORS
from data.portfolios import MODE_SHARES, MODES, compare_modes, fee_period, survey_period

SHARES = tuple(MODE_SHARES.values())
COMPARED = ("satisfaction", "fee_standard", "fee_collection_rate")
KEYS = (*SHARES, *COMPARED)
ALL = "total"


@read_with
def compared(reading: Reading, ink: Ink) -> Drawing:
    """Rows: all compounds, then each mode. Columns: share, satisfaction, fee standard, collection rate."""
    words, reader, view = reading.words, reading.reader, reading.view
    periods = {
        "satisfaction": survey_period(reader, reading.month),
        "fee_standard": reading.period,
        "fee_collection_rate": fee_period(reader, reading.month),
    }
    shares = {mode: row_of(reading.figures([key])[key]) for mode, key in MODE_SHARES.items()}
    if all(is_missing(row["value"]) for row in shares.values()):
        return reading.empty(words("companies.modes.none"), words("reading.none"))
    wholes = {key: row_of(reading.figures([key], period=periods[key])[key]) for key in COMPARED}
    by_mode = compare_modes(reader, view.selection, reading.month)
    columns = [
        BarColumn(
            title=words("companies.modes.share"), text=text_of(SHARES[0], words), top=100.0,
            values={mode.value: float(row["value"]) for mode, row in shares.items() if not is_missing(row["value"])},
            blank=frozenset({ALL}),
        )
    ]  # fmt: skip
    for key in COMPARED:
        frame = by_mode[key].dropna(subset=["value"])
        values = dict(zip(frame["group"].astype(str), frame["value"].astype(float), strict=True))
        if not is_missing(wholes[key]["value"]):
            values[ALL] = float(wholes[key]["value"])
        columns.append(
            BarColumn(title=words.of(INDICATORS[key]), values=values, text=text_of(key, words),
                      top=None if key == "fee_standard" else 100.0)
        )  # fmt: skip
    rows = [(ALL, words("companies.modes.all")), *((mode.value, words(f"mode.{mode.name.lower()}")) for mode in MODES)]
    figure = bar_table(
        rows=rows, columns=columns, ink=ink, missing=words("figure.unreported"), colours={ALL: ink.edge}, drawn_px=720
    )
    _say_what_is_plotted(figure)
    least = min(
        by_mode["satisfaction"].dropna(subset=["value"]).to_dict("records"), key=lambda row: row["value"], default=None
    )
    title = words("companies.modes.none") if least is None else words(
        "companies.modes.title", share=quantity(shares[MODES[0]]["value"], "%", words, decimals=1),
        mode=words(f"mode.{next(m for m in MODES if m.value == least['group']).name.lower()}"),
        value=quantity(least["value"], "%", words, decimals=1),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(
            words("companies.modes.subtitle"), reading.place, reading.when(periods["fee_collection_rate"])
        ),
        figure=figure,
        note=words("companies.modes.note"),
        alt=title,
        **reading.foot(KEYS, reading.figures([SHARES[0]])[SHARES[0]]),
    )


def _say_what_is_plotted(figure: dict[str, list[dict[str, object]]]) -> None:
    """Bars by mode are the page's own sums; the shares and the bars of the whole are indicators, in traces of their own."""
    split: list[dict[str, object]] = []
    for trace in figure["data"]:
        meta: dict = trace.get("meta", {})  # type: ignore[type-arg, assignment]
        groups = list(meta.get("groups", []))
        if not groups:
            split.append(trace)
            continue
        at = int(str(trace["xaxis"]).removeprefix("x") or 1) - 1
        for place, group in enumerate(groups):
            key = MODE_SHARES[next(m for m in MODES if m.value == group)] if at == 0 else COMPARED[at - 1]
            is_read = at == 0 or group == ALL
            one = trace | {name: [trace[name][place]] for name in ("x", "y", "hovertext")}  # type: ignore[index]
            one["marker"] = {"color": [trace["marker"]["color"][place]]}  # type: ignore[index]
            one["meta"] = (
                plotted(key, axis="x", groups=[ALL], by=None) if is_read else {"groups": [group], "by": "mode"}
            )
            split.append(one)
    figure["data"] = split
