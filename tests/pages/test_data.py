"""The data page: its cards on any store, its callbacks as functions, its files, and the monthly import in a browser."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from dash.exceptions import PreventUpdate
from flask.testing import FlaskClient
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect
from sqlalchemy import Engine

import app
from callbacks import data as callbacks
from callbacks.data_files import UPLOAD_HEADER, harmless
from dashboard.cards import CARDS
from dashboard.cards.drawing import draw
from dashboard.cards.types import Drawing
from dashboard.config import load_settings
from dashboard.import_desk import ImportDesk
from dashboard.places import places_of
from dashboard.services import Services
from dashboard.theme import Ink
from dashboard.uploads import Uploads
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.importing.from_frames import commit_frames
from data.importing.ports import Ports
from data.query import Reader
from data.trace import trace_figure
from geo.importing import ImportGeography
from layouts import data as page
from tests.data.importing.files import AREAS, csv_bytes, workbook
from tests.pages.browsing import Watched, serve, small_store
from tests.small_city import SILENT_STREET, STREETS, build_small_city

ZH = Words("zh")
NAMES = [name for name, _ in page.PLACES]
ADDRESS = {"pathname": "/data", "search": "", "theme": "light", "scale": 1}
SURVEY_HEADS = ("小区编号", "调查月份", "题目", "发放数", "有效数", "满意数")
NEXT_MONTH = "2026-11"
# Workbooks are parsed in a process of their own, which takes its time on a busy machine.
SLOW = 60_000
FIXED = [SURVEY_HEADS, *((f"C{n:03d}", NEXT_MONTH, "总体满意", 60, 50, 40) for n in range(8))]
BROKEN = [*FIXED[:-1], ("C0O7", NEXT_MONTH, "总体满意", 60, 50, 70)]


def all_text(component: Any) -> str:
    """Every text in a tree of components."""
    if component is None or isinstance(component, bool):
        return ""
    if isinstance(component, str | int | float):
        return str(component)
    if isinstance(component, list | tuple):
        return " ".join(all_text(part) for part in component)
    return all_text(getattr(component, "children", None))


def ids_in(component: Any) -> list[Any]:
    """Every id in a tree of components."""
    if isinstance(component, list | tuple):
        return [found for part in component for found in ids_in(part)]
    if not hasattr(component, "_prop_names"):
        return []
    own = [component.id] if getattr(component, "id", None) else []
    return own + ids_in(getattr(component, "children", None))


def drawing(name: str, store: Engine, words: Words = ZH, **view: Any) -> Drawing:
    found = draw(CARDS[name], Reader(store), View(page="data", **view), Ink("light"), words)
    assert isinstance(found, Drawing), name
    return found


@pytest.fixture
def small(store: Engine) -> Engine:
    build_small_city(store)
    return store


@pytest.fixture
def counties(store: Engine) -> Engine:
    """A city of two counties and nothing else."""
    areas = pd.DataFrame(
        [{"code": "99", "name": "云梦市", "level": "city", "parent_code": None},
         {"code": "9901", "name": "甲县", "level": "county", "parent_code": "99"}]
    )  # fmt: skip
    commit_frames(store, {"area": areas}, actor="clerk")
    return store


@pytest.fixture
def desk(store: Engine, tmp_path: Path) -> ImportDesk:
    return ImportDesk(
        Uploads(tmp_path / "uploads"), lambda: store, Ports(geography=ImportGeography()), run=lambda work: work()
    )


@pytest.fixture
def services(store: Engine) -> Services:
    reader = Reader(store)
    return Services(settings=load_settings(), reader=lambda: reader, places=lambda: places_of(reader))


# -- cards ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("stored", ["small", "counties", "store"])
@pytest.mark.parametrize("name", NAMES)
def test_every_card_draws_on_a_city_on_counties_alone_and_on_nothing(
    request: pytest.FixtureRequest, stored: str, name: str, lang: str
) -> None:
    found = drawing(name, request.getfixturevalue(stored), Words(lang), trace="satisfaction")
    assert found.title
    assert found.alt or CARDS[name].kind == "headline"
    assert found.empty is None or len(found.empty) > 5
    if CARDS[name].kind == "grid":
        assert found.grid is not None
        assert len({row[found.grid.row_id] for row in found.grid.rows}) == len(found.grid.rows)
        assert all(isinstance(row[found.grid.row_id], str) for row in found.grid.rows)


def test_the_page_names_each_component_once(small: Engine) -> None:
    tree = page.layout(Reader(small), View(page="data", trace="satisfaction"), Ink("light"), ZH)
    found = [str(i) for i in ids_in(tree)]
    assert sorted(found) == sorted(set(found))
    assert all(f"data-{name.partition('.')[2]}" in " ".join(found) for name in NAMES)


def test_every_indicator_is_in_the_dictionary_with_all_it_means(store: Engine) -> None:
    grid = drawing("data.indicators", store).grid
    assert grid is not None
    rows = {row["key"]: row for row in grid.rows}
    assert set(rows) == set(INDICATORS)
    assert all(
        row[f]
        for row in rows.values()
        for f in ("title", "definition", "direction", "numerator", "denominator", "page")
    )
    assert grid.click == "trace"


def test_every_caveat_has_its_words_in_both_languages() -> None:
    for lang in ("zh", "en"):
        text = all_text(page._caveats(Words(lang)))
        assert all(Words(lang)(f"data.caveat.{n}.text") in text for n in range(1, page.CAVEATS + 1))
    assert not ZH.has(f"data.caveat.{page.CAVEATS + 1}.text")


def test_the_list_names_who_has_not_filed(small: Engine) -> None:
    filed = pd.DataFrame(
        {"unit_kind": "compound", "unit_id": [f"C{n:03d}" for n in range(32)], "month": "2026-10",
         "measure": "committee_sheet_filed", "value": 1.0}
    )  # fmt: skip
    commit_frames(small, {"observation": filed}, actor="street")
    found = drawing("data.silent", small)
    assert [(entry.title, entry.tone, entry.view) for entry in found.entries] == [
        (STREETS[SILENT_STREET], "missing", {"area": SILENT_STREET})
    ]
    one_street = drawing("data.silent", small, area="990001001")
    assert [entry.tone for entry in one_street.entries] == ["good"]


def test_a_total_that_differs_from_its_published_figure_says_so(small: Engine) -> None:
    published = pd.DataFrame(
        [{"city": "清江市", "key": "compounds", "value": 40.0, "bound": "exact", "as_of": "2026", "source": "公报"},
         {"city": "清江市", "key": "companies", "value": 9.0, "bound": "lower", "as_of": "2026", "source": "公报"}]
    )  # fmt: skip
    commit_frames(small, {"published_figure": published}, actor="clerk")
    grid = drawing("data.totals", small).grid
    assert grid is not None
    rows = {row["key"]: row for row in grid.rows}
    assert (rows["compounds"]["agrees"], rows["companies"]["agrees"]) == (
        ZH("data.totals.agrees"),
        ZH("data.totals.differs"),
    )
    assert "余" in rows["companies"]["published"]
    assert rows["stations"]["agrees"] == ZH("data.totals.no_figure")


def test_lineage_lists_the_rows_a_figure_was_counted_from(small: Engine) -> None:
    found = drawing("data.lineage", small, trace="satisfaction", area="990001001")
    traced = trace_figure(Reader(small), "satisfaction", View(area="990001001").selection)
    assert found.grid is not None
    assert [row["row_id"] for row in found.grid.rows] == [row["row_id"] for row in traced["rows"]]
    row = Reader(small).indicator("satisfaction", View(area="990001001").selection).iloc[0]
    assert f"{row['numerator']:,.0f} ÷ {row['denominator']:,.0f}" in found.title


# -- callbacks --------------------------------------------------------------------------------------------------------


def test_an_upload_is_checked_shown_committed_and_announced_once(desk: ImportDesk, small: Engine) -> None:
    token = desk.uploads.keep([("调查.xlsx", io.BytesIO(workbook({"满意度调查": FIXED})))])
    job = callbacks.received({"token": token}, {}, None, is_new=True, desk=desk)
    parts, is_settled, batch = callbacks.shown(job, ZH, desk)
    assert (is_settled, batch) == (True, None)
    assert ZH("data.check.sound", rows=8, changed=8) in all_text(parts)
    job = callbacks.begin_commit(job, skip_refused=False, actor="tester", desk=desk)
    parts, is_settled, batch = callbacks.shown(job, ZH, desk)
    assert (is_settled, batch) == (True, 2)
    assert ZH("data.progress.committed", batch=2) in all_text(parts)
    assert Reader(small).latest_month == NEXT_MONTH
    callbacks.begin_commit(job, skip_refused=False, actor="tester", desk=desk)
    assert len(callbacks.all_batches(Reader(small))) == 2


def test_an_option_changed_checks_the_same_upload_again(desk: ImportDesk) -> None:
    token = desk.uploads.keep([("x.csv", io.BytesIO(csv_bytes(AREAS)))])
    first = callbacks.received({"token": token}, {}, None, is_new=True, desk=desk)
    again = callbacks.received({"token": token}, {"table": "grid"}, first, is_new=False, desk=desk)
    assert again == {"token": token, "turn": 2}
    assert desk.progress(token).choices.table == "grid"
    with pytest.raises(PreventUpdate):
        callbacks.received(None, {"table": "grid"}, None, is_new=False, desk=desk)


@pytest.mark.parametrize("job", [{"token": "a" * 32}, {"token": 5}, {"token": "../x"}, {"gone": True}])
def test_an_upload_that_is_gone_is_said_to_be(desk: ImportDesk, job: Any) -> None:
    parts, is_settled, _ = callbacks.shown(job, ZH, desk)
    assert is_settled
    assert ZH("data.upload.gone") in all_text(parts)


@pytest.mark.parametrize("job", [None, {}, [], "x", 3, {"turn": "x"}])
def test_no_upload_shows_nothing_and_cannot_be_committed(desk: ImportDesk, job: Any) -> None:
    assert callbacks.shown(job, ZH, desk) == ([], True, None)
    with pytest.raises(PreventUpdate):
        callbacks.begin_commit(job, skip_refused=False, actor="x", desk=desk)


def test_a_batch_shows_its_files_and_the_rows_it_refused(desk: ImportDesk, small: Engine, services: Services) -> None:
    token = desk.uploads.keep([("调查.xlsx", io.BytesIO(workbook({"满意度调查": BROKEN})))])
    job = callbacks.received({"token": token}, {}, None, is_new=True, desk=desk)
    callbacks.begin_commit(job, skip_refused=True, actor="tester", desk=desk)
    parts, number = callbacks.opened_batch([{"batch": 2}], ZH, services)
    assert number == 2
    text = all_text(parts)
    assert "调查.xlsx" in text
    assert ZH("data.batch.refused", n=1) in text
    assert callbacks.opened_batch([], ZH, services)[1] is None
    assert callbacks.opened_batch([{"batch": 99}], ZH, services)[1] is None


def test_taking_a_batch_back_restores_the_store_and_twice_is_refused_in_words(
    desk: ImportDesk, small: Engine, services: Services
) -> None:
    token = desk.uploads.keep([("调查.xlsx", io.BytesIO(workbook({"满意度调查": FIXED})))])
    job = callbacks.received({"token": token}, {}, None, is_new=True, desk=desk)
    callbacks.begin_commit(job, skip_refused=False, actor="tester", desk=desk)
    assert "调查.xlsx" in callbacks.question(2, ZH, services)
    assert "8" in callbacks.taken_back(2, ZH, services)
    assert services.reader().latest_month == "2026-10"
    assert "已经撤销过" in callbacks.taken_back(2, ZH, services)
    for nonsense in (None, "2", True, [2]):
        with pytest.raises(PreventUpdate):
            callbacks.taken_back(nonsense, ZH, services)


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(store: Engine, tmp_path: Path) -> FlaskClient:
    settings = load_settings(database_url=str(store.url), upload_folder=str(tmp_path / "uploads"), max_upload_mb=1)
    return app.create_app(settings).server.test_client()


def post(client: FlaskClient, content: bytes = b"a,b\n1,2\n", headers: dict[str, str] | None = None) -> Any:
    given = {UPLOAD_HEADER: "zh"} if headers is None else headers
    return client.post("/data/upload", data={"files": [(io.BytesIO(content), "x.csv")]}, headers=given)


def test_an_upload_from_this_page_gets_a_token(client: FlaskClient) -> None:
    answer = post(client)
    assert answer.status_code == 200
    assert answer.json["files"] == [{"name": "x.csv", "size": 8}]


@pytest.mark.parametrize(
    "headers",
    [{}, {UPLOAD_HEADER: "zh", "Origin": "http://evil.example"}, {UPLOAD_HEADER: "zh", "Sec-Fetch-Site": "cross-site"}],
)
def test_an_upload_from_elsewhere_is_refused_and_not_kept(
    client: FlaskClient, tmp_path: Path, headers: dict[str, str]
) -> None:
    assert post(client, headers=headers).status_code == 403
    assert not (tmp_path / "uploads").exists()


def test_an_upload_above_the_limit_is_refused_before_it_is_read(client: FlaskClient, tmp_path: Path) -> None:
    answer = post(client, b"x" * (2 * 1024 * 1024))
    assert answer.status_code == 413
    assert "1 MB" in answer.json["message"]
    assert not (tmp_path / "uploads").exists()


def test_no_file_at_all_is_refused(client: FlaskClient) -> None:
    assert client.post("/data/upload", data={"other": "x"}, headers={UPLOAD_HEADER: "zh"}).status_code == 400


def test_template_and_export_are_workbooks(client: FlaskClient, small: Engine) -> None:
    template = openpyxl.load_workbook(io.BytesIO(client.get("/data/template.xlsx").data))
    assert "小区" in template.sheetnames
    exported = openpyxl.load_workbook(io.BytesIO(client.get("/data/export.xlsx").data))
    assert exported["小区"].max_row == 41


@pytest.mark.parametrize("token", ["x", "a" * 32])
def test_an_annotated_copy_nobody_made_is_not_found(client: FlaskClient, token: str) -> None:
    assert client.get(f"/data/annotated/{token}.xlsx").status_code == 404


def test_the_file_of_traced_rows_has_them_all(client: FlaskClient, small: Engine) -> None:
    answer = client.get("/data/trace.csv?trace=satisfaction&area=990001")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    traced = trace_figure(Reader(small), "satisfaction", View(area="990001").selection)
    assert len(lines) - 1 == traced["rows_total"]
    assert client.get("/data/trace.csv").status_code == 404
    assert client.get("/data/trace.csv?trace=nonsense&area=1&month=x").status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_cell_of_a_csv_is_never_a_formula(start: str) -> None:
    assert harmless(f"{start}cmd") == f"'{start}cmd"
    assert harmless("甲") == "甲"
    assert harmless(-3) == -3


# -- in a browser -----------------------------------------------------------------------------------------------------


@pytest.fixture
def own_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server of a small city that the test may change."""
    monkeypatch.setenv("DASHBOARD_UPLOAD_FOLDER", str(tmp_path / "uploads"))
    monkeypatch.setenv("DASHBOARD_MAX_UPLOAD_MB", "2")
    yield from serve(small_store(tmp_path))


