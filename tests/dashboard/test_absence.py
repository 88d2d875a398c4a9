"""Why a figure has no value, told apart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from dashboard.absence import absence
from dashboard.cards import CARDS
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.cli import build_app
from data.importing.ports import Ports
from data.query import Period, Reader, Selection
from data.satisfaction import is_month_without_survey
from data.store import migrate, open_store
from layouts.components.panel import data_table
from tests.satisfied_city import UNASKED, WAVES, build_satisfied_city

ZH = Words("zh")
BETWEEN = "2026-09"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    engine: Engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('absence') / 'city.db'}")
    migrate(engine)
    build_satisfied_city(engine)
    yield Reader(engine).pinned()
    engine.dispose()


def said(reader: Reader, key: str, month: str, selection: Selection) -> str:
    row = reader.indicator(key, selection, period=Period.of(month)).iloc[0].to_dict()
    return absence(row, key, month, reader, ZH)


def test_between_two_waves_there_was_no_survey_and_in_a_wave_a_place_left_out_did_not_report(reader: Reader) -> None:
    alone = Selection(compound=UNASKED)
    assert said(reader, "satisfaction", BETWEEN, Selection()) == "当月无调查"
    assert said(reader, "survey_response_rate", BETWEEN, alone) == "当月无调查"
    assert said(reader, "satisfaction", WAVES[-1], alone) == "未上报"
    assert said(reader, "satisfaction", WAVES[-1], Selection()) == ""


def test_only_what_is_surveyed_can_be_without_a_survey(reader: Reader) -> None:
    assert not is_month_without_survey(reader, "assessment_score", BETWEEN)
    assert not is_month_without_survey(reader, "satisfaction", "1999-01")


def test_what_is_held_back_or_has_nothing_to_divide_by_says_so(reader: Reader) -> None:
    row = {"value": None, "denominator": 0.0, "suppressed": False}
    assert absence(row, "satisfaction", BETWEEN, reader, ZH) == "分母为 0"
    assert absence(row | {"suppressed": True}, "satisfaction", BETWEEN, reader, ZH) == "不足5"


def test_the_command_gives_the_reason_that_pages_give(reader: Reader) -> None:
    def printed(*words: str) -> dict[str, str]:
        ran = CliRunner().invoke(
            build_app(Ports()), ["--database", str(reader.engine.url), "indicator", "satisfaction", *words]
        )
        assert ran.exit_code == 0, ran.output
        return {line.split("\t")[0]: line.split("\t")[2] for line in ran.output.splitlines()[1:]}

    months = printed("--by", "month")
    assert months[BETWEEN] == ZH("value.no_survey")
    assert months[WAVES[-1]].endswith("%")
    assert printed("--month", BETWEEN) == {"total": ZH("value.no_survey")}
    assert set(printed("--by", "street", "--month", BETWEEN).values()) == {ZH("value.no_survey")}
    assert printed("--month", WAVES[-1], "--compound", UNASKED) == {"total": ZH("value.unreported")}


def test_the_data_table_of_a_course_says_which_months_had_no_survey(reader: Reader) -> None:
    table = data_table(CARDS["overview.trend"], reader, View(), Ink(), ZH)
    rows = {row["month"] if "month" in row else row["label"]: row for row in table.rowData}
    assert rows[BETWEEN]["absence"] == "当月无调查"
    assert rows[BETWEEN]["expected"] is None
    assert rows[BETWEEN]["rest"] == "–"
    assert rows[WAVES[-1]]["absence"] == ""
    assert any("params.data.absence" in str(column.get("valueFormatter")) for column in table.columnDefs)
