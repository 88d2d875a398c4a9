"""The whole demo city in memory: every importable table as a frame, and the truths planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.demo.assessments import assessment_rows, incident_rows, objection_rows
from data.demo.campaigns import campaign_rows
from data.demo.cases import case_rows
from data.demo.committees import make_committees
from data.demo.companies import company_register, make_companies, management_register
from data.demo.compounds import compound_register, grid_register, make_compounds
from data.demo.fees import fee_rows
from data.demo.frames import table_frame
from data.demo.organisation import make_party_work
from data.demo.party_ledgers import meeting_rows, party_rows, party_sheet
from data.demo.places import ground
from data.demo.quality import make_quality
from data.demo.reporting import make_reporting
from data.demo.satisfaction_truth import make_satisfaction_truth
from data.demo.sites import make_awards, make_sites, standing_stations
from data.demo.surveys import survey_rows
from data.demo.tasks import task_rows
from data.demo.truths import truths_document
from data.demo.unit_ledgers import community_rows, company_rows, grid_rows, member_rows, street_rows

SEED = 3418
PUBLISHED = Path(__file__).parent / "published.csv"


@dataclass(frozen=True)
class DemoCity:
    """`frames`: table name → its rows as they are at the data date. `truths`: what was planted."""

    seed: int
    frames: dict[str, pd.DataFrame]
    truths: dict[str, Any]


def generate(seed: int = SEED) -> DemoCity:
    """Invent the city. The same seed gives the same frames on every run; nothing depends on the time of day.

    Frames have the own columns of their table, typed as in `data.frames`; `observation` is long.
    """
    city = make_compounds(seed)
    companies = make_companies(seed, city)
    quality = make_quality(seed, city, companies)
    compound = compound_register(seed, city)
    grids = grid_register(seed, city)
    sites = make_sites(seed, compound)
    stations = standing_stations(sites)
    party = make_party_work(seed, city, quality, stations, companies.ids, companies.office)
    truth = make_satisfaction_truth(seed, city, quality, party.founded)
    managed = city.managed
    company_quality = np.where(companies.of_compound >= 0, companies.quality[companies.of_compound], 0.0)[:managed]
    reporting = make_reporting(seed, city, quality.diligence)
    filed = reporting.sheet("fees")
    surveys = survey_rows(seed, city, truth, quality.z, reporting.exists)
    assessments = assessment_rows(seed, city, quality.z, company_quality, party.founded, reporting.open_, surveys)
    frames = {
        "area": ground().areas.copy(),
        "area_shape": ground().shapes.copy(),
        "grid": grids,
        "compound": compound,
        "company": company_register(seed, companies),
        "management": management_register(seed, city, companies),
        "site": sites,
        "party_org": party.orgs,
        "party_org_compound": party.covers,
        "committee": make_committees(seed, city, quality.z, party.founded),
        "award": make_awards(seed, city, quality.z[:managed] + 0.8 * np.isfinite(party.founded)),
        "published_figure": published_figures(),
        "case_event": case_rows(seed, city, quality.z, party.founded, stations),
        "task": task_rows(seed, city, quality.z),
        "survey": surveys,
        "assessment": assessments,
        "objection": objection_rows(seed, assessments),
        "incident": incident_rows(seed, city, quality.z),
        "observation": pd.concat([
            fee_rows(seed, city, quality.z, company_quality, filed),
            campaign_rows(seed, city, quality.z, filed),
            party_rows(seed, city, quality.z, party, party_sheet(reporting, city, party)),
            meeting_rows(seed, city, quality.z, party, reporting),
            grid_rows(seed, grids, city, reporting),
            member_rows(seed, city, reporting),
            community_rows(seed, city, reporting),
            street_rows(seed, reporting),
            company_rows(seed, companies, party.company_has_branch, reporting),
        ], ignore_index=True),
    }  # fmt: skip
    return DemoCity(seed, frames, truths_document(seed, city, companies, quality, party, truth))


def published_figures() -> pd.DataFrame:
    """The figures that the five cities published, with their bounds, scopes and dates."""
    listed = pd.read_csv(PUBLISHED, dtype={"as_of": "str"})
    return table_frame("published_figure", {str(name): listed[name] for name in listed.columns})
