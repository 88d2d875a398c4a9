"""`python -m dashboard`."""

from __future__ import annotations

import sys

from dashboard.cli import build_app
from data.cli import run

if __name__ == "__main__":
    sys.exit(run(build_app()))
