"""The lean plotly bundle is of the version the Python package speaks to, and its lock names no registry."""

from __future__ import annotations

import json
import re
from pathlib import Path

import plotly
import plotly.graph_objects

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "plotly"
FIGURES = TOOLS.parents[1] / "dashboard"
# Part of plotly's core.
CORE = {"scatter"}


def test_the_bundle_is_of_the_version_of_the_python_package() -> None:
    default = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    version = re.search(r"plotly\.js v([\d.]+)", default.read_text("utf-8")[:300])
    assert version is not None
    package = json.loads((TOOLS / "package.json").read_text("utf-8"))
    lock = json.loads((TOOLS / "package-lock.json").read_text("utf-8"))
    assert package["dependencies"]["plotly.js"] == version.group(1)
    assert lock["packages"]["node_modules/plotly.js"]["version"] == version.group(1)


def test_the_bundle_holds_the_traces_that_figures_are_made_of_and_no_other() -> None:
    held = set(re.findall(r'require\("plotly\.js/lib/(\w+)"\)', (TOOLS / "bundle.cjs").read_text("utf-8"))) - {"core"}
    modules = [*(FIGURES / "figures").rglob("*.py"), *(FIGURES / "cards").rglob("*.py")]
    drawn = {name for path in modules for name in re.findall(r'"type": "(\w+)"', path.read_text("utf-8"))}
    traces = {name.removeprefix("add_") for name in dir(plotly.graph_objects.Figure) if name.startswith("add_")}
    assert held == (drawn & traces) - CORE


def test_the_lock_names_no_registry_but_pins_every_package() -> None:
    packages = json.loads((TOOLS / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
