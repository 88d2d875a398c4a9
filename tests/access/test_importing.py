"""A street's account imports and takes back its own rows, and no others."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select

from data.importing.preview import Options, Preview, commit, prepare
from data.query import Reader, Selection
from data.schema import compound, import_batch, survey
from tests.data.importing.files import workbook
from tests.small_city import STREETS

MINE, OTHER = list(STREETS)[:2]


@pytest.fixture
def reader(engine: Engine) -> Reader:
    return Reader(engine).scoped((MINE,), login="street-01")


def previewed(reader: Reader, sheets: dict[str, list[list[object]]], *, skip_refused: bool = False) -> Preview:
    options = Options(owner=reader.ownership(), skip_refused=skip_refused)
    return prepare(reader.engine, [("月报.xlsx", workbook(sheets))], options)


def codes(preview: Preview) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.code) for problem in preview.problems]


def units(reader: Reader, street: str) -> list[str]:
    return sorted(reader.whole.register("compound", Selection(area=street))["compound_id"])


def test_rows_of_other_streets_are_refused_and_own_ones_taken(reader: Reader) -> None:
    mine, theirs = units(reader, MINE)[0], units(reader, OTHER)[0]
    rows = [["小区编号", "调查月份", "题目", "有效数", "满意数"]]
    rows += [[unit, "2026-11", "总体满意", 40, 30] for unit in (mine, theirs)]
    preview = previewed(reader, {"满意度调查": rows}, skip_refused=True)
    assert codes(preview) == [(3, "foreign_area")]
    batch = commit(reader.engine, preview, actor="street-01")
    with reader.engine.connect() as connection:
        written = connection.execute(select(survey.c.compound_id).where(survey.c.batch_id == batch)).scalars().all()
    assert written == [mine]


def test_another_streets_compound_cannot_be_taken_over_nor_an_own_one_given_away(reader: Reader) -> None:
    mine, theirs = units(reader, MINE)[0], units(reader, OTHER)[0]
    rows = [
        ["小区编号", "小区名称", "所属区划代码"],
        [theirs, "改名", MINE],
        [mine, "改名", OTHER],
        ["N1", "新建", OTHER],
    ]
    assert codes(previewed(reader, {"小区": rows})) == [(2, "foreign_area"), (3, "foreign_area"), (4, "foreign_area")]


def test_what_another_street_has_is_not_confirmed_either(reader: Reader) -> None:
    whole = reader.whole.register("compound", Selection(area=OTHER)).iloc[0]
    rows = [["小区编号", "小区名称", "所属区划代码"], [whole["compound_id"], whole["name"], whole["area_code"]]]
    assert codes(previewed(reader, {"小区": rows})) == [(2, "foreign_area")]


def test_a_new_compound_of_the_street_and_its_rows_are_taken_together(reader: Reader) -> None:
    preview = previewed(
        reader,
        {
            "小区": [["小区编号", "小区名称", "所属区划代码"], ["N1", "新家园", MINE]],
            "满意度调查": [["小区编号", "调查月份", "题目", "有效数", "满意数"], ["N1", "2026-11", "总体满意", 40, 30]],
        },
    )
    assert codes(preview) == []
    commit(reader.engine, preview, actor="street-01")
    with reader.engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(compound.c.compound_id == "N1")) == 1


def test_a_street_lists_the_batches_it_imported_itself(reader: Reader, engine: Engine) -> None:
    assert reader.batches() == []
    mine = units(reader, MINE)[0]
    rows = [["小区编号", "调查月份", "题目", "有效数", "满意数"], [mine, "2026-11", "总体满意", 40, 30]]
    batch = commit(engine, previewed(reader, {"满意度调查": rows}), actor="street-01")
    assert [listed["batch"] for listed in Reader(engine).scoped((MINE,), login="street-01").batches()] == [batch]
    assert Reader(engine).scoped((MINE,), login="street-02").batches() == []
    with engine.connect() as connection:
        everything = connection.scalar(select(func.count()).select_from(import_batch))
    assert len(Reader(engine).batches()) == everything
