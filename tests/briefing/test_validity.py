"""The file is one PowerPoint takes: two independent validators have nothing to say of it."""

from __future__ import annotations

from pathlib import Path

from openxml_audit import validate_pptx
from power_pptx.validation import iter_schema_violations

from dashboard.briefing.house_template import house_template
from dashboard.briefing.order import Deck
from dashboard.briefing.template import Template


def test_the_monthly_deck_is_valid(city_deck: Deck, tmp_path: Path) -> None:
    assert list(iter_schema_violations(city_deck.content)) == []
    path = tmp_path / "deck.pptx"
    path.write_bytes(city_deck.content)
    assert list(validate_pptx(str(path)).errors) == []


def test_the_default_template_is_valid(house: Template, tmp_path: Path) -> None:
    content = house_template("Arial", "Microsoft YaHei", "en")
    assert list(iter_schema_violations(content)) == []
    path = tmp_path / "template.pptx"
    path.write_bytes(content)
    assert list(validate_pptx(str(path)).errors) == []
