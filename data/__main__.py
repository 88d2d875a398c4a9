"""`python -m data`: the one place where the importer is given geography. Nobody imports it."""

from __future__ import annotations

import sys

from data.cli import build_app, run
from data.importing.ports import Ports
from geo.importing import ImportGeography

if __name__ == "__main__":
    sys.exit(run(build_app(Ports(geography=ImportGeography()))))
