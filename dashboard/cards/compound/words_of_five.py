"""The five-word diagnosis 小差慢低缺 against street, city and peers, and who the peers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.cards.compound.subject import About, needs_compound, peer_rule, references
from dashboard.cards.satisfaction.rule import NARROW
from dashboard.cards.satisfaction.subject import NO_COMPOUNDS, empty, subtitle
from dashboard.cards.types import Drawing, GridSpec, Query
from dashboard.figures.bands import band_name
from dashboard.figures.dumbbell import Block, Row, dumbbell
from dashboard.figures.plotted import plotted
from dashboard.numbers import is_missing, month_name, number, quantity
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.diagnosis import Finding, Verdict, Word, company_of, diagnose
from data.query import Selection
from data.satisfaction import compound_estimates
from data.schema.vocabulary import UnitKind

if TYPE_CHECKING:
    from data.query import Reader

TONES = {Verdict.YES: "alert", Verdict.MAYBE: "warn", Verdict.NO: "good", Verdict.UNKNOWN: "hatch"}
MARKS = {Verdict.YES: "●", Verdict.MAYBE: "▲", Verdict.NO: "○", Verdict.UNKNOWN: "▨"}


def verdict_name(verdict: Verdict, words: Words) -> str:
    """Whether a word is true, in the language of the page."""
    return words(f"compound.verdict.{verdict.name.lower()}")


@needs_compound
def diagnosis(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Five rows, one a word, each with its verdict."""
    found = diagnose(reader, chosen.id, chosen.month)
    if all(one.verdict is Verdict.UNKNOWN for one in found):
        return empty(words("compound.diagnosis_unknown"), words("compound.diagnosis_unknown_why"))
    is_alone = company_of(reader, chosen.id, chosen.month) is None
    rows = [_row(reader, chosen, one, words, ink, is_alone=is_alone) for one in found]
    figure = dumbbell(
        blocks=[Block(rows=rows[1:]), Block(rows=rows[:1], suffix="", span=(0, 0))], own=chosen.name,
        references=references(reader, chosen, words), ink=ink, missing=words("value.unreported"), remark_width=6.5,
    )  # fmt: skip

    def named(verdict: Verdict) -> list[str]:
        return [
            words("compound.quoted", word=words(f"compound.word.{one.word.name.lower()}"))
            for one in found
            if one.verdict is verdict
        ]

    true, doubtful = named(Verdict.YES), named(Verdict.MAYBE)
    if true:
        title = words("compound.diagnosis_yes", words=words.listed(true))
    elif doubtful:
        title = words("compound.diagnosis_maybe", words=words.listed(doubtful))
    else:
        title = words("compound.diagnosis_no")
    unknown = named(Verdict.UNKNOWN)
    if unknown:
        title += words("compound.diagnosis_silent", words=words.listed(unknown))
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.diagnosis_sub"), month_name(chosen.month, words)), figure=figure,
        n=words("satisfaction.n_compounds", n=number(len(chosen.peers.ids) + 1)), as_of=month_name(chosen.month, words),
        source=words("compound.source_registers"), note=words("compound.diagnosis_note"), alt=title,
        queries=_queries(chosen, found),
    )  # fmt: skip


def _queries(chosen: About, found: list[Finding]) -> tuple[Query, ...]:
    selections = [chosen.selection, Selection()]
    if chosen.street:
        selections.append(Selection(area=chosen.street))
    return tuple(
        Query(key=one.key, selection=selection, period=one.period)
        for one in found
        if one.word is not Word.SMALL
        for selection in selections
    )


