"""Messages of the importer name controls on a page, not flags of the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.flags import FLAGS, as_controls
from dashboard.wording import LANGUAGES, Words

IMPORTING = Path(__file__).resolve().parents[2] / "data" / "importing"


def test_a_flag_becomes_the_name_of_its_control() -> None:
    said = as_controls("请核对坐标，或用 --crs 声明坐标系", Words("zh"))
    assert said == "请核对坐标，或用“读取方式”里的“坐标系”声明坐标系"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_flag_that_the_importer_names_reaches_a_page(lang: str) -> None:
    # `--json` stands in the documentation of a function, not in a message.
    named = {
        flag for file in IMPORTING.glob("*.py") for flag in re.findall(r"--([a-z][a-z-]+)", file.read_text("utf-8"))
    }
    named -= {"json"}
    assert named <= set(FLAGS)
    assert "--" not in as_controls(" ".join(f"--{flag}" for flag in named), Words(lang))
