"""Taking cards out over the network: files and refusals by address, pictures made by the browser."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Download
from sqlalchemy import Engine, select

import app
import callbacks.exports
from dashboard.config import load_settings
from data.query import Reader
from data.schema.accounts import audit_entry
from data.store import open_store
from tests.pages.browsing import Watched, watch
from tests.small_city import STREETS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def store_engine(small_city_url: str) -> Iterator[Engine]:
    engine = open_store(small_city_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(small_city_url: str) -> FlaskClient:
    return app.create_app(load_settings(database_url=small_city_url)).server.test_client()


def test_a_workbook_comes_as_a_download_that_nothing_keeps(client: FlaskClient) -> None:
    answer = client.get("/export/satisfaction.places.xlsx?area=990001&month=2026-09")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    name = answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2]
    assert unquote(name) == "满意度-places-东山县-2026-09.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames[0] == "数据"
    assert any(row[1].value == "清江市 › 东山县" for row in book["口径说明"].iter_rows())


def test_csv_and_picture_are_of_the_same_view(client: FlaskClient) -> None:
    text = client.get("/export/satisfaction.places.csv?area=990001").data.decode("utf-8-sig")
    assert "云岭街道" in text
    assert "梅溪街道" not in text
    picture = client.get("/export/satisfaction.places.picture?area=990001&theme=dark").get_json()
    assert "东山县" in picture["before"]
    assert picture["figure"]["layout"]["meta"]["theme"] == "dark"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/export/satisfaction.curse.xlsx", "satisfaction.course"),
        ("/export/satisfaction.places.xlsx?area=000000", "000000"),
        ("/export/satisfaction.places.xlsx?month=1999-01", "1999-01"),
        ("/export/compound.fees.picture?compound=NOWHERE", "NOWHERE"),
        ("/export/satisfaction.review.picture", "XLSX"),
    ],
)
def test_what_cannot_be_taken_out_is_refused_in_words(client: FlaskClient, address: str, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert said in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)


def test_every_export_is_in_the_audit_trail(client: FlaskClient, store_engine: Engine) -> None:
    client.get("/export/satisfaction.areas.csv?month=2026-08")
    with store_engine.connect() as connection:
        rows = connection.execute(select(audit_entry).where(audit_entry.c.subject == "satisfaction.areas")).all()
    assert [row.action for row in rows] == ["export"]
    assert "/satisfaction?month=2026-08" in str(rows[0].detail)


def test_an_account_without_the_right_gets_nothing(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(callbacks.exports, "may", lambda user, right: asked.append(right))
    answer = client.get("/export/satisfaction.places.xlsx")
    assert answer.status_code == 403
    assert asked == ["export"]


def test_a_named_account_is_named_in_the_file(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks.exports, "watermark", lambda user, stamp, words: "street-01 · 2026-11-05")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/export/satisfaction.places.xlsx").data))
    assert any(row[1].value == "street-01 · 2026-11-05" for row in book["口径说明"].iter_rows())
    assert "street-01" in client.get("/export/satisfaction.places.picture").get_json()["after"]


# -- in the browser ----------------------------------------------------------------------------------------------------


@pytest.fixture
def downloading(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme="light", accept_downloads=True)
    # The first page of a fresh server fits its estimates while the browser waits.
    context.set_default_timeout(60_000)
    yield watch(context.new_page())
    context.close()


def taken(watched: Watched, card: str, item: str) -> Download:
    """What the entry `item` of the menu of `card` downloads."""
    frame = watched.page.locator(f'[data-card="{card}"]')
    frame.locator(".gd-menu-toggle").click()
    with watched.page.expect_download() as download:
        frame.locator(f".gd-menu-{item}").click()
    return download.value


def texts_of(path: Path) -> str:
    return "\n".join("".join(node.itertext()) for node in fromstring(path.read_text("utf-8")).iter(f"{SVG}text"))


@pytest.mark.browser
@pytest.mark.parametrize(("page", "card"), [("/satisfaction", "satisfaction.course"), ("/", "overview.map")])
def test_pictures_carry_title_n_date_and_source(
    server: str, downloading: Watched, tmp_path: Path, small_city_url: str, page: str, card: str
) -> None:
    downloading.open(server + page)
    downloading.page.locator(f'[data-card="{card}"] .js-plotly-plot .main-svg').first.wait_for()
    title = downloading.page.locator(f'[data-card="{card}"] .gd-title').inner_text().replace("\u00a0", " ")
    svg, png = tmp_path / "chart.svg", tmp_path / "chart.png"
    found = taken(downloading, card, "svg")
    found.save_as(svg)
    assert found.suggested_filename.endswith(f"-清江市-{Reader(open_store(small_city_url)).latest_month}.svg")
    text = texts_of(svg)
    for part in (title, "n=", "数据截至 2026年10月", "来源 《群众满意度调查》", "演示数据", "地区 清江市"):
        assert part in text.replace("\n", "")
    if card == "overview.map":
        # The shapes themselves, not an address of them.
        places = fromstring(svg.read_text("utf-8")).iter(f"{SVG}path")
        assert sum(path.get("class") == "choroplethlocation" for path in places) >= len(STREETS)
    taken(downloading, card, "png").save_as(png)
    content = png.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1600, 900)
    assert downloading.errors == []
    assert downloading.outside == []


@pytest.mark.browser
def test_a_refused_export_is_a_notice_on_the_page(server: str, downloading: Watched) -> None:
    downloading.open(f"{server}/companies")
    downloading.page.route("**/export/**", lambda route: route.fulfill(status=403, body="当前账号没有导出的权限"))
    frame = downloading.page.locator('[data-card="companies.list"]')
    frame.locator(".gd-menu-toggle").click()
    frame.locator(".gd-menu-xlsx").click()
    downloading.page.locator("#notices", has_text="没有导出的权限").wait_for()
