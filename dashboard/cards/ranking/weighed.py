"""The ranking under weights somebody chose, marked as not official and beside the official result."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.ranking.subject import Subject
from dashboard.cards.ranking.tiers import MOST_ROWS, range_in_words, range_texts
from dashboard.cards.reading import Reading
from dashboard.cards.types import Card, Drawing, GridSpec
from dashboard.figures.rank_ranges import rank_ranges
from dashboard.numbers import is_missing, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.quick_ranks import quick_firmness
from data.statistics.bands import Tier
from data.statistics.gates import Eligibility
from data.weights import official_weights, read_choice, reweighted

if TYPE_CHECKING:
    from data.query import Reader


class Weighed(Subject):
    """A ranking with the weights of the address; the official ones where it names none.

    Raises:
        UsageError: from `weights`, when those of the address cannot be read or belong to another scheme.
    """

    @cached_property
    def weights(self) -> dict[str, float]:
        """Weight by node key."""
        return read_choice(self.reading.view.weights).weights_for(self.scheme)

    @property
    def is_official(self) -> bool:
        """Whether the weights are those of the scheme."""
        return self.weights == official_weights(self.scheme)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every compound of the selection under the weights, the surest first, those that are not ranked last.

        Columns group, label, place, tier, probability_top, rank_low, median_rank, rank_high, score (arithmetic), other
        (geometric), official_tier, official_low, official_high, eligibility, reasons, availability.
        """
        official = self.frame.rename(columns={"other_score": "other"})
        kept = official.assign(
            official_tier=official["tier"], official_low=official["rank_low"], official_high=official["rank_high"]
        )
        if self.is_official:
            return kept
        firm = quick_firmness(self.ranking, self.weights).reindex(kept["group"])
        scores = reweighted(self.ranking, self.weights).reindex(kept["group"])
        for name in ("tier", "probability_top", "rank_low", "median_rank", "rank_high"):
            kept[name] = firm[name].to_numpy()
        kept["score"], kept["other"] = scores["arithmetic"].to_numpy(), scores["geometric"].to_numpy()
        order = ["probability_top", "median_rank", "score", "group"]
        return kept.sort_values(order, ascending=[False, True, False, True], na_position="last").reset_index(drop=True)

    @property
    def first_rows(self) -> pd.DataFrame:
        """The ranked compounds."""
        return self.table[self.table["tier"] != Tier.UNRANKED].reset_index(drop=True)

    def title(self) -> str:
        """How many stand in each tier, and, under other weights, how many moved."""
        words, ranked = self.words, self.first_rows
        counts = ranked["tier"].value_counts()
        order = [Tier.FIRST, Tier.SECOND, Tier.THIRD]
        values = {tier.name.lower(): number(int(counts.get(tier, 0))) for tier in order}
        if self.is_official:
            return words("ranking.lab.summary_official", **values)
        places = {tier.value: place for place, tier in enumerate(order)}
        moved = ranked["official_tier"].map(places) - ranked["tier"].map(places)
        up, down = number(int((moved > 0).sum())), number(int((moved < 0).sum()))
        return words("ranking.lab.summary_changed", up=up, down=down, **values)


def subject_of(reader: Reader, view: View, words: Words) -> Weighed:
    """The ranking of a view with its weights."""
    return Weighed(Reading(reader, replace(view, compound=None), words), view.compound)


def is_weighed(reader: Reader, view: View, words: Words) -> bool:
    """Whether the address holds other weights than the scheme's own.

    Raises:
        UsageError: weights that cannot be read, or of another version.
    """
    if read_choice(view.weights).is_official:
        return False
    return not subject_of(reader, view, words).is_official


def ranges(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The surest compounds with their ranges under the chosen weights."""
    subject = subject_of(reader, view, words)
    ranked = subject.first_rows
    if ranked.empty:
        return subject.reading.empty(words("ranking.ranges.none"), words("ranking.ranges.why_none"))
    figure = rank_ranges(frame=ranked.head(MOST_ROWS), ink=ink, texts=range_texts(subject.reading), click="evidence")
    return replace(_described(subject), figure=figure)


def listing(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Every compound under the chosen weights: tier, probability, range, both means, official result, gates."""
    subject = subject_of(reader, view, words)
    rows = [_row(row, subject) for row in subject.table.to_dict("records")]
    if not rows:
        return subject.reading.empty(words("ranking.ranges.none"), words("ranking.ranges.why_none"))

    def column(field: str, **given: Any) -> dict[str, Any]:
        return {"field": field, "headerName": words(f"ranking.column.{field}"), **given}

    spec = GridSpec(
        columns=[
            column("name"), column("street"), column("tier"), column("top", number=True, decimals=0, suffix="%"),
            column("range"), column("score", number=True, decimals=2), column("other", number=True, decimals=2),
            column("official"), column("eligibility"), column("reasons"),
        ],
        rows=rows, row_id="id", click="evidence",
    )  # fmt: skip
    return replace(_described(subject), grid=spec)


def _described(subject: Weighed) -> Drawing:
    words = subject.words
    title = subject.title()
    notes = [words("ranking.ranges.note")] if subject.is_official else [words("ranking.lab.note")]
    return Drawing(
        title=title,
        subtitle=subject.reading.line(words("ranking.lab.result"), subject.scheme_line, subject.reading.when()),
        n=number(len(subject.first_rows)),
        as_of=subject.reading.when(),
        source=subject.source,
        note=words("text.middot").join(notes),
        alt=title,
    )


def _row(row: dict[Any, Any], subject: Weighed) -> dict[str, Any]:
    words = subject.words
    reasons = [words(f"ranking.gate.{reason.value}") for reason in row["reasons"]]
    if row["eligibility"] == Eligibility.ELIGIBLE and row["tier"] == Tier.UNRANKED:
        reasons = [words("ranking.gate.scoreless_at", share=f"{row['availability']:.0%}")]
    official = {"rank_low": row["official_low"], "rank_high": row["official_high"]}
    return {
        "id": row["group"], "name": row["label"], "street": row["place"], "tier": subject.tier(row["tier"]),
        "top": None if is_missing(row["probability_top"]) else row["probability_top"] * 100,
        "range": range_in_words(row, subject),
        "score": None if is_missing(row["score"]) else row["score"],
        "other": None if is_missing(row["other"]) else row["other"],
        "official": f"{subject.tier(row['official_tier'])} {range_in_words(official, subject)}".strip(),
        "eligibility": words(f"ranking.eligibility.{Eligibility(row['eligibility']).name.lower()}"),
        "reasons": words.listed(reasons),
    }  # fmt: skip


def weights_table(subject: Weighed) -> list[tuple[str, str, float, float]]:
    """A line a node of the scheme: title, key, official weight, chosen weight; each before its members."""
    official = official_weights(subject.scheme)
    return [(subject.node(key), key, official[key], subject.weights[key]) for key in official]


LABORATORY = Card(
    name="ranking.lab", page=Page.RANKING, indicators=(), draw=ranges, height=420, kind="figure"
)  # fmt: skip
"""The weight laboratory as something that can be taken out; on its page it is drawn in the browser."""