def choose_file(page: BrowserPage, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=ZH("data.upload.choose")).click()
    chooser.value.set_files([{"name": name, "mimeType": "application/octet-stream", "buffer": content}])


def phase(page: BrowserPage, name: str) -> Any:
    return page.locator(f"#data-progress [data-phase={name}]")


@pytest.mark.browser
def test_a_month_is_imported_corrected_shown_and_taken_back(own_server: str, watched: Watched) -> None:
    browser = watched.page
    watched.open(f"{own_server}/data")
    choose_file(browser, "十一月调查.xlsx", workbook({"满意度调查": BROKEN}))
    expect(phase(browser, "checked")).to_contain_text("C0O7", timeout=SLOW)
    expect(browser.get_by_role("link", name=ZH("data.check.annotated"))).to_be_visible(timeout=SLOW)
    expect(browser.locator("#data-commit")).to_be_hidden(timeout=SLOW)
    browser.locator("#data-discard").click()
    expect(browser.locator("#data-progress")).to_be_empty(timeout=SLOW)

    choose_file(browser, "十一月调查.xlsx", workbook({"满意度调查": FIXED}))
    expect(browser.locator("#data-commit")).to_be_visible(timeout=SLOW)
    browser.locator("#data-commit").dblclick()
    expect(phase(browser, "committed")).to_be_visible(timeout=SLOW)
    expect(browser.locator("#badges")).to_contain_text("2026年11月", timeout=SLOW)
    rows = browser.locator("#card-data-batches .ag-center-cols-container .ag-row")
    expect(rows).to_have_count(2, timeout=SLOW)

    browser.get_by_role("link", name=ZH("data.progress.to_overview")).click()
    browser.wait_for_selector('[data-page="overview"]')
    expect(browser.locator("#badges")).to_contain_text("2026年11月", timeout=SLOW)

    browser.locator("#nav").get_by_text(ZH("page.data"), exact=True).click()
    browser.wait_for_selector('[data-page="data"]')
    browser.locator("#card-data-batches .ag-row").filter(has_text="十一月调查").first.click()
    browser.locator("#data-revert").click()
    expect(browser.locator("#data-revert-text")).to_contain_text("十一月调查.xlsx", timeout=SLOW)
    browser.locator("#data-revert-confirm").click()
    expect(browser.locator("#notices")).to_contain_text("批次 2", timeout=SLOW)
    expect(browser.locator("#badges")).to_contain_text("2026年10月", timeout=SLOW)
    assert watched.errors == []
    assert watched.outside == []


