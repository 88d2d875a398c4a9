"""Where companies sit and where they work: two layers of one map, and both counts by street."""

from __future__ import annotations

import pandas as pd

from dashboard.cards.companies.subject import MOST_ROWS, names_of, read_with, text_of
from dashboard.cards.mapping import as_marks, grounded, map_note
from dashboard.cards.reading import Reading, choices, chosen_key, level_name, parts_level, total
from dashboard.cards.types import Drawing
from dashboard.figures.bar_table import bar_table, column_of
from dashboard.figures.choropleth import PointState, choropleth
from dashboard.numbers import number
from dashboard.theme import Ink
from data.catalogue import INDICATORS
from data.portfolios import MODES, company_frame, managed_compounds
from data.schema.vocabulary import CreditGrade
from geo.layers import company_points, compound_points

# Offices and the compounds they manage; which of the two is shown stands in the address.
LAYERS = ("companies", "compounds")
GRADES = ((CreditGrade.AAA, CreditGrade.AA), (CreditGrade.A,), (CreditGrade.B, CreditGrade.C))


@read_with
def two_layers(reading: Reading, ink: Ink) -> Drawing:
    """Offices by grade, or compounds by mode of management, over how many each street has."""
    words, view = reading.words, reading.view
    key = chosen_key(view, LAYERS)
    ground_and_areas = grounded(reading, key, reading.period)
    if ground_and_areas is None:
        return reading.empty(words("companies.map.none"), words("companies.map.no_shapes"))
    ground, areas = ground_and_areas
    points, without = _offices(reading, ink) if key == LAYERS[0] else _compounds(reading, ink)
    marks, crowd = as_marks(points, ground.bounds, words)
    figure = choropleth(
        areas=areas, indicator=INDICATORS[key], ground=ground, ink=ink, words=words, points=marks,
        selected=view.area,
    )  # fmt: skip
    held = areas[areas["value"].fillna(0) > 0].sort_values("value", ascending=False)
    share = held["value"].head(3).sum() / held["value"].sum() if len(held) else 0.0
    title = words(
        f"companies.map.{key}", n=number(total(areas)), areas=number(len(held)), level=level_name(ground.level, words),
        top=words.listed([str(label) for label in held["label"].head(3)]), share=f"{share:.0%}",
    )  # fmt: skip
    if held.empty:
        title = words("companies.map.none")
    notes = [crowd, *([words("companies.map.without", n=number(without))] if without else [])]
    return Drawing(
        title=title,
        subtitle=reading.line(words(f"companies.map.layer_{key}"), level_name(ground.level, words), reading.when()),
        figure=figure,
        note=map_note(ground, words, *notes),
        choices=choices(view, LAYERS, key, words),
        alt=title,
        **reading.foot([key]),
    )


def _offices(reading: Reading, ink: Ink) -> tuple[list[PointState], int]:
    """Offices by credit grade, and how many have no coordinates."""
    words = reading.words
    frame = company_frame(reading.reader, reading.view.selection, reading.month)
    located = company_points(frame)
    texts = [
        words(
            "companies.map.office", name=row["label"], grade=_grade(row["grade"], reading), n=number(row["compounds"])
        )
        for row in located.to_dict("records")
    ]
    rows = pd.DataFrame(located.drop(columns="geometry")).assign(
        id=located["group"], text=texts, street=located["office"]
    )
    looks = (
        (GRADES[0], ink.good, "circle"),
        (GRADES[1], ink.ink, "square"),
        (GRADES[2], ink.alert, "triangle-up"),
    )
    states = [
        PointState("/".join(grades), colour, symbol, rows[rows["grade"].isin(grades)], "company")
        for grades, colour, symbol in looks
    ]
    states.append(
        PointState(words("companies.ungraded"), ink.muted, "circle-open", rows[rows["grade"].isna()], "company")
    )
    return states, len(frame) - len(located)


def _grade(grade: object, reading: Reading) -> str:
    return str(grade) if isinstance(grade, str) else reading.words("companies.ungraded")


def _compounds(reading: Reading, ink: Ink) -> tuple[list[PointState], int]:
    """Compounds by mode of management, and how many have no coordinates."""
    words = reading.words
    frame = managed_compounds(reading.reader, reading.view.selection, reading.month)
    located = compound_points(frame)
    texts = [
        words(
            "companies.map.compound", name=row["label"],
            company=row["company_name"] if isinstance(row["company_name"], str) else words("companies.no_company"),
        )
        for row in located.to_dict("records")
    ]  # fmt: skip
    rows = pd.DataFrame(located.drop(columns="geometry")).assign(id=located["group"], text=texts)
    looks = ((MODES[0], ink.ink, "circle"), (MODES[1], ink.warn, "square"), (MODES[2], ink.alert, "triangle-up"))
    states = [
        PointState(words(f"mode.{mode.name.lower()}"), colour, symbol, rows[rows["mode"] == mode.value])
        for mode, colour, symbol in looks
    ]
    known = rows["mode"].isin([mode.value for mode in MODES])
    states.append(PointState(words("figure.unreported"), ink.muted, "circle-open", rows[~known]))
    return states, len(frame) - len(located)


@read_with
def by_street(reading: Reading, ink: Ink) -> Drawing:
    """Offices and compounds by street or the level below the selection, most offices first."""
    words = reading.words
    level = "street" if "street" in reading.reader.levels else parts_level(reading.reader, reading.view)
    found = reading.figures(LAYERS, by=level)
    names = names_of(found["companies"])
    wide = pd.DataFrame({key: found[key].set_index("group")["value"].astype(float) for key in LAYERS})
    wide = wide[wide.index.isin(names)].fillna(0.0)
    wide = wide[wide.sum(axis=1) > 0].sort_values(list(LAYERS), ascending=False)
    if wide.empty:
        return reading.empty(words("companies.map.none"))
    shown = [str(group) for group in wide.index[: MOST_ROWS + 5]]
    columns = [
        column_of(found[key][found[key]["group"].isin(shown)], title=words(f"companies.street.{key}"),
                  text=text_of(key, words), indicator=key, by=level)
        for key in LAYERS
    ]  # fmt: skip
    none = int((wide["companies"] == 0).sum())
    title = words(
        "companies.street.title" if none else "companies.street.title_all", n=number(none), level=level_name(level, words),
        name=names[shown[0]], offices=number(wide["companies"].iloc[0]), compounds=number(wide["compounds"].iloc[0]),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.street.subtitle", n=len(shown), all=len(wide)), reading.when()),
        figure=bar_table(
            rows=[(group, names[group]) for group in shown], columns=columns, ink=ink, missing=words("figure.unreported"),
            click="area", colours={reading.view.area: ink.accent} if reading.view.area else None,
        ),
        alt=title,
        **reading.foot(LAYERS),
    )  # fmt: skip
