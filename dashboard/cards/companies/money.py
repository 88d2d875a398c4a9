"""低: how much of the fees is collected, and what became of the arrears."""

from __future__ import annotations

from dashboard.cards.companies.subject import MOST_ROWS, names_of, read_with, text_of
from dashboard.cards.reading import Reading, best_and_worst, has_values, level_name, parts_level, row_of
from dashboard.cards.types import Drawing
from dashboard.figures.bar_table import bar_table, column_of
from dashboard.figures.trend import Series, trend
from dashboard.figures.waterfall import Step, waterfall
from dashboard.numbers import change, is_missing, month_name, published, quantity
from dashboard.theme import Ink
from data.catalogue import INDICATORS
from data.portfolios import fee_period
from data.query import Period, Selection

RATE, DUE = "fee_collection_rate", "fees_due_yuan"
OPEN, CLEARED = "arrears_open_yuan", "arrears_cleared_yuan"
COLLECTION, ARREARS = (RATE, DUE), (OPEN, CLEARED)


@read_with
def collection_trend(reading: Reading, ink: Ink) -> Drawing:
    """Collection rate of the selection over all months, the city behind it."""
    words, view = reading.words, reading.view
    indicator = INDICATORS[RATE]
    span = Period(reading.reader.months[0], reading.month)
    mine = reading.figures([RATE], by="month", period=span)[RATE]
    if not has_values(mine):
        return reading.empty(words("companies.money.none"), words("reading.none"))
    series = [Series(indicator=indicator, figures=mine, name=reading.place)]
    if view.selection != Selection():
        city = reading.figures([RATE], by="month", period=span, selection=Selection())[RATE]
        series.insert(0, Series(indicator=indicator, figures=city, name=reading.reader.city.name, is_context=True))
    known = mine[mine["value"].notna()]
    first, last = row_of(known.head(1)), row_of(known.tail(1))
    moved = float(last["value"]) - float(first["value"])
    title = words(
        "companies.money.trend_still" if abs(moved) < 0.05 else "companies.money.trend",
        value=quantity(last["value"], "%", words, decimals=1), since=month_name(str(first["group"]), words),
        change=change(moved, "%", words, decimals=1),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words.of(indicator), reading.place, reading.when(span)),
        figure=trend(series=series, ink=ink, words=words),
        alt=title,
        **reading.foot([RATE], reading.figures([RATE])[RATE]),
    )


@read_with
def collection(reading: Reading, ink: Ink) -> Drawing:
    """Collection rate of twelve months and the fees due behind it, by the level below."""
    words = reading.words
    level, year = parts_level(reading.reader, reading.view), fee_period(reading.reader, reading.month)
    found = reading.figures(COLLECTION, by=level, period=year)
    whole = row_of(reading.figures([RATE], period=year)[RATE])
    names = names_of(found[RATE])
    if not has_values(found[RATE]):
        return reading.empty(words("companies.money.none"), words("reading.none"))
    ordered = found[RATE].sort_values("value", ascending=True, na_position="last")["group"].astype(str)
    shown = [group for group in ordered if group in names][:MOST_ROWS]
    columns = [
        column_of(found[RATE], title=words.of(INDICATORS[RATE]), text=text_of(RATE, words), indicator=RATE, by=level,
                  top=100.0, total=float(whole["value"])),
        column_of(found[DUE], title=words("companies.money.due"), text=text_of(DUE, words), indicator=DUE, by=level),
    ]  # fmt: skip
    ends = best_and_worst(found[RATE][found[RATE]["group"] != ""], 1)
    title = words("companies.money.one", value=quantity(whole["value"], "%", words, decimals=1))
    if ends:
        best, worst = ends
        title = words(
            "companies.money.ends", low=worst["label"], low_value=quantity(worst["value"], "%", words, decimals=1),
            high=best["label"], high_value=quantity(best["value"], "%", words, decimals=1),
        )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.money.lowest"), level_name(level, words), reading.when(year)),
        figure=bar_table(
            rows=[(group, names[group]) for group in shown], columns=columns, ink=ink, missing=words("figure.unreported"),
            click="area",
        ),
        alt=title,
        **reading.foot(COLLECTION, reading.figures([RATE])[RATE], period=year),
    )  # fmt: skip


@read_with
def arrears(reading: Reading, ink: Ink) -> Drawing:
    """From the first balance of old arrears to the last: cleared, and what came on top."""
    words, reader = reading.words, reading.reader
    span = Period(reader.months[0], reading.month)
    balance = reading.figures([OPEN], by="month", period=span)[OPEN]
    cleared = row_of(reading.figures([CLEARED])[CLEARED])
    known = balance[balance["value"].notna()]
    if known.empty or is_missing(cleared["value"]):
        return reading.empty(words("companies.money.no_arrears"), words("reading.none"))
    first, last = row_of(known.head(1)), row_of(known.tail(1))
    opened, closed, paid = float(first["value"]), float(last["value"]), float(cleared["value"])
    added = closed - opened + paid
    money = text_of(OPEN, words)

    def step(name: str, amount: float, kind: str, **given: object) -> Step:
        sign = "" if kind == "balance" else "+" if amount >= 0 else "−"
        text = f"{sign}{money(abs(amount))}"
        return Step(name=name, amount=amount, kind=kind, text=text, hover=f"<b>{name}</b><br>{text}", **given)  # type: ignore[arg-type]

    steps = [
        step(words("companies.money.open_at", month=month_name(str(first["group"]), words)), opened, "balance", indicator=OPEN, by="month",
             group=str(first["group"])),
        step(words("companies.money.added"), added, "change", is_good=added < 0),
        step(words("companies.money.cleared"), -paid, "change", is_good=True, indicator=CLEARED),
        step(words("companies.money.open_at", month=month_name(str(last["group"]), words)), closed, "balance", indicator=OPEN, by="month",
             group=str(last["group"])),
    ]  # fmt: skip
    rows = reader.published(CLEARED)
    is_city = reading.view.selection == Selection()
    said = ""
    if len(rows) and is_city:
        row = rows.iloc[-1]
        said = words("companies.published", value=published(float(row["value"]), str(row["bound"]), words, unit="元"))
    title = words(
        "companies.money.arrears",
        paid=money(paid),
        closed=money(closed),
        said=words("companies.money.said", said=said) if said else "",
    )
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.money.arrears_subtitle"), reading.place, reading.when(span)),
        figure=waterfall(steps=steps, ink=ink),
        note=words("companies.money.added_note"),
        alt=title,
        **reading.foot(ARREARS, reading.figures([OPEN])[OPEN]),
    )
