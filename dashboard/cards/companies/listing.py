"""The companies as a table, and the compounds of the one chosen."""

from __future__ import annotations

from typing import Any

from dashboard.cards.companies.subject import read_with
from dashboard.cards.reading import Reading
from dashboard.cards.types import Drawing, GridSpec
from dashboard.numbers import is_missing, money_column, number
from dashboard.theme import Ink
from data.portfolios import STATES, company_frame, fee_period, managed_compounds, survey_period
from data.satisfaction import compound_estimates
from data.schema.vocabulary import ManagementMode
from data.statistics.bands import SatisfactionBand


def plain(value: Any) -> Any:
    """A cell for the browser: missing as None."""
    return None if not isinstance(value, str) and is_missing(value) else value


def _state(value: Any, reading: Reading) -> str:
    return reading.words("state.unreported" if is_missing(value) else "state.present" if value == 1 else "state.absent")


def _street(place: str | None) -> str | None:
    """Of county › street › community the street: it names the place and fits a column."""
    steps = (place or "").split(" › ")
    return steps[1] if len(steps) > 1 else place


@read_with
def companies(reading: Reading, ink: Ink) -> Drawing:
    """One row a company; choosing one filters the page."""
    words, view = reading.words, reading.view
    frame = company_frame(reading.reader, view.selection, reading.month)
    if frame.empty:
        return reading.empty(words("companies.none"))
    reading.figures(
        ["compounds", "households", "arrears_open_yuan", "credit_score_mean", "credit_party_share"], by="company"
    )
    reading.figures(["fee_collection_rate"], by="company", period=fee_period(reading.reader, reading.month))
    reading.figures(["satisfaction"], by="company", period=survey_period(reading.reader, reading.month))
    frame = frame.sort_values(["compounds", "households", "group"], ascending=[False, False, True])
    worth, unit = money_column(words)
    rows = [
        {
            "id": row["group"], "name": row["label"], "place": _street(plain(row["place"])), "whole_place": plain(row["place"]),
            "grade": plain(row["grade"]) or words("companies.ungraded"),
            **{name: plain(row[name]) for name in ("compounds", "households", "collection", "satisfaction", "valid", "credit", "party_share")},
            "arrears_open": None if is_missing(row["arrears_open"]) else row["arrears_open"] / worth,
            **{key: _state(row[key], reading) for key in STATES[:3]},
        }
        for row in frame.to_dict("records")
    ]  # fmt: skip

    def numeric(field: str, decimals: int = 0, suffix: str = "", width: int = 105) -> dict[str, Any]:
        return {"field": field, "headerName": words(f"companies.column.{field}"), "number": True, "decimals": decimals,
                "suffix": suffix, "width": width, "minWidth": 92}  # fmt: skip

    def text(field: str, width: int = 100) -> dict[str, Any]:
        return {"field": field, "headerName": words(f"companies.column.{field}"), "width": width, "minWidth": 84}

    spec = GridSpec(
        columns=[
            text("name", 190) | {"minWidth": 170},
            text("place", 150) | {"minWidth": 130, "tooltipField": "whole_place"},
            numeric("compounds"), numeric("households"), numeric("collection", 1, "%"), numeric("satisfaction", 1, "%"),
            numeric("valid"), numeric("arrears_open", 1 if worth < 1e6 else 2), text("grade", 80), numeric("credit", 1), numeric("party_share", 1, "%"),
            *(text(key, 92) for key in STATES[:3]),
        ],
        rows=rows,
        row_id="id",
        click="company",
    )  # fmt: skip
    without = int((frame["compounds"] == 0).sum())
    title = words(
        "companies.list.title" if without else "companies.list.title_all", n=number(len(rows)), none=number(without)
    )
    return Drawing(
        title=title,
        subtitle=reading.line(reading.place, reading.when()),
        hint=words("companies.list.hint"),
        grid=spec,
        note=words("companies.list.note", unit=unit),
        alt=title,
        **reading.foot(["companies"]) | {"n": number(len(rows))},
    )


@read_with
def compounds(reading: Reading, ink: Ink) -> Drawing:
    """The compounds of the chosen company, or of the whole selection; each opens its profile."""
    words, view = reading.words, reading.view
    frame = managed_compounds(reading.reader, view.selection, reading.month)
    if frame.empty:
        return reading.empty(words("companies.compounds.none"))
    estimates = compound_estimates(reading.reader, reading.month).set_index("compound_id")
    year = fee_period(reading.reader, reading.month)
    fees = reading.figures(["fee_collection_rate"], by="compound", period=year)["fee_collection_rate"].set_index(
        "group"
    )
    homes = reading.figures(["households"], by="compound")["households"].set_index("group")
    estimates_here = estimates.reindex(frame["group"])
    frame["households"] = frame["group"].map(homes["value"]).astype(float)
    frame["collection"] = frame["group"].map(fees["value"]).astype(float)
    frame["shrunk"] = estimates_here["shrunk"].to_numpy(dtype=float) * 100
    frame["valid"] = estimates_here["valid"].to_numpy(dtype=float)
    frame["band"] = estimates_here["band"].to_numpy(dtype=object)
    rows = [_compound_row(row, reading) for row in frame.sort_values("shrunk", na_position="last").to_dict("records")]

    def column(field: str, width: int, **given: Any) -> dict[str, Any]:
        return {
            "field": field,
            "headerName": words(f"companies.column.{field}"),
            "width": width,
            "minWidth": 84,
            **given,
        }

    spec = GridSpec(
        columns=[
            column("name", 150, minWidth=130),
            column("street", 110),
            column("company", 160, minWidth=130),
            column("mode", 90),
            column("households", 92, number=True),
            column("collection", 100, number=True, decimals=1, suffix="%"),
            column("shrunk", 110, number=True, decimals=1, suffix="%"),
            column("valid", 84, number=True),
            column("band", 84),
        ],
        rows=rows,
        row_id="id",
        meta={"households": "households", "collection": "fee_collection_rate"},
        click="compound",
    )
    red = int((frame["band"] == SatisfactionBand.RED).sum())
    name = reading.reader.label(view.company) if view.company else reading.place
    title = words("companies.compounds.title", name=name, n=number(len(rows)), red=number(red))
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.compounds.subtitle"), reading.when()),
        hint=words("companies.compounds.hint"),
        grid=spec,
        alt=title,
        **reading.foot(["households", "fee_collection_rate"]) | {"n": number(len(rows))},
    )


def _compound_row(row: dict[Any, Any], reading: Reading) -> dict[str, Any]:
    words = reading.words
    unreported = words("state.unreported")
    mode, band = plain(row["mode"]), plain(row["band"])
    return {
        "id": row["group"],
        "name": row["label"],
        "street": reading.reader.label(row["street"]) if isinstance(row["street"], str) else unreported,
        "company": row["company_name"] if isinstance(row["company_name"], str) else words("companies.no_company"),
        "mode": words(f"mode.{ManagementMode(mode).name.lower()}") if mode else unreported,
        "band": words(f"band.{SatisfactionBand(band).name.lower()}") if band else unreported,
        **{name: plain(row[name]) for name in ("households", "collection", "shrunk", "valid")},
    }
