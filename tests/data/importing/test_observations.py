"""Monthly sheets: flags in words, halves of pairs, limits of the catalogue, long form and wide form."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from data.catalogue import MEASURES
from data.frames import read_current
from data.importing.from_frames import commit_frames
from data.importing.monthly import MONTHLY, measures_of
from data.importing.preview import Preview, commit, prepare
from data.schema import observation
from tests.data.importing.files import csv_bytes
from tests.data.importing.test_batches import AREAS, compounds

FLAG = next(m for m in measures_of(MONTHLY[0]) if m.is_flag)
WHOLE, PART = MEASURES["posts_set"], MEASURES["posts_claimed"]


@pytest.fixture
def city(store: Engine) -> Engine:
    commit_frames(store, {"area": AREAS, "compound": compounds()}, actor="甲")
    return store


def monthly(engine: Engine, *rows: tuple[Any, ...]) -> Preview:
    return prepare(engine, [("小区月报.csv", csv_bytes(rows))])


@pytest.mark.parametrize(("word", "value"), [("有", 1.0), ("否", 0.0), ("1", 1.0), (None, None)])
def test_flags_are_read_in_words_and_an_empty_cell_is_unreported(
    city: Engine, word: str | None, value: float | None
) -> None:
    preview = monthly(city, ("小区编号", "月份", FLAG.zh, WHOLE.zh, PART.zh), ("X1", "2026-03", word, 3, 2))
    assert preview.refusal() is None
    commit(city, preview, actor="甲")
    with city.connect() as connection:
        found = read_current(connection, observation).set_index("measure")["value"].to_dict()
    assert found.get(FLAG.key) == value
    assert found[PART.key] == 2


CASES = {
    "a part without its whole": ((PART.zh,), (2,), "half_pair"),
    "a whole without its only part": ((WHOLE.zh,), (2,), "half_pair"),
    "below zero": ((WHOLE.zh, PART.zh), (3, -1), "out_of_range"),
    "a fraction of a count": ((WHOLE.zh, PART.zh), (3, 1.5), "not_an_integer"),
    "a flag that is neither": ((FLAG.zh,), ("部分",), "not_a_flag"),
    "a flag above one": ((FLAG.zh,), (2,), "not_a_flag"),
    "nothing but the key": ((FLAG.zh,), (None,), "nothing_reported"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_count_the_catalogue_does_not_allow_is_refused(city: Engine, case: str) -> None:
    heads, values, code = CASES[case]
    preview = monthly(city, ("小区编号", "月份", *heads), ("X1", "2026-03", *values))
    assert [(p.row, p.code) for p in preview.problems] == [(2, code)]


def test_the_other_half_may_be_in_the_store_already(city: Engine) -> None:
    commit(city, monthly(city, ("小区编号", "月份", WHOLE.zh, PART.zh), ("X1", "2026-03", 5, 2)), actor="甲")
    preview = monthly(city, ("小区编号", "月份", PART.zh), ("X1", "2026-03", 4), ("X2", "2026-03", 4))
    assert [(p.row, p.code) for p in preview.problems] == [(3, "half_pair")]


def test_an_unknown_unit_is_told_once_a_row_with_the_nearest(city: Engine) -> None:
    preview = monthly(city, ("小区编号", "月份", WHOLE.zh, PART.zh), ("X9", "2026-03", 5, 2))
    assert [(p.row, p.column, p.code) for p in preview.problems] == [(2, "小区编号", "unknown_compound")]


def test_a_unit_and_month_twice_is_told_once_a_row(city: Engine) -> None:
    rows = [("X1", "2026-03", 5, 2), ("X1", "2026年3月", 6, 2)]
    preview = monthly(city, ("小区编号", "月份", WHOLE.zh, PART.zh), *rows)
    assert [(p.row, p.code) for p in preview.problems] == [(2, "duplicate_key"), (3, "duplicate_key")]


def test_the_long_form_takes_titles_and_keys_of_measures(city: Engine) -> None:
    rows = [("单位类型", "单位编号", "月份", "指标", "数值"), ("小区", "X1", "2026-03", WHOLE.zh, 5), ("小区", "X1", "2026-03", PART.key, 2),
            ("小区", "X2", "2026-03", "没有的指标", 2), ("企业", "X2", "2026-03", FLAG.key, 1)]  # fmt: skip
    preview = prepare(city, [("月度数据.csv", csv_bytes(rows))])
    assert {(p.row, p.code) for p in preview.problems} == {
        (4, "unknown_measure"), (5, "wrong_unit_kind"), (5, "unknown_company"),
    }  # fmt: skip
    assert preview.accepted == 2


def test_a_monthly_frame_is_checked_like_a_sheet(city: Engine) -> None:
    frame = pd.DataFrame(
        {"unit_kind": "compound", "unit_id": "X1", "month": "2026-03", "measure": [PART.key], "value": 1.0}
    )
    with pytest.raises(Exception, match=WHOLE.zh):
        commit_frames(city, {"observation": frame}, actor="甲")
