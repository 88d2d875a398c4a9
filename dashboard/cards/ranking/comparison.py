"""What would change: under the other scheme, with other weights, without one indicator; process and outcome apart."""

from __future__ import annotations

import pandas as pd

from dashboard.cards.ranking.subject import Subject, ranked_with, scheme_title
from dashboard.cards.ranking.tiers import range_in_words
from dashboard.cards.types import Drawing
from dashboard.figures.bar_table import BarColumn, bar_table
from dashboard.figures.scatter import Axis, Series, scatter
from dashboard.figures.slopes import slopes
from dashboard.numbers import number
from dashboard.theme import Ink
from data.evidence import nominal_points, standings
from data.ranking import rank_compounds, scheme_names
from data.statistics.bands import Tier

MOST_SLOPES, MOST_NODES = 17, 14


@ranked_with
def schemes(subject: Subject, ink: Ink) -> Drawing:
    """The surest compounds of both schemes, from their place in one to their place in the other."""
    words = subject.words
    other = next((name for name in scheme_names() if name != subject.choice.scheme), None)
    if other is None or subject.ranked.empty:
        return subject.reading.empty(words("ranking.schemes.none"))
    second = rank_compounds(subject.reader, scheme=other, month=subject.month)
    theirs = standings(second)
    theirs = theirs[theirs["group"].isin(subject.inside) & (theirs["tier"] != Tier.UNRANKED)]
    if theirs.empty:
        return subject.reading.empty(words("ranking.schemes.none"))
    leading = [Tier.FIRST, Tier.SECOND]
    mine_top = subject.ranked[subject.ranked["tier"].isin(leading)].head(MOST_SLOPES // 2 + 1)
    theirs_top = theirs[theirs["tier"].isin(leading)].head(MOST_SLOPES // 2 + 1)
    wanted = list(dict.fromkeys([*mine_top["group"], *theirs_top["group"]]))[:MOST_SLOPES]
    if not wanted:
        wanted = subject.ranked["group"].head(MOST_SLOPES).tolist()
    one, two = subject.ranked.set_index("group"), theirs.set_index("group")
    rows = pd.DataFrame({"group": wanted, "label": [subject.ranking.result.labels[unit] for unit in wanted]})
    rows["left"] = rows["group"].map(one["median_rank"]).astype(float)
    rows["right"] = rows["group"].map(two["median_rank"]).astype(float)
    rows["left_text"] = [_range(one, unit, subject) for unit in wanted]
    rows["right_text"] = [_range(two, unit, subject) for unit in wanted]
    # Beyond doubt: the two ranges do not meet, or one of the schemes does not rank it.
    rows["is_better"] = [_is_beyond(one, two, unit) for unit in wanted]
    rows["is_worse"] = [_is_beyond(two, one, unit) for unit in wanted]
    names = scheme_title(subject.scheme, words), scheme_title(second.scheme, words)
    rows["hover"] = [
        words("ranking.schemes.hover", name=label, first=names[0], second=names[1], one=left, two=right)
        for label, left, right in zip(rows["label"], rows["left_text"], rows["right_text"], strict=True)
    ]
    kept = len(set(mine_top["group"]) & set(theirs_top["group"]))
    title = words("ranking.schemes.title", n=number(len(mine_top)), kept=number(kept), second=names[1])
    return Drawing(
        title=title,
        subtitle=words("ranking.schemes.subtitle"),
        figure=slopes(frame=rows, left=names[0], right=names[1], ink=ink, click="evidence"),
        as_of=subject.reading.when(),
        source=words("ranking.source", title=words.listed(list(names))),
        note=words("ranking.schemes.note"),
        alt=title,
    )


def _range(table: pd.DataFrame, unit: str, subject: Subject) -> str:
    if unit not in table.index:
        return subject.tier(Tier.UNRANKED)
    return range_in_words({str(k): v for k, v in table.loc[unit].items()}, subject)


def _is_beyond(one: pd.DataFrame, two: pd.DataFrame, unit: str) -> bool:
    """Whether the unit surely stands higher in `two` than in `one`."""
    if unit not in two.index:
        return False
    return unit not in one.index or float(two["rank_high"][unit]) < float(one["rank_low"][unit])


@ranked_with
def roles(subject: Subject, ink: Ink) -> Drawing:
    """What was done against what came of it, one mark a ranked compound."""
    words, ranked = subject.words, subject.ranked
    if ranked.empty:
        return subject.reading.empty(words("ranking.ranges.none"), words("ranking.ranges.why_none"))
    frame = ranked[["group", "label", "tier", "place"]].copy()
    frame["x"] = frame["group"].map(subject.anatomy.process).astype(float)
    frame["y"] = frame["group"].map(subject.anatomy.outcome).astype(float)
    frame["size"], frame["state"] = 1.0, frame["tier"]
    frame["hover"] = [
        words("ranking.roles.hover", name=row["label"], place=row["place"], tier=subject.tier(row["tier"]),
              process=number(row["x"], 1), outcome=number(row["y"], 1))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    series = [
        Series(state=Tier.FIRST, name=subject.tier(Tier.FIRST), colour=ink.good, symbol="diamond"),
        Series(state=Tier.SECOND, name=subject.tier(Tier.SECOND), colour=ink.series[0], symbol="square"),
        Series(state=Tier.THIRD, name=subject.tier(Tier.THIRD), colour=ink.edge, symbol="circle", is_open=True),
    ]
    known = frame.dropna(subset=["x", "y"])
    gap = known[(known["x"] > known["x"].median()) & (known["y"] < known["y"].median())]
    title = words("ranking.roles.title", n=number(len(gap)), all=number(len(known)))
    named = frozenset(ranked.loc[ranked["tier"] == Tier.FIRST, "group"].head(5))
    figure = scatter(
        frame=frame,
        x=Axis(title=words("ranking.roles.x"), line=float(known["x"].median()), line_name=words("ranking.roles.median")),
        y=Axis(title=words("ranking.roles.y"), line=float(known["y"].median()), line_name=words("ranking.roles.median")),
        series=[each for each in series if (known["state"] == each.state).any()],
        ink=ink, by=None, click="evidence", named=named, chosen=subject.chosen, largest_px=11,
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=subject.reading.line(words("ranking.roles.subtitle"), subject.scheme_line),
        figure=figure,
        n=number(len(known)),
        as_of=subject.reading.when(),
        source=subject.source,
        alt=title,
    )


@ranked_with
def sensitivity(subject: Subject, ink: Ink) -> Drawing:
    """How far ranks move when one indicator is left out, beside the points it counts for."""
    words = subject.words
    changes = subject.anatomy.rank_changes
    if changes.empty:
        return subject.reading.empty(words("ranking.ranges.none"), words("ranking.ranges.why_none"))
    points = nominal_points(subject.scheme)
    shown = [str(key) for key in changes.index[:MOST_NODES]]
    columns = [
        BarColumn(title=words("ranking.sensitivity.places"), values={key: float(changes[key]) for key in shown},
                  text=lambda v: number(v, 1)),
        BarColumn(title=words("ranking.sensitivity.points"), values={key: points[key] for key in shown},
                  text=lambda v: number(v, 1)),
    ]  # fmt: skip
    shares = subject.ranking.firmness.overall_shares.dropna()
    said = words.listed([
        words("ranking.sensitivity.share", source=words(f"ranking.uncertainty.{name}"), share=f"{share:.0%}")
        for name, share in shares.sort_values(ascending=False).items()
    ])  # fmt: skip
    title = words(
        "ranking.sensitivity.title", name=subject.node(shown[0]), places=number(float(changes.iloc[0]), 1),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=words("ranking.sensitivity.subtitle"),
        figure=bar_table(rows=[(key, subject.node(key)) for key in shown], columns=columns, ink=ink,
                         missing=words("figure.unreported"), name_columns=30),
        as_of=subject.reading.when(),
        source=subject.source,
        note=words("ranking.sensitivity.note", shares=said) if said else None,
        alt=title,
    )  # fmt: skip


@ranked_with
def movers(subject: Subject, ink: Ink) -> Drawing:
    """For how many compounds each indicator is the one that moves them most, up or down."""
    words = subject.words
    moved = subject.anatomy.moved
    moved = moved[moved.index.isin(subject.inside) & moved["indicator"].notna()]
    if moved.empty:
        return subject.reading.empty(words("ranking.ranges.none"), words("ranking.ranges.why_none"))
    lifted, held = moved[moved["change"] > 0], moved[moved["change"] < 0]
    counts = moved["indicator"].value_counts()
    shown = [str(key) for key in counts.index[:MOST_NODES]]
    most = float(counts.max())
    columns = [
        BarColumn(title=words("ranking.movers.up"), top=most, text=number,
                  values={key: float((lifted["indicator"] == key).sum()) for key in shown}),
        BarColumn(title=words("ranking.movers.down"), top=most, text=number,
                  values={key: float((held["indicator"] == key).sum()) for key in shown}),
    ]  # fmt: skip
    title = words(
        "ranking.movers.title", name=subject.node(shown[0]), n=number(int(counts.iloc[0])), all=number(len(moved))
    )
    return Drawing(
        title=title,
        subtitle=words("ranking.movers.subtitle"),
        figure=bar_table(rows=[(key, subject.node(key)) for key in shown], columns=columns, ink=ink,
                         missing=words("figure.unreported"), name_columns=30),
        n=number(len(moved)),
        as_of=subject.reading.when(),
        source=subject.source,
        note=words("ranking.movers.note"),
        alt=title,
    )  # fmt: skip
