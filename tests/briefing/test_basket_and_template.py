"""Baskets and templates: what is taken, and what a refusal says."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from pptx import Presentation

from dashboard.briefing.basket import BasketError, Entry, read_basket
from dashboard.briefing.house_template import house_template
from dashboard.briefing.template import read_template
from dashboard.briefing.template_checks import MAX_FILE, TemplateError

GOOD = {"basket": 1, "entries": [{"card": "overview.map", "href": "/?area=341802", "title": "  两  空格 "}]}


def test_a_basket_comes_back_from_its_own_file() -> None:
    basket = read_basket(json.dumps(GOOD))
    assert basket.entries == (Entry("overview.map", "/?area=341802", "两 空格"),)
    assert read_basket(json.dumps(basket.as_json())) == basket


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("not json", "basket_json", "JSON"),
        (b"\xff\xfe", "basket_json", "JSON"),
        ("[]", "basket_shape", "entries"),
        ('{"entries": [{"card": 3}]}', "basket_entry", "card"),
        ('{"entries": [{"card": "overview.mop", "href": "/"}]}', "unknown_card", "overview.map"),
        (json.dumps({"entries": GOOD["entries"] * 61}), "basket_long", "60"),
    ],
)
def test_a_bad_basket_is_refused_with_what_is_wrong(content: str | bytes, code: str, said: str) -> None:
    with pytest.raises(BasketError) as caught:
        read_basket(content, where="basket.json")
    assert caught.value.code == code
    assert said in str(caught.value)


def test_the_default_template_has_a_layout_of_every_kind_and_holds_no_picture() -> None:
    content = house_template("Arial", "Source Han Sans SC")
    assert set(read_template(content, "default.pptx").faces) == {"cover", "pair", "map", "table", "text", "chart"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if name.endswith((".png", ".jpeg", ".jpg", ".bin"))]
        theme = archive.read("ppt/theme/theme1.xml").decode()
    assert 'ea typeface="Source Han Sans SC"' in theme


def changed(**parts: bytes) -> bytes:
    """The default template with parts added; `__` stands for `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(house_template("Arial", "Arial"))) as read, zipfile.ZipFile(out, "w") as written:
        for name in read.namelist():
            if name not in parts:
                written.writestr(name, read.read(name))
        for name, content in parts.items():
            written.writestr(name, content)
    return out.getvalue()


def renamed(old: str, new: str) -> bytes:
    deck = Presentation(io.BytesIO(house_template("Arial", "Arial")))
    for layout in deck.slide_layouts:
        for shape in layout.shapes:
            if shape.name == old:
                shape.name = new
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def bare() -> bytes:
    deck = Presentation()
    for layout in list(deck.slide_layouts):
        deck.slide_layouts.remove(layout)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


EXTERNAL = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
    b'Type="http://x/oleObject" Target="file:///c:/x.xlsx" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + b"x" * 40, "corrupt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old_format"),
        (b"PK" + b"0" * MAX_FILE, "too_large"),
        (changed(**{"ppt/vbaProject.bin": b"x"}), "macros"),
        (changed(**{"ppt/slideMasters/_rels/more.rels": EXTERNAL}), "external_links"),
        (changed(**{"ppt/more.xml": b'<!DOCTYPE x [<!ENTITY e "y">]><x/>'}), "document_type"),
        (bare(), "no_layouts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_template_that_is_more_or_less_than_a_look_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(TemplateError) as caught:
        read_template(content, "bureau.pptx")
    assert caught.value.code == code
    assert "bureau.pptx" in str(caught.value)


def test_a_template_that_lacks_a_place_is_told_what_it_lacks_and_what_it_has() -> None:
    with pytest.raises(TemplateError) as caught:
        read_template(renamed("gd:foot", "gd:feet"), "bureau.pptx")
    said = str(caught.value)
    assert "缺少同时含 gd:title、gd:chart、gd:foot 的版式" in said
    assert "gd:feet" in said


def test_a_template_without_a_map_layout_still_takes_maps() -> None:
    template = read_template(renamed("gd:map", "somewhere"), "bureau.pptx")
    assert "map" not in template.faces
    assert template.face("map") == template.faces["chart"]
