"""What an account narrowed to areas may import: rows of units that lie in them, and nothing that touches another's."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection

from data.importing.difference import ROW, SHEET
from data.importing.examine import differences
from data.importing.rows import SheetRows
from data.query.ownership import AREA_KINDS, Ownership, is_own
from data.schema.vocabulary import UnitKind

FOREIGN = "不在本账号的数据范围内：街道账号只能导入本区域的行。处理：请删去这一行，或由住建局账号导入"
# Where a register says its own units lie; each of these that is filled must be the account's.
PLACED_BY: dict[str, dict[str, tuple[UnitKind, ...]]] = {
    "area": {"parent_code": AREA_KINDS},
    "grid": {"community_code": AREA_KINDS},
    "compound": {"area_code": AREA_KINDS, "grid_code": (UnitKind.GRID,)},
    "company": {"office_area_code": AREA_KINDS},
}


def refuse_foreign(connection: Connection, sheets: Sequence[SheetRows], owner: Ownership) -> None:
    """Refuse every row that would add, change or confirm a row outside the owner's areas.

    A row is looked at as it would be and as it is: neither taking another's compound nor giving one away is possible.
    Units the upload itself adds in the owner's areas are the owner's for the tables after them.
    """
    for change in differences(connection, sheets):
        name = change.table.name
        for rows, is_known in ((change.added, False), (change.changed, True), (change.unchanged, True)):
            if rows.empty:
                continue
            fine = _is_placed(name, rows, owner, is_known=is_known) if name in PLACED_BY else is_own(name, rows, owner)
            if is_known and len(change.ended) and rows is change.changed:
                fine &= is_own(name, change.ended, owner).reindex(rows.index, fill_value=True)
            for number, part in rows[~fine].groupby(SHEET):
                sheet = sheets[int(str(number))]
                sheet.findings.add(sorted(set(part[ROW].astype(int))), None, None, "foreign_area", FOREIGN)
            if name in PLACED_BY and not is_known:
                owner = owner.with_units(name, rows[fine])


def _is_placed(name: str, rows: pd.DataFrame, owner: Ownership, *, is_known: bool) -> pd.Series[bool]:
    """Whether units of a register lie in the owner's areas, and were the owner's where they were known before."""
    fine = pd.Series(True, index=rows.index, dtype=bool)
    has_place = pd.Series(False, index=rows.index, dtype=bool)
    for column, kinds in PLACED_BY[name].items():
        mine = frozenset[str]().union(*(owner.own(kind) for kind in kinds))
        said = rows[column].notna().astype(bool)
        has_place |= said
        fine &= ~said | rows[column].isin(mine).astype(bool)
    if is_known:
        fine &= is_own(name, rows, owner)
    return fine & has_place
