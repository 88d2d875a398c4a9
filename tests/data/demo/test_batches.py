"""The order in which the demo's data arrives."""

from __future__ import annotations

import pandas as pd
import pytest

from data.demo import DemoCity
from data.demo.batches import Batch, batches_of
from data.schema import TABLES


@pytest.fixture(scope="module")
def batches(city: DemoCity) -> list[Batch]:
    return batches_of(city)


@pytest.mark.parametrize("name", TABLES)
def test_the_last_word_on_every_row_is_the_row_of_the_city(city: DemoCity, batches: list[Batch], name: str) -> None:
    key = list(TABLES[name].info["key"])
    whole = pd.concat([b.frames[name] for b in batches if name in b.frames])
    last = whole.drop_duplicates(key, keep="last").sort_values(key, ignore_index=True)
    expected = city.frames[name].sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(last, expected, check_dtype=False)


def test_no_batch_repeats_a_key_or_knows_what_happened_after_it(batches: list[Batch]) -> None:
    planned = {"due_at", "due_on", "term_end", "interview_due_on", "rectify_due_on"}
    for batch in batches:
        for name, frame in batch.frames.items():
            assert not frame.duplicated(list(TABLES[name].info["key"])).any(), (batch.note, name)
            for column in frame.select_dtypes("datetime64").columns.difference(list(planned)):
                assert not (frame[column] > batch.created_at).any(), (batch.note, name, column)


def test_registers_come_first_then_the_years_then_a_report_a_month(batches: list[Batch]) -> None:
    assert "compound" in batches[0].frames
    assert "observation" not in batches[0].frames
    assert [b.created_at for b in batches] == sorted(b.created_at for b in batches)
    reports = [b for b in batches if b.note.endswith("月报") and not b.note.startswith("迟报")]
    assert [b.note[:7] for b in reports] == [str(m) for m in pd.period_range("2025-11", "2026-10", freq="M")]
    assert all(b.created_at.day <= 10 for b in reports)


def test_what_is_late_comes_after_the_report_of_its_month(batches: list[Batch]) -> None:
    late = [b for b in batches if b.note.startswith("迟报")]
    assert len(late) == 3
    for batch in late:
        (frame,) = batch.frames.values()
        assert len(frame) >= 3
        assert batch.created_at.day > 10


def test_a_correction_puts_about_forty_rows_of_an_earlier_month_right(batches: list[Batch]) -> None:
    before: dict[tuple[str, ...], float] = {}
    changed = {}
    for batch in batches:
        if "observation" in batch.frames:
            rows = (
                batch.frames["observation"].set_index(["unit_kind", "unit_id", "month", "measure"])["value"].to_dict()
            )
            changed[batch.note] = sum(1 for key, value in rows.items() if key in before and before[key] != value)
            before |= rows
    corrections = {note: count for note, count in changed.items() if count}
    assert list(corrections) == ["更正：西津、南山街道2026-07实收物业费少填一位"]
    assert 30 <= corrections["更正：西津、南山街道2026-07实收物业费少填一位"] <= 45
