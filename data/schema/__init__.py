"""The store's tables. `TABLES` maps each importable table's name to it, in the order they must be imported."""

from __future__ import annotations

from sqlalchemy import Select, Table, select

from data.schema import accounts, batches, briefings, rollups
from data.schema.accounts import account, audit_entry, web_session
from data.schema.batches import (
    import_batch,
    import_confirmation,
    import_file,
    import_refusal,
    import_sheet,
    store_meta,
)
from data.schema.briefings import edition, job
from data.schema.columns import Kind, metadata, own_columns
from data.schema.events import assessment, case_event, incident, objection, survey, task
from data.schema.observations import observation
from data.schema.registers import (
    area,
    area_shape,
    award,
    committee,
    company,
    compound,
    grid,
    management,
    party_org,
    party_org_compound,
    published_figure,
    site,
)
from data.schema.rollups import area_month, calendar, unit_month, unit_place

# Order matters: a table follows those its rows refer to.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        area, area_shape, grid, compound, company, management, site, party_org, party_org_compound, committee,
        award, published_figure, case_event, task, survey, assessment, objection, incident, observation,
    )
}  # fmt: skip


def current(table: Table) -> Select:  # type: ignore[type-arg]
    """A select of the current rows of a versioned table (those no batch has ended)."""
    return select(table).where(table.c.superseded_by.is_(None))


__all__ = [
    "TABLES",
    "Kind",
    "account",
    "accounts",
    "area",
    "area_month",
    "area_shape",
    "assessment",
    "audit_entry",
    "award",
    "batches",
    "briefings",
    "calendar",
    "case_event",
    "committee",
    "company",
    "compound",
    "current",
    "edition",
    "grid",
    "import_batch",
    "import_confirmation",
    "import_file",
    "import_refusal",
    "import_sheet",
    "incident",
    "job",
    "management",
    "metadata",
    "objection",
    "observation",
    "own_columns",
    "party_org",
    "party_org_compound",
    "published_figure",
    "rollups",
    "site",
    "store_meta",
    "survey",
    "task",
    "unit_month",
    "unit_place",
    "web_session",
]  # fmt: skip
