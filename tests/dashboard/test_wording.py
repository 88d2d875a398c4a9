"""The text table is complete, and it is the only place with sentences."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.ids import Filter
from dashboard.wording import LANGUAGES, Words, text_table
from data.catalogue import INDICATORS, MEASURES
from data.catalogue.types import Page
from data.errors import UnknownKeyError
from data.schema import TABLES

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    *(path for room in ("dashboard", "layouts", "callbacks") for path in sorted((ROOT / room).rglob("*.py"))),
    ROOT / "app.py",
]
HAN = re.compile(r"[\u3400-\u9fff]")


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in CODE:
        yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def docstrings(tree: ast.Module) -> set[int]:
    """Identities of the constants that are documentation: any string standing alone as a statement."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def in_messages(tree: ast.Module) -> set[int]:
    """Identities of the constants inside a raised error: a refusal carries its own words."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("Error", "unknown_key")):
            found |= {id(part) for part in ast.walk(node)}
    return found


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_entry_has_both_languages() -> None:
    assert [key for key, entry in text_table().items() if set(entry) != set(LANGUAGES)] == []


def test_both_languages_of_an_entry_have_the_same_blanks() -> None:
    # A month has a number in Chinese and a name in English.
    table = text_table()
    found = [key for key, entry in table.items() if blanks(entry["zh"]) != blanks(entry["en"])]
    assert found == ["value.month"]


# Titles of ledgers and campaigns are names; they stay as they are printed. So does the way to the Chinese page.
NAMES = re.compile(r"《[^》]*》|四位一体|六有|有|=合肥市")


def test_english_entries_hold_no_chinese_but_names() -> None:
    table = text_table()
    found = [key for key, entry in table.items() if HAN.search(NAMES.sub("", entry["en"]))]
    assert set(found) == {"switch.lang", "switch.lang_label"}


def units() -> set[str]:
    """Units of the catalogue and the schema: keys of the data, like a column name."""
    declared = {measure.unit for measure in MEASURES.values()} | {indicator.unit for indicator in INDICATORS.values()}
    return declared | {column.info.get("unit", "") for table in TABLES.values() for column in table.columns}


def test_no_chinese_stands_in_code_but_in_documentation_refusals_and_units() -> None:
    found = []
    known = units()
    for path, tree in trees():
        allowed = docstrings(tree) | in_messages(tree)
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in allowed
            if is_text and node.value not in known and HAN.search(node.value):
                found.append(f"{path}:{node.lineno} {node.value!r}")
    assert found == []


def used_keys() -> Iterator[tuple[str, str]]:
    """Where and which: the literal keys handed to `words(…)`."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{path}:{node.lineno}", first.value


def test_every_key_written_in_code_exists() -> None:
    table = text_table()
    assert [f"{where} {key}" for where, key in used_keys() if key not in table] == []


@pytest.mark.parametrize(("stem", "names"), [("page", Page), ("filter", Filter)])
def test_every_member_has_its_words(stem: str, names: type[Page] | type[Filter]) -> None:
    assert [name for name in names if f"{stem}.{name}" not in text_table()] == []


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownKeyError, match=r"filter\.county"):
        Words()("filter.conty")


def test_words_fill_their_blanks() -> None:
    assert Words("zh")("card.n", n="1,024") == "n=1,024"
    assert Words("en").listed(["a", "b"]) == "a, b"
    assert Words("zh").listed(["甲", "乙"]) == "甲、乙"
    assert Words("fr").lang == "zh"
