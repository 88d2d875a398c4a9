"""`python -m dashboard figure`: every form of a file, the same bytes for the same inputs, and refusals in words."""

from __future__ import annotations

import io
import json
import re
import struct
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from pptx import Presentation
from typer.testing import CliRunner

import dashboard.exports.pictures as pictures
from dashboard.cli import build_app
from dashboard.exports.errors import NoBrowserError
from dashboard.exports.lettering import CLOSING, lines_of
from dashboard.exports.pictures import BROWSERS, browser_path
from dashboard.figures.labels import width
from tests.pages.browsing import small_store

STAMP = "2026-11-05T14:30:00"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return small_store(tmp_path_factory.mktemp("small"))


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", url)

    def ran(*words: str) -> Any:
        return CliRunner().invoke(build_app(), ["figure", *words])

    return ran


@pytest.mark.parametrize("ending", ["xlsx", "csv", "pptx"])
def test_equal_inputs_give_equal_bytes(run: Any, tmp_path: Path, ending: str) -> None:
    told = []
    for name in ("one", "two"):
        out = tmp_path / f"{name}.{ending}"
        answer = run("satisfaction.areas", "--month", "2026-09", "--stamp", STAMP, "--out", str(out), "--json")
        assert answer.exit_code == 0, answer.output
        document = json.loads(answer.stdout)
        assert document["bytes"] == out.stat().st_size
        told.append(document["sha256"])
    assert told[0] == told[1]


def test_a_workbook_is_of_the_selection_asked_for(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "areas.xlsx"
    run("satisfaction.areas", "--area", "990002", "--month", "2026-08", "--out", str(out))
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    labels = {row[2] for row in book["数据"].iter_rows(min_row=2, values_only=True)}
    assert {"梅溪街道", "桂花街道"} <= labels
    assert "云岭街道" not in labels


def test_a_slide_carries_the_finding_and_its_foot(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "areas.pptx"
    title = json.loads(run("satisfaction.areas", "--out", str(out), "--json").stdout)["title"]
    slides = Presentation(io.BytesIO(out.read_bytes())).slides
    assert len(slides) == 1
    text = "\n".join(shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame)
    assert title in text
    assert "数据截至 2026年10月" in text
    assert "演示数据" in text


@pytest.mark.browser
def test_a_map_is_drawn_without_a_server(run: Any, tmp_path: Path) -> None:
    if not any(map(pictures.shutil.which, BROWSERS)):
        pytest.skip("no browser is installed")
    out = tmp_path / "map.svg"
    title = json.loads(run("overview.map", "--out", str(out), "--json").stdout)["title"]
    drawn = fromstring(out.read_text("utf-8"))
    text = "".join(drawn.itertext())
    for part in (title, "n=", "数据截至 2026年10月", "来源", "演示数据"):
        assert part in text
    assert sum(node.get("class") == "choroplethlocation" for node in drawn.iter()) >= 5
    assert not re.search(r'(href|src)="https?://', out.read_text("utf-8"))


@pytest.mark.browser
def test_a_picture_has_the_size_of_a_slide(run: Any, tmp_path: Path) -> None:
    if not any(map(pictures.shutil.which, BROWSERS)):
        pytest.skip("no browser is installed")
    out = tmp_path / "course.png"
    assert run("satisfaction.course", "--theme", "dark", "--lang", "en", "--out", str(out)).exit_code == 0
    content = out.read_bytes()
    assert struct.unpack(">II", content[16:24]) == (1600, 900)


def test_without_a_browser_a_picture_is_refused_and_says_what_to_install() -> None:
    with pytest.raises(NoBrowserError, match="apt-get install chromium"):
        browser_path(["no-such-browser"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["satisfaction.curse", "--out", "x.xlsx"], "satisfaction.course"),
        (["satisfaction.course", "--out", "x.doc"], ".xlsx"),
        (["satisfaction.course", "--area", "1", "--out", "x.xlsx"], "1"),
        (["satisfaction.course", "--theme", "pink", "--out", "x.xlsx"], "light"),
        (["satisfaction.course", "--stamp", "soon", "--out", "x.xlsx"], "soon"),
        (["satisfaction.review", "--out", "x.svg"], "XLSX"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run(*words)
    assert answer.exit_code in (1, 2)
    assert said in answer.stderr
    assert "Traceback" not in answer.output
    assert not [*tmp_path.iterdir()]


def test_long_titles_break_where_chinese_may() -> None:
    title = "宣州区澄江街道满意率 73.8%，较上一次调查（2026年7月）无可辨变化；" * 4
    lines = lines_of(title, 40, most=20)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert all(line[0] not in CLOSING for line in lines)
    assert all(width(line) <= 42 for line in lines)
    assert lines_of(title, 40, most=2)[1].endswith("…")
