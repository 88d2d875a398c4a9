"""Tiers with P(top 10 %) and the range of the rank: never a bare list of places."""

from __future__ import annotations

from typing import Any

from dashboard.cards.ranking.subject import Subject, ranked_with
from dashboard.cards.reading import Reading
from dashboard.cards.types import Drawing, GridSpec
from dashboard.figures.rank_ranges import RangeTexts, rank_ranges
from dashboard.numbers import is_missing, number
from dashboard.theme import Ink
from data.statistics.bands import Tier

MOST_ROWS = 16


def range_texts(reading: Reading) -> RangeTexts:
    """Words of a chart of rank ranges."""
    words = reading.words
    fields = {name: f"{{{name}}}" for name in ("label", "place", "low", "high", "median", "top", "tier")}
    return RangeTexts(
        rank=words("ranking.rank", rank="{rank}"),
        hover=words("ranking.range_hover_template", **fields),
        top=words("ranking.top"),
        tiers={tier.value: words(f"ranking.tier.{tier.name.lower()}") for tier in Tier},
    )


@ranked_with
def ranges(subject: Subject, ink: Ink) -> Drawing:
    """The surest compounds with their ranges."""
    words, ranked = subject.words, subject.ranked
    if ranked.empty:
        return subject.reading.empty(words("ranking.ranges.none"), words("ranking.ranges.why_none"))
    counts = ranked["tier"].value_counts()
    first, second = (int(counts.get(tier, 0)) for tier in (Tier.FIRST, Tier.SECOND))
    shown = ranked.head(MOST_ROWS)
    widest = float((shown["rank_high"] - shown["rank_low"]).max())
    title = words("ranking.ranges.title", first=number(first), second=number(second), widest=number(widest))
    return Drawing(
        title=title,
        subtitle=subject.reading.line(
            words("ranking.ranges.subtitle", n=number(len(shown)), all=number(len(ranked))), subject.reading.when()
        ),
        figure=rank_ranges(frame=shown, ink=ink, texts=range_texts(subject.reading), click="evidence"),
        n=number(len(subject.whole[subject.whole["tier"] != Tier.UNRANKED])),
        as_of=subject.reading.when(),
        source=subject.source,
        note=words("ranking.ranges.note"),
        alt=title,
    )


@ranked_with
def listing(subject: Subject, ink: Ink) -> Drawing:
    """Every ranked compound: tier, probability, range, both means."""
    words, ranked = subject.words, subject.ranked
    if ranked.empty:
        return subject.reading.empty(words("ranking.ranges.none"), words("ranking.ranges.why_none"))
    rows = []
    for row in ranked.to_dict("records"):
        rows.append(
            {
                "id": row["group"], "name": row["label"], "street": row["place"], "tier": subject.tier(row["tier"]),
                "top": row["probability_top"] * 100, "range": range_in_words(row, subject),
                "score": row["score"], "other": None if is_missing(row["other_score"]) else row["other_score"],
            }
        )  # fmt: skip

    def column(field: str, width: int, **given: Any) -> dict[str, Any]:
        return {"field": field, "headerName": words(f"ranking.column.{field}"), "width": width, "minWidth": 78, **given}

    spec = GridSpec(
        columns=[
            column("name", 140, minWidth=120),
            column("street", 105),
            column("tier", 78),
            column("top", 92, number=True, decimals=0, suffix="%"),
            column("range", 110, minWidth=100),
            column("score", 88, number=True, decimals=2),
            column("other", 88, number=True, decimals=2),
        ],
        rows=rows,
        row_id="id",
        click="evidence",
    )
    title = words("ranking.tiers.title", n=number(len(rows)))
    return Drawing(
        title=title,
        subtitle=subject.scheme_line,
        hint=words("ranking.tiers.hint"),
        grid=spec,
        n=number(len(rows)),
        as_of=subject.reading.when(),
        source=subject.source,
        alt=title,
    )


def range_in_words(row: dict[Any, Any], subject: Subject) -> str:
    """第2–4位; empty for a compound that is not ranked."""
    if is_missing(row["rank_low"]):
        return ""
    return subject.words("ranking.range", low=f"{row['rank_low']:.0f}", high=f"{row['rank_high']:.0f}")
