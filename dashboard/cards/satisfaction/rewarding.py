"""Rewards: how many, and how firm each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.cards.satisfaction.subject import (
    between,
    chance,
    empty,
    needs_months,
    percent,
    place_of,
    subtitle,
    year_of,
)
from dashboard.cards.types import Drawing, Query
from dashboard.figures.columns import stacked_columns
from dashboard.figures.intervals import IntervalRow, Line, interval_rows
from dashboard.figures.plotted import clickable
from dashboard.numbers import is_missing, month_name, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.interviews import (
    Firmness,
    rewards,
)
from data.query import Period
from data.satisfaction import compound_estimates

if TYPE_CHECKING:
    from data.query import Reader

SHOWN_REWARDS = 12


def firmness_name(firmness: Firmness, words: Words) -> str:
    """How firm a reward is, in the language of the page."""
    return words(f"reward.{Firmness(firmness).name.lower()}")


@needs_months
def rewarded(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Rewards of the month and what each has to stand on."""
    month = view.month_of(reader)
    found = rewards(reader, month, view.selection)
    if found.empty:
        return empty(words("satisfaction.rewards_none"), words("satisfaction.rewards_none_why"))
    estimates = compound_estimates(reader, month)
    city = (
        float(estimates["satisfied"].sum() / estimates["valid"].sum()) * 100 if estimates["valid"].sum() > 0 else None
    )
    colours = {
        Firmness.FIRM: ink.good,
        Firmness.OPEN: ink.warn,
        Firmness.DOUBTFUL: ink.alert,
        Firmness.UNKNOWN: ink.hatch,
    }
    signs = {Firmness.FIRM: "circle", Firmness.OPEN: "triangle-up", Firmness.DOUBTFUL: "diamond"}
    # Those with least to stand on first: they are the ones to look at.
    shown = found.sort_values("p_above", ascending=True, na_position="last").head(SHOWN_REWARDS)
    rows = []
    for row in shown.to_dict("records"):
        known = not is_missing(row["p_above"])
        firmness = Firmness(row["firmness"])
        rows.append(
            IntervalRow(
                label=str(row["label"]), mid=float(row["shrunk"]) * 100 if known else None,
                low=float(row["low"]) * 100 if known else None, high=float(row["high"]) * 100 if known else None,
                colour=colours[firmness], sign=signs.get(firmness, "circle"),
                remark=firmness_name(firmness, words), group=str(row["compound_id"]),
                meta=clickable([str(row["compound_id"])], "profile"),
                hover=words("reward.hover", name=row["label"], score=number(row["score"], 1), times=int(row["times"]),
                            p=chance(row["p_above"]) if known else "", n=number(row["valid"]) if known else "0",
                            range=between(row["low"] * 100, row["high"] * 100, decimals=1) if known else ""),
            )
        )  # fmt: skip
    counted = found["firmness"].value_counts()
    title = words("satisfaction.rewards_title", total=len(found), firm=int(counted.get(Firmness.FIRM, 0)),
                  doubtful=int(counted.get(Firmness.DOUBTFUL, 0)))  # fmt: skip
    line = (
        None
        if city is None
        else Line(at=city, label=words("reward.line", value=percent(city, words)), colour=ink.muted)
    )
    note = words("satisfaction.note_rewards")
    if len(found) > SHOWN_REWARDS:
        note += words("satisfaction.note_cut_more", shown=SHOWN_REWARDS, total=len(found))
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.rewards_sub"), place_of(reader, view, words), month_name(month, words)),
        figure=interval_rows(rows=rows, ink=ink, line=line, missing=words("value.unreported"), remark_width=6, name_width=18),
        n=words("satisfaction.n_compounds", n=number(len(found))), as_of=month_name(month, words),
        source=indicator_of("rewards").source, alt=title, note=note,
        queries=(Query(key="rewards", selection=view.selection, period=Period.of(month), by="compound"),),
    )  # fmt: skip


@needs_months
def reward_counts(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Compounds rewarded, month by month."""
    period = year_of(reader, view)
    frame = reader.indicator("rewards", view.selection, by="month", period=period)
    total = float(frame["value"].fillna(0).sum())
    if not total:
        return empty(words("satisfaction.rewards_none"), words("satisfaction.rewards_year_none_why"))
    title = words("satisfaction.reward_counts_title", total=number(total), mean=number(total / len(frame), 1))
    return Drawing(
        title=title,
        subtitle=subtitle(words, words.of(indicator_of("rewards")), place_of(reader, view, words),
                          words("satisfaction.months", start=month_name(period.start, words), end=month_name(period.end, words))),
        figure=stacked_columns(parts=[(indicator_of("rewards"), frame)], ink=ink, words=words), n=number(total),
        as_of=month_name(period.end, words), source=indicator_of("rewards").source, alt=title,
        queries=(Query(key="rewards", selection=view.selection, period=period, by="month"),),
    )  # fmt: skip
