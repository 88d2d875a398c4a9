"""Natural keys that occur more than once in an upload."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.frames import missing_values
from data.importing.bulk import required_key
from data.importing.rows import SheetRows, Target


def check_duplicates(uploads: Sequence[tuple[SheetRows, Target]]) -> None:
    """Report keys given twice by `uploads`, which all go to one table.

    Rows of a key that disagree are all refused, since nothing says which is right. Where they agree, one sheet may
    state the key once; another sheet may state it again (a list of areas, and their polygons).
    """
    parts = [t.frame.assign(_sheet=i, _row=t.frame.index) for i, (_, t) in enumerate(uploads) if not t.repeats]
    if not parts:
        return
    table = uploads[0][1].table
    keys = list(table.info["key"])
    whole = pd.concat(parts, ignore_index=True)
    for key in keys:
        if key not in whole:
            whole[key] = missing_values(table.c[key], whole.index)
    found = whole[whole.duplicated(keys, keep=False) & whole[required_key(table)].notna().all(axis=1)]
    if found.empty:
        return
    facts = [c for c in found.columns if c not in {"_sheet", "_row", *keys}]
    given = found.groupby(keys, dropna=False, sort=False)[facts].nunique()
    disagree = (given > 1).any(axis=1).rename("disagree").reset_index()
    refused = found.merge(disagree, on=keys, how="left")
    refused["again"] = refused.duplicated(["_sheet", *keys])
    refused["key"] = _key_text(refused, keys)
    # The row a message points to: the key's first, or for that row itself the key's second.
    groups = refused.groupby("key", sort=False)
    pointed = {key: list(zip(part["_sheet"], part["_row"], strict=True))[:2] for key, part in groups}
    for row in refused[refused["disagree"] | refused["again"]].drop_duplicates(["_sheet", "_row"]).to_dict("records"):
        sheet, target = uploads[int(row["_sheet"])]
        here = (row["_sheet"], row["_row"])
        number, at = next((place for place in pointed[row["key"]] if place != here), here)
        titles = "、".join(target.heading(k) for k in keys)
        sheet.findings.add(
            [row["_row"]], target.heading(keys[0]), [row["key"]], "duplicate_key",
            f"“{row['key']}”与工作表“{uploads[int(number)][0].sheet}”第 {at} 行重复；同一{titles}只能有一行，请删去或合并",
        )  # fmt: skip


def _key_text(frame: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    text = frame[keys[0]].astype("str").fillna("")
    for key in keys[1:]:
        text = text + " / " + frame[key].astype("str").fillna("空")
    return text
