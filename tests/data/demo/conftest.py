"""The demo city in memory, invented once a run."""

from __future__ import annotations

import pytest

from data.demo import DemoCity, generate


@pytest.fixture(scope="session")
def city() -> DemoCity:
    return generate()
