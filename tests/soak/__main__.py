"""Run the steps named, or all of them. Exit status 1 when a figure misses its bar or a step ends in an error."""

from __future__ import annotations

import importlib
import sys
import time
import traceback

from tests.soak.figures import Figure

# One line a step: name, and `module:function`, a function without arguments that returns a list of figures.
STEPS = {
    "wall": "tests.soak.wall:rotating",
    "wall-refresh": "tests.soak.wall:refreshing",
    "kill-import-sqlite": "tests.soak.killing:sqlite",
    "kill-import-postgres": "tests.soak.killing:postgres",
    "slides-of-every-card": "tests.soak.slides:every_card",
    "monthly-decks": "tests.soak.decks:monthly",
    "restart-postgres": "tests.soak.restarting:database",
    "reload-server": "tests.soak.restarting:workers",
    "restart-server": "tests.soak.restarting:whole_server",
    "replace-workers": "tests.soak.restarting:outworn",
    "worker-memory": "tests.soak.restarting:memory",
    "hostile-files": "tests.soak.hostile:files",
    "login-during-import": "tests.soak.logins:during_imports",
    "callbacks": "tests.soak.fuzzing:callbacks",
    "callbacks-postgres": "tests.soak.fuzzing:callbacks_on_postgres",
}


def run(name: str) -> bool:
    """Run one step and print its figures; whether all of them were met."""
    module, function = STEPS[name].split(":")
    begun = time.monotonic()
    print(f"== {name}", flush=True)
    try:
        figures: list[Figure] = getattr(importlib.import_module(module), function)()
    except Exception:
        traceback.print_exc()
        print(f"   FAILED after {time.monotonic() - begun:.0f} s", flush=True)
        return False
    for figure in figures:
        print(f"   {'met   ' if figure.is_met else 'MISSED'} {figure.what:<58} {figure.found:>18}   bar {figure.bar}")
    print(f"   {time.monotonic() - begun:.0f} s", flush=True)
    return all(figure.is_met for figure in figures)


if __name__ == "__main__":
    asked = sys.argv[1:] or list(STEPS)
    unknown = [name for name in asked if name not in STEPS]
    if unknown:
        print(f"no step {', '.join(unknown)}; there are {', '.join(STEPS)}", file=sys.stderr)
        sys.exit(2)
    met = [run(name) for name in asked]
    sys.exit(0 if all(met) else 1)
