"""The house rules of imports: rooms look one way, one module reads the environment, nobody imports the front door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("data", "geo", "dashboard", "layouts", "callbacks")
# Presentation libraries the rooms of facts and places do without.
SCREEN = {"dash", "plotly", "flask", "dash_bootstrap_components", "dash_ag_grid"}
# An entry point that nobody imports puts the importer and the places together.
ENTRY = {Path("data/__main__.py")}
FILES = [path.relative_to(ROOT) for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """Top-level names of everything a file imports, wherever in the file."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_room_imports_only_rooms_before_it(path: Path) -> None:
    room = path.parts[0]
    later = set(ROOMS[ROOMS.index(room) + 1 :])
    if path in ENTRY:
        later -= {"geo"}
    assert not later & set(imported(path))


@pytest.mark.parametrize("path", [p for p in FILES if p.parts[0] in ("data", "geo")], ids=str)
def test_facts_and_places_know_no_screen(path: Path) -> None:
    assert not SCREEN & set(imported(path))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_nobody_imports_the_front_door_or_an_entry_point(path: Path) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert "app" not in set(imported(path))
    assert "data.__main__" not in text


@pytest.mark.parametrize("path", [*FILES, Path("app.py"), Path("gunicorn.conf.py")], ids=str)
def test_only_the_settings_and_the_entry_point_of_the_commands_read_the_environment(path: Path) -> None:
    if path in {Path("dashboard/config.py"), *ENTRY}:
        return
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        read = isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
        assert not read, f"{path}:{getattr(node, 'lineno', 0)} reads the environment"


@pytest.mark.parametrize("path", [p for p in FILES if p.parts[0] == "callbacks"], ids=str)
def test_callbacks_are_registered_and_never_bound_at_import(path: Path) -> None:
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            bound = [d for d in node.decorator_list if "callback" in ast.unparse(d) and "app." not in ast.unparse(d)]
            assert not bound, f"{path}:{node.lineno} binds a callback at import"