@pytest.mark.browser
def test_bad_files_get_a_reason_each_and_the_page_lives_on(own_server: str, watched: Watched) -> None:
    browser = watched.page
    watched.open(f"{own_server}/data")
    bad = {
        "空.xlsx": b"", "旧版.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "断.xlsx": b"PK\x03\x04" + b"x" * 99,
        "乱码.csv": bytes(range(256)) * 4, "边界.geojson": b'{"type": "Feature',
    }  # fmt: skip
    for name, content in bad.items():
        choose_file(browser, name, content)
        expect(phase(browser, "checked")).to_contain_text(name, timeout=SLOW)
        expect(phase(browser, "checked")).to_contain_text("处理", timeout=SLOW)
        browser.locator("#data-discard").click()
        expect(browser.locator("#data-progress")).to_be_empty(timeout=SLOW)
    choose_file(browser, "大.csv", b"x" * (3 * 1024 * 1024))
    expect(browser.locator("#data-progress")).to_contain_text("2 MB", timeout=SLOW)
    choose_file(browser, "好.csv", csv_bytes(FIXED))
    expect(browser.locator("#data-commit")).to_be_visible(timeout=SLOW)
    assert watched.errors == []


@pytest.mark.browser
def test_a_link_to_a_figure_opens_its_rows_and_another_choice_goes_into_the_address(
    own_server: str, watched: Watched
) -> None:
    browser = watched.page
    watched.open(f"{own_server}/data?trace=satisfaction&area=990001")
    card = browser.locator("#card-data-lineage")
    expect(card.locator(".gd-title")).to_contain_text("÷", timeout=SLOW)
    expect(browser.locator("#lineage")).to_be_in_viewport(timeout=SLOW)
    card.scroll_into_view_if_needed()
    expect(card.locator(".ag-center-cols-container .ag-row").first).to_be_visible(timeout=SLOW)
    browser.locator("#data-trace").click()
    browser.locator(".dash-dropdown-search").fill(INDICATORS["compounds"].zh)
    browser.get_by_role("option").filter(has_text=INDICATORS["compounds"].zh).first.click()
    browser.wait_for_url("**trace=compounds**")
    expect(card.locator(".gd-title")).to_contain_text(INDICATORS["compounds"].zh, timeout=SLOW)
    assert watched.errors == []
