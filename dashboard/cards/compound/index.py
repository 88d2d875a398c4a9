"""The compound's index: rank range or the reason it has none, evidence by dimension and indicator, what moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.compound.subject import About, needs_compound
from dashboard.cards.satisfaction.rule import NARROW
from dashboard.cards.satisfaction.subject import empty, subtitle
from dashboard.cards.types import Drawing, GridSpec
from dashboard.figures.dumbbell import Block, Row, dumbbell
from dashboard.numbers import is_missing, month_name, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.errors import GovernanceError
from data.ranking import Ranking, rank_compounds
from data.statistics.bands import Tier
from data.statistics.contributions import contributions, moves_most, points_lost
from data.statistics.scheme import Node, global_weights

if TYPE_CHECKING:
    from data.query import Reader

TIERS = {Tier.FIRST: "first", Tier.SECOND: "second", Tier.THIRD: "third", Tier.UNRANKED: "unranked"}


def _ranking(reader: Reader, chosen: About) -> Ranking | str:
    """The ranking of the month, or why there is none: of the whole city, of which the cards show this compound's row."""
    try:
        ranking = rank_compounds(reader.whole, month=chosen.month)
    except GovernanceError as error:
        return str(error)
    return ranking if chosen.id in ranking.result.score.index else ""


def _title_of(node: Node, words: Words) -> str:
    """A node's title: of the scheme in Chinese, of the catalogue or the key in English."""
    if words.lang == "zh":
        return node.title or node.key
    if node.key in INDICATORS:
        return INDICATORS[node.key].en
    return words(f"compound.node.{node.key}") if words.has(f"compound.node.{node.key}") else node.key.replace("_", " ")


def reasons_of(ranking: Ranking, unit: str, words: Words) -> str:
    """Why a compound is held back, in words."""
    return words.listed([words(f"compound.gate.{reason.value}") for reason in ranking.gates.reasons[unit]])


def standing(ranking: Ranking, unit: str, words: Words) -> str:
    """One sentence: the score and rank range, or why it is not ranked."""
    score = ranking.result.score[unit]
    firm: Any = ranking.firmness.table.loc[unit].to_dict()
    reasons = reasons_of(ranking, unit, words)
    if is_missing(score):
        availability = float(ranking.result.availability[unit])
        text = words("compound.index_unscored", share=f"{availability:.0%}")
        return text + (words("compound.index_also", reasons=reasons) if reasons else "")
    if is_missing(firm["rank"]):
        return words("compound.index_gated", score=number(score, 1), reasons=reasons)
    return words(
        "compound.index_ranked", score=number(score, 1), low=round(firm["rank_low"]), high=round(firm["rank_high"]),
        total=ranking.ranked_in_city, tier=words(f"compound.tier.{TIERS[Tier(firm['tier'])]}"),
        p=f"{firm['probability_top']:.0%}",
    )  # fmt: skip


def _none(why: str, words: Words) -> Drawing:
    return empty(words("compound.index_none"), why or words("compound.index_none_why"))


