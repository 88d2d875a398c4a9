"""Collects rows of `party_org` and `party_org_compound` while organisations are invented."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.demo.frames import table_frame
from data.schema.vocabulary import Cover, FoundingMode, PartyOrgKind, SecretaryRole

PREFIX = {
    PartyOrgKind.INDUSTRY: "DH", PartyOrgKind.STREET: "DJ", PartyOrgKind.COMMUNITY: "DS", PartyOrgKind.COMPOUND: "DX",
    PartyOrgKind.COMPANY: "DQ", PartyOrgKind.STATION: "DZ", PartyOrgKind.BUILDING: "DL",
}  # fmt: skip


class Organisations:
    """Rows so far; `add` numbers them by kind."""

    def __init__(self) -> None:
        self._orgs: list[dict[str, Any]] = []
        self._covers: list[dict[str, Any]] = []
        self._count = dict.fromkeys(PartyOrgKind, 0)

    def add(
        self, kind: PartyOrgKind, founded: np.datetime64, *, mode: FoundingMode | None = None, area: str | None = None,
        grid: str | None = None, compound: str | None = None, company: str | None = None, site: str | None = None,
        parent: str | None = None, dissolved: np.datetime64 | None = None, secretary: SecretaryRole | None = None,
    ) -> str:  # fmt: skip
        """Add an organisation and return its id."""
        self._count[kind] += 1
        org = f"{PREFIX[kind]}{self._count[kind]:03d}"
        self._orgs.append({
            "org_id": org, "kind": kind.value, "founding_mode": mode.value if mode else None, "founded_on": founded,
            "dissolved_on": dissolved, "area_code": area, "grid_code": grid, "compound_id": compound,
            "company_id": company, "site_id": site, "parent_org_id": parent,
            "secretary_role": secretary.value if secretary else None,
        })  # fmt: skip
        return org

    def cover(self, org: str, compound: str, cover: Cover) -> None:
        """Let `org` cover `compound`."""
        self._covers.append({"org_id": org, "compound_id": compound, "cover": cover.value})

    def day_of_cover(self, compound: str) -> np.datetime64:
        """The day the first organisation that covers `compound` was founded."""
        org = next(c["org_id"] for c in self._covers if c["compound_id"] == compound)
        day: np.datetime64 = next(o["founded_on"] for o in self._orgs if o["org_id"] == org)
        return day

    def orgs(self) -> pd.DataFrame:
        """`party_org` rows."""
        return _frame("party_org", self._orgs)

    def covers(self) -> pd.DataFrame:
        """`party_org_compound` rows."""
        return _frame("party_org_compound", self._covers)


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return table_frame(name, {key: pd.Series([row[key] for row in rows]) for key in rows[0]})
