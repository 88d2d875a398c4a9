"""Cells of text to values: every spelling that is understood, and the code of every one that is not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column

from data.importing.checks import USCC_ALPHABET, USCC_WEIGHTS, valid_uscc
from data.importing.problems import Findings
from data.importing.values import typed
from data.schema import case_event, committee, compound, survey

C, E, S = compound.c, case_event.c, survey.c


def read(text: str | None, column: Column[Any]) -> tuple[Any, list[str]]:
    findings = Findings("表")
    value = typed(pd.Series([text], index=[2], dtype="str"), column, findings, column.info["zh"]).iloc[0]
    return (None if pd.isna(value) else value), [p.code for p in findings.problems]


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("1,234", C.households, 1234), ("１２", C.households, 12), ("12.0", C.households, 12), (" 7 ", C.households, 7),
        ("1e3", C.households, 1000), ("1.44", C.fee_yuan_m2_month, 1.44), (None, C.households, None), ("  ", C.households, None),
        ("2024-03-05", C.valid_from, pd.Timestamp("2024-03-05")), ("2024/3/5", C.valid_from, pd.Timestamp("2024-03-05")),
        ("2024年3月5日", C.valid_from, pd.Timestamp("2024-03-05")), ("2024.3.5", C.valid_from, pd.Timestamp("2024-03-05")),
        ("20240305", C.valid_from, pd.Timestamp("2024-03-05")),
        ("2024-03-05 23:59", C.valid_from, pd.Timestamp("2024-03-05")),
        ("2024/3/5 9:05", E.opened_at, pd.Timestamp("2024-03-05 09:05")),
        ("2024-03-05T09:05:01", E.opened_at, pd.Timestamp("2024-03-05 09:05:01")),
        ("有", E.reopened, True), ("否", E.reopened, False), ("TRUE", E.reopened, True), ("0", E.reopened, False),
        ("2026年3月", S.wave, "2026-03"), ("2026/3", S.wave, "2026-03"), ("202603", S.wave, "2026-03"),
        ("2026-03-01", S.wave, "2026-03"), (" 试写苑 ", C.name, "试写苑"), ("=1+1", C.name, "=1+1"),
    ],
)  # fmt: skip
def test_every_usual_spelling_is_understood(text: str | None, column: Column[Any], value: Any) -> None:
    assert read(text, column) == (value, [])


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("约300", C.households, "not_a_number"), ("nan", C.households, "not_a_number"), ("inf", C.households, "not_a_number"),
        ("0x10", C.households, "not_a_number"), ("3.5", C.households, "not_an_integer"), ("-1", C.households, "out_of_range"),
        ("2024-13-01", C.valid_from, "not_a_date"), ("45000", C.valid_from, "not_a_date"), ("2024", C.valid_from, "not_a_date"),
        ("1900-01-01", C.valid_from, "impossible_date"), ("3024-01-01", C.valid_from, "impossible_date"),
        ("也许", E.reopened, "not_a_flag"), ("2026-13", S.wave, "wrong_form"), ("三月", S.wave, "wrong_form"),
        ("a\u0007b", C.name, "control_character"), ("a\nb", C.name, "control_character"), ("公寓", C.kind, "unknown_choice"),
        ("业主会", committee.c.kind, "unknown_choice"),
    ],
)  # fmt: skip
def test_anything_else_is_missing_and_reported(text: str, column: Column[Any], code: str) -> None:
    value, codes = read(text, column)
    assert codes == [code]
    assert value is None or code in {"out_of_range", "impossible_date"}


@given(st.text(alphabet=USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_the_check_character_catches_every_single_wrong_character(stem: str, at: int, other: str) -> None:
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(stem, USCC_WEIGHTS, strict=True))
    code = stem + USCC_ALPHABET[(31 - total % 31) % 31]
    assert valid_uscc(code)
    changed = code[:at] + other + code[at + 1 :]
    assert valid_uscc(changed) == (changed == code)


@pytest.mark.parametrize("code", ["", "91350100M000100Y4", "91350100M000100Y4I", "91350100m000100y43"])
def test_a_code_of_wrong_form_is_not_valid(code: str) -> None:
    assert not valid_uscc(code)
