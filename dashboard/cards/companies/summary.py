"""The finding of the page and its five figures."""

from __future__ import annotations

from dashboard.cards.changes import change_of
from dashboard.cards.companies.subject import read_with
from dashboard.cards.reading import Reading, has_values, reported_of, row_of
from dashboard.cards.types import Drawing, Tile
from dashboard.numbers import MONEY, is_missing, number, parts, published, quantity
from dashboard.theme import Ink
from data.catalogue import INDICATORS
from data.portfolios import company_frame
from data.satisfaction import is_comparable

TILES = (
    "fee_collection_rate",
    "arrears_cleared_yuan",
    "company_work_coverage",
    "company_branches",
    "credit_score_mean",
)
_SPARK = 24


@read_with
def headline(reading: Reading, ink: Ink) -> Drawing:
    """How many companies manage how much, and how small most of them are."""
    words, view = reading.words, reading.view
    found = reading.figures(["companies", "compounds", "professional_share"])
    if view.company:
        row = company_frame(reading.reader, view.selection, reading.month).set_index("group").to_dict("index")
        mine = row.get(view.company)
        if mine is None:
            return Drawing(title=words("companies.headline_one_none", name=reading.reader.label(view.company)))
        title = words(
            "companies.headline_one", name=mine["label"], n=number(mine["compounds"]), households=number(mine["households"]),
            collection=quantity(mine["collection"], "%", words, decimals=1),
            satisfaction=quantity(mine["satisfaction"], "%", words, decimals=1),
        )  # fmt: skip
        return Drawing(
            title=title, subtitle=reading.line(reading.place, reading.when()), queries=tuple(reading.queries)
        )
    if not has_values(found["companies"]):
        return Drawing(title=words("companies.none"), subtitle=reading.line(reading.place, reading.when()))
    frame = company_frame(reading.reader, view.selection, reading.month)
    managing = frame[frame["compounds"] > 0]
    single = int((managing["compounds"] == 1).sum())
    title = words(
        "companies.headline", companies=number(len(frame)), compounds=quantity(row_of(found["compounds"])["value"], "", words),
        single=number(single), managing=number(len(managing)),
    )  # fmt: skip
    share = quantity(row_of(found["professional_share"])["value"], "%", words, decimals=1)
    return Drawing(
        title=title,
        subtitle=reading.line(reading.place, reading.when(), words("companies.headline_share", share=share)),
        queries=tuple(reading.queries),
        alt=title,
    )


@read_with
def tiles(reading: Reading, ink: Ink) -> Drawing:
    """Five figures with their change on the year and their last two years."""
    words = reading.words
    now = reading.figures(TILES)
    before = reading.year_before()
    earlier = reading.figures(TILES, period=before) if before else {}
    course = reading.back(_SPARK)
    made = []
    for key in TILES:
        indicator = INDICATORS[key]
        row = row_of(now[key])
        value, unit = parts(row["value"], indicator.unit, words, decimals=indicator.decimals)
        months = reading.reader.indicator(key, reading.view.selection, period=course, by="month")
        change = (
            change_of(
                row_of(earlier[key]),
                row,
                indicator,
                words,
                since=words("change.since_year"),
                is_comparable=before is None or is_comparable(reading.reader, key, before.end, reading.month),
            )
            if key in earlier
            else None
        )
        made.append(
            Tile(
                key=key,
                label=words.of(indicator),
                raw=None if is_missing(row["value"]) else float(row["value"]),
                value=value,
                unit=unit,
                change=change,
                n=reading.line(reported_of(now[key], words), _published(reading, key)),
                # An amount takes the width of the tile.
                spark=()
                if indicator.unit == MONEY
                else tuple(None if is_missing(v) else float(v) for v in months["value"]),
            )
        )
    return Drawing(title=words("companies.tiles"), tiles=tuple(made), **reading.foot(TILES))


def _published(reading: Reading, key: str) -> str:
    """What the city published of the figure, bound kept, where the whole city is shown."""
    view = reading.view
    if view.area or view.grid or view.kind or view.company:
        return ""
    rows = reading.reader.published(key)
    if rows.empty:
        return ""
    row = rows.iloc[-1]
    text = published(float(row["value"]), str(row["bound"]), reading.words, unit=INDICATORS[key].unit)
    return reading.words("companies.published", value=text)
