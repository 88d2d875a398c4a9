"""Property companies by what they manage: size, fees, credit, party organisation; and the modes of management."""

from __future__ import annotations

import pandas as pd

from data.query import Period, Reader, Selection
from data.satisfaction import WAVE_STANDS_MONTHS, months_back
from data.schema.vocabulary import ManagementMode, UnitKind

# Fees of a single month say little of a company with one compound.
FEE_MONTHS = 12
STATES = ("company_branch_coverage", "company_instructor_rate", "company_mass_org_rate", "company_work_coverage")
DUTIES = ("charter_rate", "decision_rate", "review_rate")
_STOCKS = ("compounds", "households", "arrears_open_yuan", "credit_score_mean", "credit_party_share", *STATES, *DUTIES)


def fee_period(reader: Reader, month: str) -> Period:
    """The twelve months up to `month`, as far as the store goes back."""
    return Period(max(reader.months[0], months_back(month, FEE_MONTHS - 1)), month)


def survey_period(reader: Reader, month: str) -> Period:
    """The months whose answers still stand in `month`."""
    return Period(max(reader.months[0], months_back(month, WAVE_STANDS_MONTHS - 1)), month)


def company_frame(reader: Reader, selection: Selection, month: str) -> pd.DataFrame:
    """One row a company with an office or a compound in the selection.

    Returns:
        group, label, grade, place, office (street code), lon, lat; compounds, households (of the selection's compounds it manages;
        0 where none); collection, satisfaction (per cent; NaN where nothing is known), valid (answers), arrears_open
        (yuan), credit, party_share; for each of `STATES` and `DUTIES` 1, 0 or NaN (未上报).
    """
    found: pd.DataFrame = reader.remember(
        ("company_frame", selection, month), lambda: _company_frame(reader, selection, month)
    )
    return found.copy()


def _company_frame(reader: Reader, selection: Selection, month: str) -> pd.DataFrame:
    stocks = reader.indicators(_STOCKS, selection, period=Period.of(month), by="company")
    fees = reader.indicator("fee_collection_rate", selection, period=fee_period(reader, month), by="company")
    answers = reader.indicator("satisfaction", selection, period=survey_period(reader, month), by="company")
    # Figures may end with a row for what belongs to no company; the companies are the units themselves.
    frame = reader.units(UnitKind.COMPANY, selection, period_end=month)[["group", "label"]].reset_index(drop=True)
    ids = frame["group"]

    def by_company(figures: pd.DataFrame, column: str = "value") -> pd.Series[float]:
        return ids.map(figures.set_index("group")[column].astype(float))

    register = reader.register("company").set_index("company_id")
    for name, column in (
        ("grade", "credit_grade"),
        ("place", "place"),
        ("office", "street"),
        ("lon", "lon"),
        ("lat", "lat"),
    ):
        frame[name] = ids.map(register[column]).astype(object)
    for name in ("compounds", "households"):
        frame[name] = by_company(stocks[name]).fillna(0.0)
    frame["collection"] = by_company(fees)
    frame["satisfaction"] = by_company(answers)
    frame["valid"] = by_company(answers, "denominator")
    frame["arrears_open"] = by_company(stocks["arrears_open_yuan"])
    frame["credit"] = by_company(stocks["credit_score_mean"])
    frame["party_share"] = by_company(stocks["credit_party_share"])
    for key in (*STATES, *DUTIES):
        frame[key] = by_company(stocks[key], "numerator")
    return frame


def managed_compounds(reader: Reader, selection: Selection, month: str) -> pd.DataFrame:
    """One row a managed compound of the selection: group, label, street, lon, lat, mode (None: 未上报), company (id or None),
    company_name, as they stand at the end of `month`.
    """
    found: pd.DataFrame = reader.remember(
        ("managed_compounds", selection, month), lambda: _managed_compounds(reader, selection, month)
    )
    return found.copy()


def _managed_compounds(reader: Reader, selection: Selection, month: str) -> pd.DataFrame:
    end = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
    counted = reader.indicator("compounds", selection, period=Period.of(month), by="compound")
    frame = counted.loc[(counted["value"].fillna(0) > 0) & (counted["group"] != ""), ["group", "label"]].reset_index(
        drop=True
    )
    register = reader.register("compound").set_index("compound_id")
    for name in ("street", "lon", "lat"):
        frame[name] = frame["group"].map(register[name])
    relations = reader.register("management")
    start, stop = pd.to_datetime(relations["valid_from"]), pd.to_datetime(relations["valid_to"])
    standing = relations[(start.isna() | (start <= end)) & (stop.isna() | (stop >= end))]
    standing = standing.sort_values("valid_from", na_position="first").drop_duplicates("compound_id", keep="last")
    standing = standing.set_index("compound_id")
    frame["mode"] = frame["group"].map(standing["mode"]).astype(object)
    frame["company"] = frame["group"].map(standing["company_id"]).astype(object)
    names = reader.register("company").set_index("company_id")["name"]
    frame["company_name"] = frame["company"].map(names).astype(object)
    return frame


MODES = (ManagementMode.PROFESSIONAL, ManagementMode.SELF, ManagementMode.FALLBACK)
MODE_SHARES = {
    ManagementMode.PROFESSIONAL: "professional_share",
    ManagementMode.SELF: "self_managed_share",
    ManagementMode.FALLBACK: "fallback_managed_share",
}


def compare_modes(reader: Reader, selection: Selection, month: str) -> dict[str, pd.DataFrame]:
    """Satisfaction, fee standard and collection rate by mode of management: sums over its compounds, divided last.

    Returns:
        `satisfaction`, `fee_standard`, `fee_collection_rate` → frame group (mode), value, numerator, denominator.
    """
    periods = {
        "satisfaction": survey_period(reader, month),
        "fee_standard": Period.of(month),
        "fee_collection_rate": fee_period(reader, month),
    }
    modes = managed_compounds(reader, selection, month).set_index("group")["mode"]
    found = {}
    for key, period in periods.items():
        cells = reader.indicator(key, selection, period=period, by="compound")
        cells = cells.assign(mode=cells["group"].map(modes))
        known = cells.dropna(subset=["mode", "numerator", "denominator"])
        sums = known.groupby("mode")[["numerator", "denominator"]].sum().reindex([m.value for m in MODES])
        scale = 1.0 if key == "fee_standard" else 100.0
        value = sums["numerator"] / sums["denominator"].where(sums["denominator"] > 0) * scale
        found[key] = sums.assign(value=value).rename_axis("group").reset_index()
    return found