def _row(reader: Reader, chosen: About, one: Finding, words: Words, ink: Ink, *, is_alone: bool) -> Row:
    names = references(reader, chosen, words)
    values = [one.city, one.peers] if len(names) == 2 else [one.street, one.city, one.peers]
    indicator = indicator_of(one.key)
    name = one.word.name.lower()

    def text(value: float | None) -> str:
        return quantity(value, indicator.unit, words, decimals=indicator.decimals)

    verdict = verdict_name(one.verdict, words)
    if one.word is Word.SMALL and is_alone:
        verdict = words("compound.no_company")
    # 小 is a sum over the company's compounds and 缺 a state: neither is an indicator's figure of this compound.
    meta = {} if one.word is Word.SMALL else plotted(one.key, axis="x", groups=["total"], by=None)
    return Row(
        label=words(f"compound.word.{name}_long"), value=one.value, low=one.low, high=one.high,
        others=dict(zip(names, values, strict=True)), remark=f"{MARKS[one.verdict]} {verdict}",
        colour=getattr(ink, TONES[one.verdict]), hover=f"<b>{words(f'compound.word.{name}_long')}</b><br>{chosen.name} {text(one.value)}",
        other_hover={n: f"{n} {text(v)}" for n, v in zip(names, values, strict=True)},
        metas={"": meta, **dict.fromkeys(names[:-1], meta)},
    )  # fmt: skip


@needs_compound
def peers(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """The peers, with what makes them comparable and how they fare."""
    if not chosen.peers.ids:
        return empty(words("compound.peers_none"), words("compound.peers_none_why"), grid=NO_COMPOUNDS)
    everyone = reader.whole
    register = everyone.register("compound").set_index("compound_id")
    estimates = compound_estimates(everyone, chosen.month).set_index("compound_id")
    period = chosen.year(reader)
    keys = ("fee_collection_rate", "case_on_time_rate")
    found = everyone.indicators(keys, period=period, by="compound")
    figures = {key: found[key].set_index("group")["value"] for key in keys}
    areas = everyone.areas().set_index("code")["name"].to_dict()
    rows: list[dict[str, Any]] = []
    for unit in (chosen.id, *chosen.peers.ids):
        row = register.loc[unit].to_dict()
        known = estimates.loc[unit].to_dict() if unit in estimates.index else {}
        rows.append(
            {
                "id": unit, "name": words("compound.this_one", name=row["name"]) if unit == chosen.id else row["name"],
                "street": str(areas.get(row["street"], "")), "households": _number(row["households"]),
                "shrunk": None if is_missing(known.get("shrunk")) else float(known["shrunk"]) * 100,
                "band": band_name(str(known["band"]), words) if known else words("band.unknown"),
                **{key: _number(figures[key].get(unit)) for key in keys},
            }
        )  # fmt: skip
    better = sum(
        1
        for row in rows[1:]
        if row["shrunk"] is not None and rows[0]["shrunk"] is not None and row["shrunk"] > rows[0]["shrunk"]
    )
    told = sum(1 for row in rows[1:] if row["shrunk"] is not None)
    # They are counted in whole; an account of one street reads the rows of its own compounds alone.
    mine = reader.own(UnitKind.COMPOUND)
    rows = [row for row in rows if row["id"] in mine]
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": words("compound.col_name"), "minWidth": 156},
        {"field": "street", "headerName": words("compound.col_street"), "minWidth": 84},
        {"field": "households", "headerName": words("compound.col_households"), "number": True, "minWidth": 62},
        {
            "field": "shrunk",
            "headerName": words("compound.col_shrunk"),
            "number": True,
            "decimals": 1,
            "suffix": "%",
            "minWidth": 72,
        },
        {"field": "band", "headerName": words("compound.col_band"), "minWidth": 66},
        *(
            {
                "field": key,
                "headerName": words.of(indicator_of(key)),
                "number": True,
                "decimals": 1,
                "suffix": "%",
                "minWidth": 74,
            }
            for key in keys
        ),
    ]
    columns = [column | NARROW for column in columns]
    title = (
        words("compound.peers_title", better=better, told=told)
        if rows[0]["shrunk"] is not None
        else words("compound.peers_plain", count=len(rows) - 1)
    )
    return Drawing(
        title=title, subtitle=peer_rule(reader, chosen, words),
        grid=GridSpec(columns=columns, rows=rows, row_id="id", click="compound", meta={key: key for key in keys}),
        n=words("satisfaction.n_compounds", n=number(len(rows))), as_of=month_name(chosen.month, words),
        source=words("compound.source_registers"), alt=title, note=words("compound.peers_note"),
        queries=tuple(Query(key=key, selection=Selection(), period=period, by="compound") for key in keys),
    )  # fmt: skip


def _number(value: Any) -> float | None:
    return None if is_missing(value) else float(value)
