"""Who has filed: in full, in part, late, or not at all; and whether a total agrees with its published bound."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest
from sqlalchemy import Engine, update

from data.filing import due_at, filing, filing_level
from data.importing.from_frames import commit_frames
from data.importing.revert import revert
from data.published import agrees
from data.query import Reader
from data.schema import import_batch
from tests.small_city import SILENT_STREET, STREETS, build_small_city

BEGAN = datetime(2026, 8, 1)
MEASURE = "committee_sheet_filed"


def file_sheets(store: Engine, compounds: list[int], month: str, when: datetime) -> int:
    rows = pd.DataFrame(
        {
            "unit_kind": "compound",
            "unit_id": [f"C{n:03d}" for n in compounds],
            "month": month,
            "measure": MEASURE,
            "value": 1.0,
        }
    )
    return commit_frames(store, {"observation": rows}, actor="street", created_at=when)


@pytest.fixture
def city(store: Engine) -> Engine:
    """The small city; its street 云岭 has compounds 0–7, 石桥 8–15, 梅溪 16–23, 桂花 24–31."""
    build_small_city(store)
    with store.begin() as connection:
        connection.execute(update(import_batch).values(created_at=BEGAN))
    return store


def states(store: Engine, month: str) -> dict[str, str]:
    frame = filing(Reader(store))
    now = frame[frame["month"] == month]
    return dict(zip(now["label"], now["state"], strict=True))


def test_each_street_is_complete_partial_late_or_missing(city: Engine) -> None:
    file_sheets(city, list(range(8)), "2026-10", datetime(2026, 11, 10, 12))
    file_sheets(city, list(range(8, 12)), "2026-10", datetime(2026, 11, 3))
    file_sheets(city, list(range(16, 24)), "2026-10", datetime(2026, 11, 11))
    found = states(city, "2026-10")
    assert found == {
        "云岭街道": "complete", "石桥镇": "partial", "梅溪街道": "late", "桂花街道": "missing", STREETS[SILENT_STREET]: "missing",
    }  # fmt: skip


def test_the_first_filing_decides_even_when_it_was_corrected_later(city: Engine) -> None:
    file_sheets(city, list(range(8)), "2026-10", datetime(2026, 11, 3))
    corrected = pd.DataFrame(
        [{"unit_kind": "compound", "unit_id": "C000", "month": "2026-10", "measure": MEASURE, "value": 0.0}]
    )
    commit_frames(city, {"observation": corrected}, actor="street", created_at=datetime(2026, 12, 1))
    assert states(city, "2026-10")["云岭街道"] == "complete"


def test_a_reverted_batch_was_never_sent(city: Engine) -> None:
    batch = file_sheets(city, list(range(8)), "2026-10", datetime(2026, 11, 3))
    revert(city, batch, actor="clerk")
    assert states(city, "2026-10")["云岭街道"] == "missing"


def test_history_imported_with_the_store_is_not_late(city: Engine) -> None:
    file_sheets(city, list(range(8)), "2026-05", datetime(2026, 9, 1))
    assert states(city, "2026-05")["云岭街道"] == "complete"


def test_a_street_without_compounds_has_nothing_to_file(city: Engine) -> None:
    extra = pd.DataFrame([{"code": "990001009", "name": "空山乡", "level": "street", "parent_code": "990001"}])
    commit_frames(city, {"area": extra}, actor="clerk")
    assert "空山乡" not in states(city, "2026-10")


def test_an_empty_store_has_no_filings(store: Engine) -> None:
    assert filing(Reader(store)).empty


def test_a_city_without_streets_files_by_county(store: Engine) -> None:
    areas = pd.DataFrame(
        [{"code": "99", "name": "云梦市", "level": "city", "parent_code": None},
         {"code": "9901", "name": "甲县", "level": "county", "parent_code": "99"}]
    )  # fmt: skip
    commit_frames(store, {"area": areas}, actor="clerk")
    assert filing_level(Reader(store)) == "county"


@pytest.mark.parametrize(("month", "due"), [("2026-10", "2026-11-10"), ("2026-12", "2027-01-10")])
def test_sheets_are_due_on_the_tenth_of_the_next_month(month: str, due: str) -> None:
    assert due_at(month).isoformat() == f"{due}T23:59:59"


@pytest.mark.parametrize(
    ("computed", "value", "bound", "fits"),
    [
        (513, 513, "exact", True), (512, 513, "exact", False),
        (4000, 4000, "lower", True), (4750, 4000, "lower", True), (3999, 4000, "lower", False),
        (1500, 1500, "near", True), (1351, 1500, "near", True), (1501, 1500, "near", False), (1349, 1500, "near", False),
        (41.5e6, 41.5e6, "about", True), (43e6, 41.5e6, "about", True), (44e6, 41.5e6, "about", False),
        (39e6, 41.5e6, "about", False),
    ],
)  # fmt: skip
def test_a_published_bound_says_which_totals_agree(computed: float, value: float, bound: str, fits: bool) -> None:
    assert agrees(computed, value, bound) is fits