@needs_compound
def dimensions(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Scores of the dimensions beside the medians of street, city and peers."""
    ranking = _ranking(reader, chosen)
    if isinstance(ranking, str):
        return _none(ranking, words)
    nodes = ranking.result.nodes
    scheme = ranking.scheme
    street = reader.whole.register("compound").set_index("compound_id")["street"]
    near = [unit for unit in nodes.index if street.get(unit) == chosen.row["street"]]
    peers = [unit for unit in chosen.peers.ids if unit in nodes.index]
    groups = {
        words("compound.median_street"): nodes.loc[near],
        words("compound.median_city"): nodes,
        words("compound.median_peers"): nodes.loc[peers],
    }
    rows = []
    for node in [scheme.root, *scheme.members(scheme.root.key)]:
        own: Any = nodes.at[chosen.id, node.key]
        others = {name: _median(frame[node.key]) for name, frame in groups.items()}
        title = _title_of(node, words)
        rows.append(
            Row(
                label=title, value=None if is_missing(own) else float(own), others=others,
                remark="" if is_missing(own) else number(float(own), 1),
                hover=f"<b>{title}</b><br>{chosen.name} {'' if is_missing(own) else number(float(own), 1)}",
                other_hover={name: f"{name} {number(value, 1)}" for name, value in others.items() if value is not None},
            )
        )  # fmt: skip
    title = standing(ranking, chosen.id, words)
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.index_sub", title=_scheme_title(ranking, words), version=scheme.version), month_name(chosen.month, words)),
        figure=dumbbell(blocks=[Block(rows=rows, suffix="", span=(0, 100))], own=chosen.name, references=list(groups), ink=ink,
                        missing=words("compound.unscored"), remark_width=3.5),
        n=words("satisfaction.n_compounds", n=number(int(nodes[scheme.root.key].notna().sum()))), as_of=month_name(chosen.month, words),
        source=words("compound.source_scheme"), note=words("compound.index_note"), alt=title,
    )  # fmt: skip


def _scheme_title(ranking: Ranking, words: Words) -> str:
    return ranking.scheme.title if words.lang == "zh" else ranking.scheme.name


def _median(values: pd.Series[float]) -> float | None:
    known = values.dropna()
    return float(known.median()) if len(known) else None


@needs_compound
def evidence(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Every indicator of the index: value, points, what is lost, and whether it was filled in."""
    ranking = _ranking(reader, chosen)
    if isinstance(ranking, str):
        return _none(ranking, words)
    result, unit = ranking.result, chosen.id
    weights = global_weights(ranking.scheme)
    won: Any = contributions(result).loc[unit]
    lost: Any = points_lost(result).loc[unit]
    parents = {node.key: node for node in ranking.scheme.nodes}
    rows = []
    for node in ranking.scheme.indicators:
        value: Any = result.values.at[unit, node.key]
        score: Any = result.normalised.at[unit, node.key]
        city = result.values[node.key].median()
        is_share = _is_share(result.values[node.key])
        flags = [
            words("compound.flag_imputed") if result.is_imputed.at[unit, node.key] else "",
            words("compound.flag_winsorised") if result.is_winsorised.at[unit, node.key] else "",
        ]
        rows.append(
            {
                "id": node.key, "name": _title_of(node, words), "dimension": _title_of(parents[str(node.parent)], words),
                "value": _shown(value, is_share, words), "city": _shown(city, is_share, words),
                "weight": float(weights[node.key]) * 100, "points": None if is_missing(score) else float(won[node.key]),
                "lost": None if is_missing(score) else float(lost[node.key]), "flag": words.listed([f for f in flags if f]),
            }
        )  # fmt: skip
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": words("compound.col_indicator"), "minWidth": 168},
        {"field": "dimension", "headerName": words("compound.col_dimension"), "minWidth": 98},
        {"field": "value", "headerName": words("compound.col_value"), "type": "rightAligned", "minWidth": 74},
        {"field": "city", "headerName": words("compound.col_city"), "type": "rightAligned", "minWidth": 84},
        *(
            {"field": f, "headerName": words(f"compound.col_{f}"), "number": True, "decimals": 1, "minWidth": 62}
            for f in ("weight", "points", "lost")
        ),
    ]
    if any(row["flag"] for row in rows):
        columns.append({"field": "flag", "headerName": words("compound.col_flag"), "minWidth": 70})
    columns = [column | NARROW for column in columns]
    return Drawing(
        title=_moves(ranking, unit, words), subtitle=words("compound.evidence_sub"),
        grid=GridSpec(columns=columns, rows=rows, row_id="id"), n=words("compound.n_indicators", n=len(rows)),
        as_of=month_name(chosen.month, words), source=words("compound.source_scheme"),
        alt=words("compound.evidence_sub"), note=words("compound.evidence_note"),
    )  # fmt: skip


def _moves(ranking: Ranking, unit: str, words: Words) -> str:
    """Which indicator moves a ranked compound most; of one that is not ranked, where it loses most points."""
    nodes = {node.key: node for node in ranking.scheme.indicators}
    if is_missing(ranking.firmness.table.at[unit, "rank"]):
        lost: Any = points_lost(ranking.result).loc[unit].dropna()
        if lost.empty or float(lost.max()) <= 0:
            return words("compound.moves_none")
        key = str(lost.idxmax())
        return words("compound.loses_most", name=_title_of(nodes[key], words), points=number(float(lost[key]), 1))
    found: Any = moves_most(ranking.result).loc[unit].to_dict()
    if is_missing_key(found["indicator"]) or is_missing(found["change"]) or not found["change"]:
        return words("compound.moves_none")
    text = "compound.moves_up" if found["change"] > 0 else "compound.moves_down"
    return words(text, name=_title_of(nodes[found["indicator"]], words), places=int(abs(found["change"])))


def is_missing_key(value: Any) -> bool:
    """Whether no indicator is named."""
    return not isinstance(value, str)


def _is_share(values: pd.Series[float]) -> bool:
    known = values.dropna()
    return bool(len(known)) and float(known.max()) <= 1 and float(known.min()) >= 0


def _shown(value: Any, is_share: bool, words: Words) -> str:
    if is_missing(value):
        return words("value.unreported")
    return f"{number(float(value) * 100, 1)}%" if is_share else number(float(value), 1)
